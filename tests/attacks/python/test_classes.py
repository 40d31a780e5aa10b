"""Classes with a Rust payload: what they offer, and attacks on their instances."""

import copy
import ctypes
import datetime
import gc
import inspect
import pickle
import sys
import threading
import unittest
import weakref

from attack import Attack, load

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
        try:
            raise failure
        except classes.Failure as caught:
            self.assertIsNotNone(caught.__traceback__)
        failure.cycle = failure
        del failure
        gc.collect()

    def test_exception_class(self):
        self.assertTrue(issubclass(classes.Error, ValueError))
        self.assertEqual(classes.Error.__module__, "classes")
        self.assertEqual(classes.Error.__doc__, "An error.")

    def test_hidden(self):
        self.assertEqual(classes.hidden(5).n, 5)
        with self.assertRaisesRegex(TypeError, "cannot create 'classes.Hidden' instances"):
            classes.Hidden()


class Lifetimes(unittest.TestCase):
    def setUp(self):
        gc.collect()
        self.before = classes.live_payloads()

    def tearDown(self):
        gc.collect()
        self.assertEqual(classes.live_payloads(), self.before)

    def test_cycle_through_a_lock(self):
        boxes = [Box() for _ in range(10)]
        for box, other in zip(boxes, boxes[1:] + boxes[:1]):
            box.value = other
        refs = [weakref.ref(box) for box in boxes]
        del boxes, box, other
        gc.collect()
        self.assertEqual([ref() for ref in refs], [None] * 10)

    def test_cycle_of_a_subclass(self):
        class Below(Box):
            pass

        below = Below()
        below.me = below
        below.value = [below, Below]
        ref = weakref.ref(below)
        del below, Below
        gc.collect()
        self.assertIsNone(ref())

    def test_cycle_through_fields_that_never_change(self):
        items = []
        node = classes.Node(classes.Node(items))
        box = Box()
        items += [node, box]
        ref = weakref.ref(box)
        del items, node, box
        gc.collect()
        self.assertIsNone(ref())

    def test_deep_nesting(self):
        node = None
        for _ in range(1_000_000):
            node = classes.Node(node)
        del node
        box = None
        for _ in range(1_000_000):
            box = Box(box)
        del box

    def test_deep_nesting_in_a_cycle(self):
        head = []
        node = head
        for _ in range(200_000):
            node = classes.Node(node)
        head.append(node)
        del head, node
        gc.collect()

    def test_reference_counts(self):
        value = object()
        count = sys.getrefcount(value)

        def use():
            box = Box(value)
            box.swap(value), box.get(), box.holds(value), classes.take_box(box)
            Box.of(value), classes.build_box(Box, value)
            list(classes.Items(value, value)), classes.Node(value).next
            for wrong in (lambda: Box(value, value), lambda: Box.of(), lambda: box.holds(x=value)):
                try:
                    wrong()
                except TypeError:
                    pass

        for _ in range(100):
            use()
        self.assertEqual(sys.getrefcount(value), count)

    def test_types_are_not_leaked(self):
        gc.collect()
        refs = [weakref.ref(load("classes").Box) for _ in range(3)]
        for cls in (Box, classes.Node, classes.Number, classes.Mutable):
            cls(1)
        gc.collect()
        self.assertEqual([ref() for ref in refs], [None] * 3)

    def test_instances_keep_their_class_and_module(self):
        box = load("classes").Box(3)
        gc.collect()
        self.assertEqual(repr(box), "Box(3)")
        self.assertEqual(box.home()[0].__name__, "classes")

    @unittest.skipUnless(hasattr(sys, "gettotalrefcount"), "debug builds count")
    def test_total_references(self):
        def quietly(use):
            try:
                use()
            except (TypeError, ValueError, SystemError, IndexError):
                pass

        def use():
            for cls in (Box, classes.Node, classes.Number, classes.Mutable, classes.Failure):
                cls(1)
            classes.Zone(1), classes.Attributes(), classes.Callable()(1), classes.hidden(1)
            classes.Finalized(lambda me: None)
            box, items, number = Box(1), classes.Items(1, [], 3), classes.Number(3)
            box.home(), box.swap([]), Box.of(1), Box[int], repr(box), box.value, Box(value=3)
            box.erasable = 3
            del box.erasable
            list(items), items[0], 3 in items, len(items)
            number + 1, -number, number**2, number < 3, hash(number), [1, 2, 3, 4][number]
            memoryview(classes.Lender(3)), bytes(classes.Lender(3, "items"))
            attributes = classes.Attributes()
            attributes.me = attributes
            attributes.__init__(3)
            weakref.ref(attributes)
            evil = classes.Evil("x")
            for use in (
                lambda: Box(1, 2),
                lambda: Box.get(3),
                lambda: classes.Evil("raise"),
                lambda: classes.build_box(int, []),
                lambda: classes.Lender(1, "raise") and memoryview(classes.Lender(1, "raise")),
                lambda: items["x"],
                lambda: items[99],
                lambda: setattr(box, "value", 1) or delattr(box, "value"),
                lambda: number < "x",
                lambda: object.__new__(Box),
                lambda: attributes.__init__("x"),
                lambda: classes.take_box(3),
                lambda: classes.Hidden(),
            ):
                quietly(use)
            del evil

            class Below(Box):
                pass

            below = Below()
            below.value = [below, Below]
            del below, Below
            gc.collect()

        use(), use(), use()
        before = sys.gettotalrefcount()
        for _ in range(20):
            use()
        self.assertLess(abs(sys.gettotalrefcount() - before), 20)


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
        gc.collect()
        self.assertEqual(outcome, ["classes"])


