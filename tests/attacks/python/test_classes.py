"""What classes with a Rust payload offer."""

import copy
import datetime
import gc
import inspect
import pickle
import sys
import unittest
import weakref

from attack import load

classes = load("classes")
Box = classes.Box


class Features(unittest.TestCase):
    """What a class of C can do."""

    def test_constructor(self):
        self.assertEqual(repr(Box()), "Box()")
        self.assertEqual(repr(Box(3)), "Box(3)")
        self.assertEqual(repr(Box(value="x")), "Box('x')")
        self.assertEqual(str(inspect.signature(Box)), "(value=None)")
        with self.assertRaisesRegex(TypeError, r"Box\(\) got an unexpected keyword argument 'other'"):
            Box(other=1)
        with self.assertRaisesRegex(TypeError, r"Box\(\) takes at most 1 argument \(2 given\)"):
            Box(1, 2)

    def test_facts(self):
        self.assertEqual(Box.__name__, "Box")
        self.assertEqual(Box.__qualname__, "Box")
        self.assertEqual(Box.__module__, "classes")
        self.assertEqual(Box.__doc__, "Holds an object.")
        self.assertIs(Box.__base__, object)
        immutable, base, collected, no_instances = 1 << 8, 1 << 10, 1 << 14, 1 << 7
        for name, flags in {
            "Box": immutable | base | collected,
            "Node": immutable | collected,
            "Mutable": base | collected,
            "Number": immutable | base,
            "Hidden": immutable | base | collected | no_instances,
        }.items():
            with self.subTest(name):
                every = immutable | base | collected | no_instances
                self.assertEqual(getattr(classes, name).__flags__ & every, flags)

    def test_methods(self):
        box = Box(1)
        self.assertEqual(box.swap(2), 1)
        self.assertEqual(box.get(), 2)
        self.assertTrue(box.holds(2))
        self.assertFalse(box.holds(2, twice=True))
        self.assertEqual(Box.add(2, 3), 5)
        self.assertEqual(box.add(2, 3), 5)
        self.assertEqual(repr(Box.of(4)), "Box(4)")
        self.assertEqual(str(inspect.signature(Box.holds)), "(self, x, /, *, twice=False)")
        self.assertEqual(str(inspect.signature(Box.of)), "(value, /)")
        self.assertEqual(str(inspect.signature(Box.add)), "(a, b, /)")
        with self.assertRaisesRegex(TypeError, "for 'classes.Box' objects doesn't apply to a 'int' object"):
            Box.get(3)
        with self.assertRaises(TypeError):
            Box.get()

    def test_static_method_has_no_receiver(self):
        with self.assertRaises(TypeError):
            Box.add(1)

    def test_state_by_way_of_the_class(self):
        class Below(Box):
            pass

        module, cls, exact = Box().home()
        self.assertIs(module, classes)
        self.assertIs(cls, Box)
        self.assertTrue(exact)
        module, cls, exact = Below().home()
        self.assertIs(cls, Box)
        self.assertFalse(exact)

    def test_two_modules_have_two_classes(self):
        other = load("classes")
        self.assertIsNot(other.Box, Box)
        self.assertIs(other.Box().home()[0], other)
        # One payload, so one kind of instance: either module's functions take them.
        self.assertTrue(classes.is_box(other.Box()))

    def test_properties(self):
        box = Box(1)
        box.value = 2
        self.assertEqual(box.value, 2)
        self.assertEqual(Box.value.__doc__, "What is in the box.")
        self.assertIsNone(Box.erasable.__doc__)
        with self.assertRaisesRegex(TypeError, "cannot delete attribute"):
            del box.value
        box.erasable = 7
        self.assertEqual(box.get(), 7)
        del box.erasable
        self.assertFalse(box.erasable)
        with self.assertRaises(TypeError):
            box.erasable = "x"
        with self.assertRaisesRegex(AttributeError, "objects is not writable"):
            classes.Node().next = 1
        with self.assertRaises(AttributeError):
            box.nothing = 1

    def test_weak_references(self):
        box = Box()
        seen = []
        ref = weakref.ref(box, seen.append)
        self.assertIs(ref(), box)
        del box
        gc.collect()
        self.assertIsNone(ref())
        self.assertEqual(seen, [ref])
        with self.assertRaises(TypeError):
            weakref.ref(classes.Node())

    def test_numbers(self):
        Number = classes.Number
        self.assertEqual(int(Number(3) + 4), 7)
        self.assertEqual(int(4 + Number(3)), 7)
        number = Number(3)
        number -= 1
        self.assertEqual(int(number), 2)
        self.assertEqual(-Number(3), -3)
        self.assertEqual(Number(2) ** 5, (32, None))
        self.assertEqual(pow(Number(2), 5, 3), (32, 3))
        self.assertTrue(Number(1))
        self.assertFalse(Number(0))
        self.assertEqual([10, 20][Number(1)], 20)
        self.assertEqual(hash(Number(-1)), -2)
        self.assertLess(Number(1), Number(2))
        self.assertEqual(Number(1), 1)
        self.assertNotEqual(Number(1), "x")
        with self.assertRaises(TypeError):
            Number(1) < "x"
        with self.assertRaises(TypeError):
            Number(1) + "x"
        self.assertFalse(gc.is_tracked(Number(1)))
        self.assertEqual(f"{Number(3):<}", "<3")
        sys.modules["classes"] = classes
        self.addCleanup(sys.modules.pop, "classes")
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            self.assertEqual(pickle.loads(pickle.dumps(Number(5), protocol)), 5)
        self.assertIs(type(copy.copy(Number(5))), Number)

    def test_sequences(self):
        items = classes.Items(1, 2, 3)
        self.assertEqual(len(items), 3)
        self.assertEqual(list(items), [1, 2, 3])
        self.assertEqual(items[1], 2)
        self.assertIn(2, items)
        self.assertNotIn(5, items)
        self.assertEqual(type(classes.Items.__contains__).__name__, "method_descriptor")
        self.assertEqual(classes.Items.__contains__.__doc__, "Whether an item equals the value.")
        self.assertEqual(type(classes.Items.__getitem__).__name__, "wrapper_descriptor")
        self.assertIn(2, items)
        with self.assertRaises(ZeroDivisionError):
            type("Odd", (), {"__eq__": lambda *_: 1 // 0})() in items
        items.append(4)
        self.assertEqual([*items], [1, 2, 3, 4])
        with self.assertRaises(IndexError):
            items[9]
        with self.assertRaisesRegex(TypeError, "indices must be integers"):
            items["x"]
        items.__setitem__(0, "a")
        items.__delitem__(1)
        self.assertEqual([*items], ["a", 3, 4])
        match items:
            case [*found]:
                self.assertEqual(len(found), 3)
            case _:
                self.fail("no sequence")
        self.assertEqual(str(classes.Items[int]), "classes.Items[int]")
        iterator = iter(items)
        self.assertIs(iter(iterator), iterator)
        with self.assertRaises(TypeError):
            type(iterator)()

    def test_calls(self):
        self.assertEqual(classes.Callable()(1), (1, 2, 3))
        self.assertEqual(classes.Callable()(1, b=5, c=6), (1, 5, 6))
        with self.assertRaises(TypeError):
            classes.Callable()(1, d=5)

    def test_subclasses(self):
        class Below(Box):
            def __init__(self, value, extra):
                self.extra = extra

            def __new__(cls, value, extra):
                return super().__new__(cls, value)

        below = Below(1, extra=2)
        self.assertEqual((below.get(), below.extra), (1, 2))
        self.assertEqual(Below.__mro__, (Below, Box, object))

        class Init(Box):
            def __init__(self, *args):
                super().__init__()
                self.seen = args

        self.assertEqual(Init(5).seen, (5,))
        self.assertEqual(Init(5).get(), 5)

    def test_class_attribute(self):
        self.assertEqual(repr(Box.empty), "Box()")
        self.assertIs(Box.empty, Box().empty)
        with self.assertRaises(TypeError):
            Box.empty = 1

    def test_buffers(self):
        lender = classes.Lender(8)
        view = memoryview(lender)
        self.assertEqual((view.nbytes, view.format, view.itemsize, view.shape), (8, "B", 1, (8,)))
        self.assertIs(view.obj, lender)
        self.assertTrue(lender.lent())
        view[2:4] = b"ab"
        lender.write(6, b"xyz")
        self.assertEqual(lender.read(), b"\0\0ab\0\0xy")
        self.assertEqual(bytes(view), lender.read())
        with memoryview(lender) as second:
            self.assertEqual(second, view)
        self.assertTrue(lender.lent())
        view.release()
        self.assertFalse(lender.lent())
        self.assertEqual(bytes(lender), bytearray(lender))
        self.assertFalse(lender.lent())

        view = memoryview(classes.Lender(11, "items"))
        self.assertEqual((view.nbytes, view.format, view.itemsize, view.shape), (8, "i", 4, (2,)))
        self.assertEqual((view.tolist(), view.strides), ([0, 0], (4,)))
        view = memoryview(classes.Lender(11, "range"))
        self.assertEqual(view.nbytes, 9)
        self.assertEqual(memoryview(classes.Lender(1, "range")).nbytes, 0)
        self.assertEqual(bytes(classes.Lender(0)), b"")

        view = memoryview(classes.Lender(3, "readonly"))
        self.assertTrue(view.readonly)
        with self.assertRaises(TypeError):
            view[0] = 1
        import io

        with self.assertRaises((BufferError, TypeError)):
            io.BytesIO(b"abc").readinto(classes.Lender(3, "readonly"))
        with self.assertRaisesRegex(ValueError, "no buffer"):
            memoryview(classes.Lender(3, "raise"))
        with self.assertRaisesRegex(SystemError, "panicked"):
            memoryview(classes.Lender(3, "panic"))

    def test_dict_and_descriptors(self):
        attributes = classes.Attributes(1)
        attributes.x = 3
        self.assertEqual(attributes.__dict__, {"x": 3})
        self.assertEqual(attributes.initialised, 1)
        attributes.__init__(4)
        self.assertEqual(attributes.initialised, 5)
        with self.assertRaises(TypeError):
            attributes.__init__("x")

        class Owner:
            field = attributes

        owner = Owner()
        self.assertEqual(owner.field, (attributes, owner, Owner))
        self.assertIs(Owner.field, attributes)
        with self.assertRaisesRegex(ValueError, "set"):
            owner.field = 1
        with self.assertRaisesRegex(ValueError, "deleted"):
            del owner.field

    def test_attributes_of_its_own_kind(self):
        odd = classes.Odd()
        self.assertEqual(odd.odd, 1)
        with self.assertRaisesRegex(ValueError, "always 1"):
            odd.odd = 2
        with self.assertRaisesRegex(ValueError, "always 1"):
            del odd.odd
        odd.even = 2
        self.assertEqual((odd.even, odd.__dict__), (2, {"even": 2}))
        del odd.even
        with self.assertRaisesRegex(AttributeError, "'classes.Odd' object has no attribute 'even'"):
            odd.even
        with self.assertRaises(AttributeError):
            del odd.even
        with self.assertRaises(TypeError):
            getattr(odd, 3)

    def test_await(self):
        async def wait():
            return await classes.Awaited(5)

        coroutine = wait()
        self.assertEqual(coroutine.send(None), 5)
        with self.assertRaises(StopIteration) as caught:
            coroutine.send("done")
        self.assertEqual(caught.exception.value, "done")

    def test_given_bases(self):
        zone = classes.Zone(3, note="n")
        self.assertIsInstance(zone, datetime.tzinfo)
        self.assertEqual(zone.tzname(None), "Z3")
        self.assertEqual(zone.note, "n")
        self.assertEqual(datetime.datetime(2020, 1, 1, tzinfo=zone).tzname(), "Z3")

        class Below(classes.Zone):
            pass

        below = Below(4)
        below.note2 = [below]
        self.assertEqual(below.tzname(None), "Z4")

        failure = classes.Failure("why")
        self.assertIsInstance(failure, ValueError)
        self.assertEqual(failure.reason, "why")
        self.assertEqual(failure.args, ("why",))
        self.assertEqual(str(failure), "why")
        try:
            raise failure
        except classes.Failure as caught:
            self.assertIsNotNone(caught.__traceback__)
        failure.cycle = failure
        del failure
        gc.collect()

    def test_bases_in_rust(self):
        Deeper, Deepest = classes.Deeper, classes.Deepest
        self.assertEqual(Deeper.__mro__, (Deeper, Box, object))
        deeper = Deeper([1], extra=2)
        self.assertEqual((deeper.get(), deeper.extra, repr(deeper)), ([1], True, "Box([1])"))
        self.assertTrue(classes.is_box(deeper))
        self.assertEqual(deeper.home()[2], False)
        deeper.attribute = deeper
        ref = weakref.ref(deeper)
        self.assertIs(ref(), deeper)
        del deeper
        gc.collect()
        self.assertIsNone(ref())
        with self.assertRaises(TypeError):
            Deepest(3)  # the constructor of Deeper asks for a value
        with self.assertRaises(TypeError):
            Box.__new__(Deeper)

        class Below(Deeper):
            pass

        below = Below(1)
        below.value = below
        self.assertFalse(below.extra)
        del below
        gc.collect()

    def test_exception_class(self):
        self.assertTrue(issubclass(classes.Error, ValueError))
        self.assertEqual(classes.Error.__module__, "classes")
        self.assertEqual(classes.Error.__doc__, "An error.")

    def test_hidden(self):
        self.assertEqual(classes.hidden(5).n, 5)
        with self.assertRaisesRegex(TypeError, "cannot create 'classes.Hidden' instances"):
            classes.Hidden()


if __name__ == "__main__":
    unittest.main()
