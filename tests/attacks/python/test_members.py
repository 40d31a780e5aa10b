"""Members, constructors that make nothing new, and functions that C has by hand."""

import gc
import inspect
import threading
import types
import unittest
import weakref

from attack import Attack, load

classes = load("classes")
Shared = classes.Shared


class Members(unittest.TestCase):
    """Fields that C reads where they are."""

    def test_values(self):
        thing = object()
        shared = Shared(thing, True, 2**64 - 1)
        self.assertIs(shared.object, thing)
        self.assertIs(shared.flag, True)
        self.assertEqual(shared.count, 2**64 - 1)
        self.assertIs(Shared(thing).flag, False)

    def test_kind(self):
        for name in ("object", "flag", "count"):
            self.assertIs(type(vars(Shared)[name]), types.MemberDescriptorType)
            doc = "Whether it is raised." if name == "flag" else None
            self.assertEqual(vars(Shared)[name].__doc__, doc)
            with self.assertRaisesRegex(AttributeError, "^readonly attribute$"):
                setattr(Shared(1), name, 1)
            with self.assertRaisesRegex(AttributeError, "^readonly attribute$"):
                delattr(Shared(1), name)

    def test_subclass(self):
        class Sub(Shared):
            __slots__ = ("more",)

        sub = Sub([1], True, 3)
        sub.more = 4
        self.assertEqual((sub.object, sub.flag, sub.count, sub.more), ([1], True, 3, 4))

    def test_are_alive_and_collected(self):
        class Thing:
            pass

        thing = Thing()
        gone = weakref.ref(thing)
        thing.shared = Shared(thing)
        del thing
        gc.collect()
        self.assertIsNone(gone())
        shared = Shared(Thing())
        gc.collect()
        self.assertIsInstance(shared.object, Thing)

    def test_read_while_written(self):
        shared = Shared(object())
        stop = threading.Event()

        def read():
            while not stop.is_set():
                self.assertLessEqual(shared.count, 4 * 2000)

        readers = [threading.Thread(target=read) for _ in range(4)]
        writers = [
            threading.Thread(target=lambda: [shared.add(1) for _ in range(2000)]) for _ in range(4)
        ]
        for thread in readers + writers:
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in readers:
            thread.join()
        self.assertEqual(shared.count, 8000)

    def test_misplaced_is_refused(self):
        with self.assertRaisesRegex(SystemError, "class 'classes.Misplaced': member 'object'"):
            classes.misplaced([1])


class Foreign(Attack):
    def test_object_of_another_interpreter_is_refused(self):
        self.survives(
            """
            from concurrent import interpreters
            from attack import load
            classes = load("classes")
            classes.stash([1])
            other = interpreters.create()
            other.exec('''if True:
                from attack import load
                try:
                    load("classes").foreign_member()
                except SystemError as error:
                    print(error)
            ''')
            other.close()
            """,
            "class 'classes.Shared': member 'object' is not what it says",
        )


class ByHand(unittest.TestCase):
    """What C has without Clinic."""

    def test_instance_that_is_there(self):
        shared = Shared(1)
        self.assertIs(Shared(shared), shared)

        class Sub(Shared):
            initialised = 0

            def __init__(self, *args):
                self.initialised += 1

        sub = Sub(1)
        self.assertIs(Shared(sub), sub)
        self.assertEqual(sub.initialised, 2)
        self.assertIs(Sub(shared), shared)

    def test_texts(self):
        for arguments, keywords, text in (
            ((), {}, r"^function missing required argument 'object' \(pos 1\)$"),
            ((1, 2, 3, 4), {}, r"^function takes at most 3 arguments \(4 given\)$"),
            ((1,), {"flog": 1}, "^this function got an unexpected keyword argument 'flog'. Did"),
            ((1,), {"object": 1}, r"^argument for function given by name \('object'\) and position"),
        ):
            with self.assertRaisesRegex(TypeError, text):
                Shared(*arguments, **keywords)

    def test_signatures(self):
        self.assertIsNone(Shared.__text_signature__)
        self.assertIsNone(Shared.add.__text_signature__)
        self.assertEqual(Shared.add.__doc__, "Counts.")
        self.assertEqual(str(inspect.signature(Shared.more)), "(self, n, /, m=0, **names)")

    def test_calls(self):
        shared = Shared(1)
        shared.add(1, 2)
        shared.add()
        shared.more(10, 20, a=1)
        self.assertEqual(shared.count, 33)
        with self.assertRaisesRegex(TypeError, r"Shared.add\(\) takes no keyword arguments"):
            shared.add(a=1)
        with self.assertRaisesRegex(TypeError, "more expected at least 1 argument, got 0"):
            shared.more()

    def test_exception_without_weak_references(self):
        self.assertEqual(set(vars(classes.Plain)), {"__doc__", "__module__"})
        self.assertTrue(issubclass(classes.Plain, ValueError))
        with self.assertRaises(TypeError):
            weakref.ref(classes.Plain())
        with self.assertRaises(classes.Plain):
            raise classes.Plain("text")


if __name__ == "__main__":
    unittest.main()