class Processes(Attack):
    def test_method_in_clear_phase_of_everything(self):
        self.survives(
            """
            import gc, sys
            from attack import load
            module = load("classes")
            sys.unraisablehook = lambda info: None
            class Reach:
                def __init__(self, box): self.box = box
                def __del__(self):
                    for use in (self.box.home, self.box.get, lambda: repr(self.box)):
                        try: use()
                        except SystemError: pass
            box = module.Box()
            # Reach is reached from a payload, so it dies when the payload is cleared or dropped.
            inner = module.Box(Reach(box))
            evil = module.Evil("call in drop", box.home)
            box.value = [inner, evil, module, box]
            module.box = box
            del module, box, inner, evil
            gc.collect()
            print("done")
            """,
            "done",
        )

    def test_instances_at_exit(self):
        self.survives(
            """
            import gc, sys
            from attack import load
            module = load("classes")
            sys.unraisablehook = lambda info: None
            keep = [module.Evil("call in drop", lambda: print), module.Finalized(print)]
            cycle = module.Box(); cycle.value = cycle
            class Below(module.Box):
                def __del__(self): self.home()
            below = Below(keep); below.me = below
            sys.keep = module.Box(below)
            """,
            "",
        )

    def test_payload_with_an_object_of_another_interpreter(self):
        self.survives(
            """
            import gc, weakref
            from concurrent import interpreters
            from attack import load
            class Thing: pass
            module = load("classes")
            things = [Thing() for _ in range(50)]
            for thing in things:
                thing.me = [thing]
                module.stash(thing)
            interp = interpreters.create()
            code = [
                "import gc",
                "from attack import load",
                "module = load('classes')",
                "nodes = module.nodes_with_stashed()",
                "assert len(nodes) == 50",
                "assert [gc.get_referents(node) for node in nodes] == [[module.Node]] * 50",
                "nodes.append(nodes)",
                "for _ in range(5): gc.collect()",
                "del nodes",
                "gc.collect()",
            ]
            interp.exec("\\n".join(code))
            interp.close()
            refs = [weakref.ref(thing) for thing in things]
            module.live_payloads(), module.is_box(1)
            gc.collect()
            for thing in things:
                assert thing.me == [thing]
            del thing, things
            module.is_box(1)
            gc.collect()
            assert [ref() for ref in refs] == [None] * 50, refs
            print("done")
            """,
            "done",
        )

    def test_subinterpreter(self):
        self.survives(
            """
            from concurrent import interpreters
            from attack import load
            module = load("classes")
            box = module.Box([1])
            interp = interpreters.create()
            code = [
                "from attack import load",
                "module = load('classes')",
                "box = module.Box([2])",
                "assert box.get() == [2]",
                "assert box.home()[0] is module",
                "cycle = module.Box(); cycle.value = cycle",
            ]
            interp.exec("\\n".join(code))
            interp.close()
            assert box.get() == [1]
            print("done")
            """,
            "done",
        )


if __name__ == "__main__":
    unittest.main()
