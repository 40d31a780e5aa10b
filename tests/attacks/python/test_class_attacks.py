"""Attacks on instances: a payload that would be missing, of another type, or gone."""

import copy
import ctypes
import datetime
import gc
import pickle
import sys
import threading
import time
import unittest
import weakref
from test import support

from attack import load

classes = load("classes")
Box = classes.Box


class Attacks(unittest.TestCase):
    """Instances whose payload would be missing, or of another type."""

    def check(self, make):
        """What `make` makes is a whole instance, or one without payload, which does no harm."""
        try:
            thing = make()
        except TypeError:
            return "refused"
        uses = (lambda: thing.n == 7, lambda: thing.double() == 14, lambda: hash(thing) == -2)
        outcomes = set()
        for use in uses:
            try:
                outcomes.add(use())
            except TypeError as error:
                self.assertIn("descriptor requires a 'classes.Mutable' object", str(error))
                outcomes.add("empty")
        gc.collect()
        self.assertEqual(len(outcomes), 1)
        self.assertNotIn(False, outcomes)
        return outcomes.pop()

    def test_new_replaced_on_mutable_type(self):
        Mutable = load("classes").Mutable
        self.assertIs(self.check(Mutable), True)
        Mutable.__new__ = lambda cls, *args: object.__new__(cls)
        self.check(Mutable)
        del Mutable.__new__
        self.check(Mutable)
        self.check(lambda: object.__new__(Mutable))

    def test_new_deleted(self):
        Mutable = load("classes").Mutable
        del Mutable.__new__
        self.check(Mutable)
        self.check(lambda: object.__new__(Mutable))

    def test_new_deleted_below(self):
        Mutable = load("classes").Mutable

        class Below(Mutable):
            pass

        for new in (object.__new__, lambda cls: object.__new__(cls), staticmethod(object.__new__)):
            Mutable.__new__ = new
            self.check(Below)
            self.check(Mutable)
        del Mutable.__new__
        self.check(Below)
        self.check(lambda: object.__new__(Below))

    def test_class_is_immutable(self):
        for change in (
            lambda: setattr(Box, "__new__", object.__new__),
            lambda: delattr(Box, "__new__"),
            lambda: setattr(Box, "get", None),
            lambda: setattr(Box, "__bases__", (object,)),
        ):
            with self.assertRaises(TypeError):
                change()

    def test_object_new_direct(self):
        class Below(Box):
            pass

        class Own(Box):
            def __new__(cls):
                return object.__new__(cls)

        for make in (
            lambda: object.__new__(Box),
            lambda: object.__new__(Below),
            lambda: Own(),
            lambda: object.__new__(classes.Hidden),
            lambda: classes.Number.__new__(Box, 3),
            lambda: Box.__new__(int),
            lambda: Box.__new__(classes.Node),
            lambda: Box.__new__(3),
            lambda: datetime.tzinfo.__new__(classes.Zone),
            lambda: ValueError.__new__(classes.Failure),
            lambda: classes.Zone.__new__(datetime.tzinfo, 1),
        ):
            with self.assertRaises(TypeError):
                make()

        class BelowHidden(classes.Hidden):
            pass

        with self.assertRaises(TypeError):
            BelowHidden()

    def test_init_skipped_or_repeated(self):
        box = Box.__new__(Box)
        self.assertIsNone(box.get())
        box.__init__()
        attributes = classes.Attributes.__new__(classes.Attributes)
        self.assertEqual(attributes.initialised, 0)

    def test_instances_of_a_given_class(self):
        class Below(Box):
            pass

        self.assertIs(type(classes.build_box(Below, 1)), Below)
        self.assertEqual(repr(Below.of(2)), "Box(2)")
        for cls in (object, int, dict, type, classes.Node, classes.Number, classes.Zone, type("X", (), {})):
            with self.subTest(cls), self.assertRaisesRegex(TypeError, "is not a subtype of 'classes.Box'"):
                classes.build_box(cls, 1)
        with self.assertRaises(TypeError):
            classes.build_box(3, 1)

    def test_lent_memory_outlives_its_owner(self):
        lender = classes.Lender(1000)
        views = [memoryview(lender) for _ in range(3)]
        views[0][:] = b"z" * 1000
        lender.replace(5)
        self.assertFalse(lender.lent())
        junk = [bytearray(b"j" * 1000) for _ in range(100)]
        self.assertEqual(bytes(views[1]), b"z" * 1000)
        del lender
        gc.collect()
        views.pop().release()
        self.assertEqual(bytes(views[1]), b"z" * 1000)
        views[1].obj.write(0, b"new")
        self.assertEqual(views[0][:3].tobytes(), b"zzz")
        del junk

    def test_buffer_overridden_below(self):
        calls = []

        class Release(classes.Lender):
            def __release_buffer__(self, view):
                calls.append(view.nbytes)
                super().__release_buffer__(view)
                super().__release_buffer__(view)
                if len(calls) < 4:
                    memoryview(self).release()

        class Both(classes.Lender):
            def __buffer__(self, flags):
                return super().__buffer__(flags)

            def __release_buffer__(self, view):
                calls.append(view.nbytes)
                super().__release_buffer__(view)

        for cls in (Both, Release):
            lender = cls(4)
            view = memoryview(lender)
            view[0] = 65
            self.assertTrue(lender.lent())
            view.release()
            self.assertFalse(lender.lent())
            self.assertEqual(lender.read(), b"A\0\0\0")
        lender = classes.Lender(4)
        view = memoryview(lender)
        lender.__release_buffer__(view)
        with self.assertRaises(ValueError):
            lender.__release_buffer__(view)
        self.assertFalse(lender.lent())
        with self.assertRaises(ValueError):
            classes.Lender(4).__release_buffer__(memoryview(classes.Lender(4)))

    def test_instance_without_its_last_payload(self):
        # A class method of the base knows nothing of the payload below.
        half = classes.Deeper.of([1])
        self.assertIs(type(half), classes.Deeper)
        self.assertEqual(half.get(), [1])
        with self.assertRaisesRegex(TypeError, "descriptor requires a 'classes.Deeper' object"):
            half.extra
        half.attribute = half
        del half
        gc.collect()
        half = classes.build_box(classes.Deepest, 2)
        self.assertEqual(half.get(), 2)
        for use in (lambda: half.extra, lambda: half.depth):
            with self.assertRaises(TypeError):
                use()

    def test_metaclass_and_overridden_new(self):
        class Meta(type):
            def __call__(cls, *args):
                return type.__call__(cls, *args)

        class Below(Box, metaclass=Meta):
            def __new__(cls, value):
                self = super().__new__(cls, value)
                self.extra = value
                return self

        below = Below([1])
        self.assertEqual(below.get(), [1])
        self.assertEqual(below.extra, [1])

    def test_copy_pickle_reconstructor(self):
        import copyreg

        for thing in (Box(1), classes.Node(), classes.hidden(1), classes.Items(1)):
            with self.subTest(type(thing)):
                for attempt in (
                    lambda: copy.copy(thing),
                    lambda: copy.deepcopy(thing),
                    *(lambda p=p: pickle.dumps(thing, p) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
                    lambda: copyreg._reconstructor(type(thing), object, None),
                    lambda: copyreg.__newobj__(classes.Hidden),
                ):
                    with self.assertRaises((TypeError, pickle.PicklingError)):
                        attempt()

    def test_class_assignment(self):
        class Below(Box):
            pass

        class Other(Box):
            pass

        class Plain:
            pass

        below = Below(1)
        below.__class__ = Other
        self.assertEqual(below.get(), 1)
        self.assertEqual(repr(below), "Box(1)")
        for wrong in (Box, classes.Node, classes.Mutable, Plain, int):
            with self.subTest(wrong), self.assertRaises(TypeError):
                below.__class__ = wrong
        for thing in (Box(), classes.Node(), Plain()):
            with self.subTest(thing), self.assertRaises(TypeError):
                thing.__class__ = Below
        mutable = classes.Mutable(3)
        other = load("classes").Mutable
        try:
            mutable.__class__ = other
        except TypeError:
            pass
        self.assertEqual(mutable.n, 3)

    def test_bases_assignment(self):
        class Below(Box):
            pass

        class Other(Box):
            pass

        class Plain:
            pass

        below = Below(1)
        for bases in ((Plain,), (classes.Mutable,), (classes.Number,), (object,)):
            with self.subTest(bases), self.assertRaises(TypeError):
                Below.__bases__ = bases
        Below.__bases__ = (Other,)
        self.assertEqual(below.get(), 1)
        Below.__bases__ = (Plain, Box)
        self.assertEqual(below.get(), 1)
        self.assertTrue(classes.is_box(below))
        gc.collect()

    def test_mixed_bases_layout(self):
        class Plain:
            pass

        class Slots:
            __slots__ = ("a", "__weakref__", "__dict__")

        for first, second in ((Box, Plain), (Plain, Box)):
            mixed = type("Mixed", (first, second), {})(3)
            mixed.attribute = mixed
            self.assertEqual(mixed.get(), 3)
            self.assertTrue(classes.is_box(mixed))
        for other in (classes.Number, classes.Mutable, int, dict, Exception, type, Slots, classes.Zone):
            for bases in ((Box, other), (other, Box)):
                with self.subTest(bases), self.assertRaises(TypeError):
                    type("Mixed", bases, {})
        with self.assertRaises(TypeError):
            type("Below", (classes.Node,), {})

        class SlotsBelow(Box):
            __slots__ = ("a", "b")

        below = SlotsBelow(4)
        below.a = below.b = [below]
        self.assertEqual(below.get(), 4)
        del below
        gc.collect()

    def test_resurrect_subclass_del(self):
        kept = []

        class Below(Box):
            def __del__(self):
                kept.append(self)

        below = Below([1])
        below.value = [below]
        del below
        gc.collect()
        self.assertEqual(len(kept), 1)
        self.assertEqual(kept[0].get(), [kept[0]])
        ref = weakref.ref(kept[0])
        kept.clear()
        gc.collect()
        self.assertIsNone(ref())

    def test_resurrect_finalized(self):
        kept = []
        ref = weakref.ref(classes.Finalized(kept.append))
        gc.collect()
        self.assertEqual(len(kept), 1)
        self.assertIs(type(kept[0]), classes.Finalized)
        kept.clear()
        gc.collect()
        self.assertEqual(kept, [])  # once only

        class Below(classes.Finalized):
            pass

        below = Below(kept.append)
        below.me = below
        del below
        gc.collect()
        self.assertEqual(len(kept), 1)
        del kept[:]
        gc.collect()
        self.assertEqual(kept, [])
        del ref

    def test_finalizer_raises(self):
        def fail(me):
            raise ValueError("from a finalizer")

        seen = self.unraisable(lambda: classes.Finalized(fail))
        self.assertEqual([str(value) for value in seen], ["from a finalizer"])

    def unraisable(self, work):
        """The exceptions that `work` could not raise."""
        seen = []
        hook, sys.unraisablehook = sys.unraisablehook, lambda info: seen.append(info.exc_value)
        try:
            work()
            gc.collect()
        finally:
            sys.unraisablehook = hook
        return seen

    def test_constructor_panics_or_fails(self):
        with self.assertRaisesRegex(ValueError, "no instance"):
            classes.Evil("raise")
        with self.assertRaisesRegex(SystemError, "panicked"):
            classes.Evil("panic")
        with self.assertRaises(ZeroDivisionError):
            classes.Evil("call", lambda: 1 // 0)
        gc.collect()

    def test_slots_panic(self):
        evil = classes.Evil("x")
        for use in (
            lambda: repr(evil),
            lambda: str(evil),
            lambda: hash(evil),
            lambda: {evil},
            lambda: next(evil),
            lambda: evil + 1,
            lambda: 1 + evil,
            lambda: bool(evil),
            lambda: evil.attribute,
            lambda: setattr(evil, "attribute", 1),
        ):
            with self.assertRaisesRegex(SystemError, "panicked"):
                use()
        for use in (lambda: len(evil), lambda: list(evil)):
            with self.assertRaisesRegex(OverflowError, "index-sized"):
                use()

    def test_panic_in_payload_drop(self):
        def drop():
            classes.Evil("panic in drop")

        seen = self.unraisable(drop)
        self.assertEqual([type(value) for value in seen], [SystemError])

    def test_pending_exception_survives_a_drop(self):
        def fail():
            evil = classes.Evil("call in drop", lambda: 1 // 0)
            raise KeyError("mine")

        seen = self.unraisable(lambda: self.assertRaisesRegex(KeyError, "mine", fail))
        self.assertEqual([type(value) for value in seen], [ZeroDivisionError])

    def test_gc_get_objects_during_construction(self):
        found = []

        def look():
            gc.collect()
            found.extend(o for o in gc.get_objects() if type(o) is classes.Evil)

        evil = classes.Evil("call", look)
        self.assertEqual(found, [])
        del evil

    def test_gc_get_objects_during_construction_elsewhere(self):
        stop = threading.Event()

        def make():
            while not stop.is_set():
                Box([Box()]), classes.Failure(Box())

        makers = [threading.Thread(target=make) for _ in range(3)]
        for maker in makers:
            maker.start()
        try:
            for _ in range(15):
                for thing in gc.get_objects():
                    if type(thing) is Box:
                        try:
                            thing.get(), repr(thing)
                        except TypeError:
                            pass  # its payload was not there yet
        finally:
            stop.set()
            for maker in makers:
                maker.join()

    def test_threads_share_an_instance(self):
        box, items = Box(0), classes.Items(*range(10))

        def work():
            for i in range(2000):
                box.value = [i]
                box.get(), box.swap(i), repr(box)
                items.append(i)
                items[i % 10]

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            gc.collect()
        for thread in threads:
            thread.join()
        self.assertEqual(len(items), 8010)

    def test_threads_change_what_others_use(self):
        class Below(classes.Deeper):
            pass

        class Other(classes.Deeper):
            pass

        class Base(classes.Deeper):
            pass

        shared = [Below([i], i) for i in range(4)]
        refs = [None] * 4
        end = time.monotonic() + 2

        def change_class():
            for thing in shared:
                thing.__class__ = Other if type(thing) is Below else Below
            Below.__bases__ = (Base,) if Below.__bases__ != (Base,) else (classes.Deeper,)

        def replace():
            for i in range(4):
                shared[i] = Below(shared[i - 1], [i])
                refs[i] = weakref.ref(shared[i])
                shared[i].attribute = shared[i]
                shared[i - 1].value = i

        def use():
            for thing in shared:
                thing.get(), thing.extra, thing.home(), repr(thing), thing.swap([1]), thing.value
                thing.__dict__, classes.take_box(thing), Below.of(thing), hash(thing)

        def resurrect():
            for ref in refs:
                thing = ref and ref()
                if thing is not None:
                    thing.get(), thing.extra

        works = [change_class, replace, use, use, resurrect, gc.collect]
        failures = []

        def run(work):
            while time.monotonic() < end:
                try:
                    work()
                except Exception as error:
                    failures.append(error)
                    return

        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_slot_called_with_foreign_self(self):
        get_slot = ctypes.pythonapi.PyType_GetSlot
        get_slot.restype = ctypes.c_void_p
        get_slot.argtypes = [ctypes.py_object, ctypes.c_int]
        tp_repr, tp_iter, sq_length = 66, 62, 45
        unary = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)
        length = ctypes.PYFUNCTYPE(ctypes.c_ssize_t, ctypes.py_object)
        slots = [
            unary(get_slot(Box, tp_repr)),
            unary(get_slot(classes.Items, tp_iter)),
            length(get_slot(classes.Items, sq_length)),
        ]
        for slot in slots:
            for foreign in (3, object(), "x", [], classes.Node(), type):
                with self.assertRaisesRegex(TypeError, "descriptor requires a 'classes"):
                    slot(foreign)

    def test_receiver_iter_sentinel(self):
        # iter() drops its callable when the sentinel comes, while the callable runs.
        depth = 0

        def callback():
            nonlocal depth
            depth += 1
            if depth < 3:
                next(iterator, None)
            gc.collect()
            return 0

        evil = classes.Evil("x", callback)
        iterator = iter(evil.call, 0)
        del evil
        self.assertEqual(list(iterator), [])

        depth = 0
        evil = classes.Evil("twelve bytes", callback)
        iterator = iter(evil.call_by_attaching, 12)
        del evil
        self.assertEqual(list(iterator), [])

    def test_argument_of_a_wrong_class(self):
        with self.assertRaisesRegex(TypeError, r"take_box\(\) argument must be classes.Box, not int"):
            classes.take_box(3)
        self.assertFalse(classes.is_box(classes.Node()))

    def test_method_in_clear_phase(self):
        # The collector clears the class and calls back from the middle of it.
        module = load("classes")
        outcome = []

        class Below(module.Box):
            def __del__(self):
                try:
                    outcome.append(self.home()[0].__name__)
                except SystemError as error:
                    outcome.append(str(error))

        below = Below()
        below.me = below
        evil = module.Evil("call in drop", below.home)
        module.cycle = [module, evil, below]
        below.module = module
        del module, Below, below, evil
        with support.catch_unraisable_exception() as caught:
            gc.collect()
            # In what order the collector clears is its own affair; the call in the drop may be late.
            if caught.unraisable is not None:
                self.assertRegex(str(caught.unraisable.exc_value), "the module of class .* is gone")
        self.assertEqual(outcome, ["classes"])


if __name__ == "__main__":
    unittest.main()
