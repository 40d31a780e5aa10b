"""How instances with a Rust payload live and die."""

import gc
import sys
import unittest
import weakref

from attack import load

classes = load("classes")
Box = classes.Box


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

    def test_cycle_through_two_payloads(self):
        list_ = []
        deeper = classes.Deeper(list_, Box())
        deeper.value, deeper.attribute = deeper, list_
        list_.append(deeper)
        other = classes.Deeper(1, deeper)
        deeper.value = other
        half = classes.Deeper.of(Box())
        half.value = half.attribute = half
        del list_, deeper, other, half

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
        def types():
            gc.collect()
            return sum(isinstance(o, type) and o.__module__ == "classes" for o in gc.get_objects())

        before = types()
        for _ in range(3):
            module = load("classes")
            for cls in (module.Box, module.Node, module.Number, module.Mutable, module.Failure):
                cls(1)
            module.Zone(1), module.Attributes(), module.hidden(1), module.Lender(3)
        self.assertGreater(types(), before)
        del module, cls
        self.assertEqual(types(), before)

    def test_cycle_through_the_state(self):
        # Nothing in it can be cleared but what the state has behind a lock.
        # (Weak references tell nothing: the collector clears those to garbage in any case.)
        module = load("classes")
        module.keep(module.Node((module, module.Box())))
        del module

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
            classes.Deeper(1, []).me = classes.Deeper.of([])
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


if __name__ == "__main__":
    unittest.main()
