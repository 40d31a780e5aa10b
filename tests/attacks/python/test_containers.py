"""Numbers, text and containers: the right values, and counted objects while Python changes everything."""

import gc
import itertools
import sys
import threading
import unittest

from attack import load

c = load("containers")

NUMBERS = sorted(
    {sign * (base + step) for sign in (1, -1) for step in (-2, -1, 0, 1, 2)
     for base in (0, 255, 2**15, 2**30, 2**31, 2**32, 2**60, 2**63, 2**64, 2**127, 2**128, 2**1000)}
)


class Bad:
    """Neither hashes nor compares."""

    def __hash__(self):
        raise ZeroDivisionError("hash")

    def __eq__(self, other):
        raise ZeroDivisionError("eq")


class Numbers(unittest.TestCase):
    def test_from_bytes(self):
        for data in b"", b"\0", b"\xff", b"\x80", b"\xff" * 9, bytes(range(100)):
            for signed in True, False:
                self.assertEqual(c.int_from_bytes(data, signed), int.from_bytes(data, "little", signed=signed))

    def test_to_bytes(self):
        for n in NUMBERS:
            for count in 1, 2, 7, 8, 9, 16, 17, 200:
                lowest, enough = c.int_bytes(n, count)
                self.assertEqual(lowest, (n % 256**count).to_bytes(count, "little"))
                fits = -(256**count) // 2 <= n < 256**count // 2
                self.assertEqual(enough <= count, fits, (n, count))
            self.assertEqual(c.int_bytes(n, 0)[0], b"")

    def test_views(self):
        def within(n, low, high):
            return n if low <= n < high else None

        for n in NUMBERS:
            for n in n, type("Sub", (int,), {})(n):
                i128 = within(n, -(2**127), 2**127)
                self.assertEqual(
                    c.int_views(n),
                    (within(n, -(2**63), 2**63), within(n, 0, 2**64),
                     None if i128 is None else str(int(i128)), n < 0),
                )
        self.assertEqual(c.int_views(True), (1, 1, "1", False))

    def test_limits(self):
        self.assertEqual(
            c.int_limits(),
            (-128, 2**32 - 1, -(2**63), 2**64 - 1, 2**64 - 1, -(2**63), -(2**127), 2**127 - 1, 2**128 - 1),
        )

    def test_floats(self):
        for x in 0.0, -0.0, 1.5, float("inf"), 5e-324:
            self.assertEqual(repr(c.float_value(x)), repr(x))
        self.assertEqual(repr(c.float_value(float("nan"))), "nan")

    def test_singletons(self):
        for one, other in zip(c.singletons(), (None, True, False, NotImplemented, ...), strict=True):
            self.assertIs(one, other)
        self.assertIs(c.bool_value(True), True)
        self.assertIs(c.bool_value(False), False)


class Text(unittest.TestCase):
    TEXTS = ["", "a", "ascii", "é", "ÿ" * 300, "€", "a€" * 300, "\udc80", "😀", "a€😀" * 300, "\0", "\U0010ffff"]

    def test_characters(self):
        for text in self.TEXTS:
            largest = max(map(ord, text), default=0)
            width = 1 if largest < 2**8 else 2 if largest < 2**16 else 4
            for text in text, type("Sub", (str,), {})(text):
                self.assertEqual(c.characters(text), (width, str(text), list(map(ord, text))))

    def test_narrowest(self):
        self.assertEqual(c.characters(c.str_from_latin1(b"abc\xff"))[0], 1)
        self.assertIs(c.str_from_latin1(b"a"), "a")
        self.assertEqual(c.str_from_ucs4([0x41, 0x20AC]), "A€")
        self.assertEqual(c.characters(c.str_from_ucs4([0x41, 0x20AC]))[0], 2)
        self.assertTrue(c.str_from_ucs4([0x41]).isascii())

    def test_out_of_range(self):
        for point in 0x110000, 0xFFFFFFFF:
            with self.assertRaisesRegex(ValueError, r"^character U\+%x is not in range \[U\+0000; U\+10ffff\]$" % point):
                c.str_from_ucs4([0x41, point])

    def test_writing(self):
        for text in self.TEXTS:
            for o in 1, "é", [1, "x"], ...:
                end = len(text) // 2
                self.assertEqual(
                    c.written(o, text, 0, end),
                    f"€ascii, ünïcode, {text}|{text[:end]}|{o}|{o!r}|{42:>4}|{0.125:.2f}",
                )

    def test_failed_writing(self):
        with self.assertRaises(ZeroDivisionError):
            c.written(type("R", (), {"__repr__": lambda self: 1 / 0})(), "x", 0, 0)
        with self.assertRaises(ValueError):
            c.written(1, "abc", 1, 4)
        with self.assertRaises(ValueError):
            c.written(1, "abc", 2, 1)

    def test_format(self):
        for length in 1, 10, 700, 800, 5000:
            self.assertEqual(c.format_long(length), "1\0" + "2".rjust(length, "é"))


class TuplesAndLists(unittest.TestCase):
    def test_making(self):
        a, b = object(), object()
        self.assertEqual(c.tuple_of(a, b, a), (a, b, a))
        self.assertEqual(c.list_of(a, b, a), [a, b, a])

    def test_steady(self):
        items = [1, 2]
        self.assertEqual(c.list_steady(items, 2, int), (True, True))
        self.assertEqual(c.list_steady(items, 1, int), (False, False))
        self.assertEqual(c.list_steady(["a"], "b", int), (True, True))
        self.assertEqual(c.list_steady([1.5], float("nan"), int), (False, False))
        for other in None, 1.5, 2**70, True:
            self.assertEqual(c.list_steady([1], other, int), (None, None))
        self.assertEqual(c.list_steady(items, 2, items.clear), (True, None))
        self.assertEqual(items, [])
        # Waiting lets others run, and change the list.
        items = [str(i) * 40 for i in range(9)]
        thread = threading.Thread(target=items.clear)
        self.assertEqual(c.list_steady(items, "zz", lambda: (thread.start(), thread.join())), (True, None))

    def test_counts(self):
        a = object()
        before = sys.getrefcount(a)
        for _ in range(100):
            c.tuple_items(c.tuple_of(a, a, a))
            c.list_items(c.list_of(a, a, a))
            c.list_walk([a, a], lambda item: None)
            c.list_get([a], 0)
            c.list_get([a], 1)
            c.list_set([a], 0, a)
            with self.assertRaises(IndexError):
                c.list_set([a], 1, a)
            c.dict_walk({1: a, 2: a})
            c.dict_get({1: a}, 1)
            c.dict_pop({1: a}, 1)
            c.dict_set_default({1: a}, 1, a)
            c.dict_set_default({}, 1, a)
            c.dict_parts({1: a})
            c.set_new([a])
            c.frozen([a])
        gc.collect()
        self.assertEqual(sys.getrefcount(a), before)

    def test_tuples(self):
        for size in 0, 1, 5:
            items = tuple(range(1000, 1000 + size))
            self.assertEqual(c.tuple_items(items), (list(items), None))
        self.assertEqual(c.tuple_slice((1, 2, 3), 1, sys.maxsize), (2, 3))
        self.assertEqual(c.tuple_slice((1, 2, 3), 2, 1), ())
        self.assertEqual(c.tuple_slice((1, 2, 3), 5, 2**64 - 1), ())

    def test_lists(self):
        x = [1, 2, 3]
        self.assertEqual(c.list_items(x), ((1, 2, 3), 3))
        self.assertEqual([c.list_get(x, i) for i in (0, 2, 3, 2**64 - 1)], [1, 3, None, None])
        c.list_set(x, 2, "c")
        c.list_insert(x, 0, "0")
        c.list_insert(x, 2**64 - 1, "end")
        self.assertEqual(x, ["0", 1, 2, "c", "end"])
        with self.assertRaisesRegex(IndexError, "^list assignment index out of range$"):
            c.list_set(x, 5, None)
        c.list_set_slice(x, 1, 3, ("a",))
        self.assertEqual(x, ["0", "a", "c", "end"])
        c.list_set_slice(x, 2, 2**64 - 1, None)
        self.assertEqual(x, ["0", "a"])
        x = [3, 1, 2]
        c.list_sort(x)
        self.assertEqual(x, [1, 2, 3])
        with self.assertRaises(TypeError):
            c.list_sort([1, "x"])

    def test_walking_over_a_changing_list(self):
        class Tracked:
            pass

        x = [Tracked() for _ in range(5)]

        def clear(item):
            x.clear()
            gc.collect()

        self.assertEqual(c.list_walk(x, clear), 1)
        x = [1]
        self.assertEqual(c.list_walk(x, lambda item: len(x) < 50 and x.append(item)), 50)
        x = list(range(10))
        self.assertEqual(c.list_walk(x, lambda item: x.pop()), 5)

    def test_a_list_other_threads_change(self):
        x = [object() for _ in range(100)]
        stop = threading.Event()

        def change():
            while not stop.is_set():
                x[:] = [object() for _ in range(100)]
                x.clear()
                x.extend(object() for _ in range(50))

        threads = [threading.Thread(target=change) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for i in range(20000):
                c.list_get(x, i % 100)
                if i % 100 == 0:
                    c.list_walk(x, lambda item: None)
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def test_tuples_that_are_being_made(self):
        # `batched` fills a tuple that the collector can show already: its other places are empty.
        seen = []

        def items():
            for i in range(5):
                for found in gc.get_objects():
                    if type(found) is tuple and len(found) == 12345:
                        seen.append((c.tuple_items(found)[0], c.list_items([found])[1]))
                yield i

        self.assertEqual(next(itertools.batched(items(), 12345)), (0, 1, 2, 3, 4))
        self.assertEqual(seen, [(list(range(i)), 1) for i in range(5)])


class Dicts(unittest.TestCase):
    def test_walking(self):
        for size in 0, 1, 5, 1000:
            x = {str(i): i for i in range(size)}
            self.assertEqual(c.dict_walk(x), list(x.items()))
        x = {i: i for i in range(20)}
        for i in range(0, 20, 2):
            del x[i]
        self.assertEqual(c.dict_walk(x), list(x.items()))

        class WithAttributes:
            def __init__(self):
                self.a, self.b = 1, 2

        self.assertEqual(c.dict_walk(WithAttributes().__dict__), [("a", 1), ("b", 2)])

    def test_changed_size(self):
        x = dict.fromkeys(range(10))
        for change in lambda k, v: x.clear(), lambda k, v: x.pop(9), lambda k, v: x.update(new=1):
            x.clear()
            x.update(dict.fromkeys(range(10)))
            with self.assertRaisesRegex(RuntimeError, "^dictionary changed size during iteration$"):
                c.dict_walk_calling(x, change)

    def test_changed_but_not_in_size(self):
        class Value:
            pass

        x = {i: Value() for i in range(10)}

        def replace(key, value):
            x[key] = Value()
            gc.collect()

        self.assertEqual(c.dict_walk_calling(x, replace), 10)

        def move(key, value):
            del x[key]
            x[len(seen) + 1000] = Value()
            seen.append(key)
            if len(seen) > 10000:
                raise OverflowError

        seen = []
        try:
            c.dict_walk_calling(x, move)
        except OverflowError:
            pass

    def test_a_dict_other_threads_change(self):
        x = {}
        stop = threading.Event()

        def change():
            while not stop.is_set():
                for i in range(100):
                    x[i] = object()
                for i in range(100):
                    x.pop(i, None)

        threads = [threading.Thread(target=change) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(1000):
                try:
                    c.dict_walk(x)
                except RuntimeError as error:
                    self.assertEqual(str(error), "dictionary changed size during iteration")
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def test_lookups(self):
        x = {"a": None}
        value = object()
        self.assertIsNone(c.dict_get(x, "b"))
        self.assertEqual(c.dict_set(x, "b", value), 2)
        self.assertIs(c.dict_get(x, "b"), value)
        self.assertEqual(c.dict_set_default(x, "b", 1), (value, True))
        self.assertEqual(c.dict_set_default(x, "c", 1), (1, False))
        self.assertIs(c.dict_pop(x, "b"), value)
        self.assertIsNone(c.dict_pop(x, "b"))
        c.dict_del(x, "c")
        with self.assertRaisesRegex(KeyError, "^'c'$"):
            c.dict_del(x, "c")
        self.assertIs(c.dict_contains(x, "a"), True)
        self.assertIs(c.dict_contains(x, "b"), False)
        self.assertEqual(c.dict_parts({1: 2}), ([1], [2], [(1, 2)], {1: 2}))

    def test_what_keys_raise(self):
        for function in c.dict_get, c.dict_pop, c.dict_del, c.dict_contains:
            with self.assertRaises(ZeroDivisionError):
                function({1: 1}, Bad())
        for function in c.dict_set, c.dict_set_default:
            with self.assertRaises(ZeroDivisionError):
                function({}, Bad(), 1)
            with self.assertRaisesRegex(TypeError, "unhashable type: 'list'"):
                function({}, [], 1)


class Sets(unittest.TestCase):
    def test_sets(self):
        x = c.set_new([1, 2])
        self.assertEqual(x, {1, 2})
        self.assertEqual(c.set_add(x, 3), 3)
        self.assertEqual(c.set_add(x, 3), 3)
        self.assertEqual([c.set_discard(x, 3), c.set_discard(x, 3)], [True, False])
        self.assertEqual([c.set_contains(x, 2), c.set_contains(x, 3)], [True, False])
        self.assertEqual(c.set_new(), set())
        self.assertEqual(c.frozen("aab"), (frozenset("ab"), 2))
        self.assertIs(c.frozen_contains(frozenset("ab"), "a"), True)
        self.assertIs(type(c.frozen()[0]), frozenset)

    def test_what_items_raise(self):
        for function in c.set_add, c.set_discard, c.set_contains:
            with self.assertRaises(ZeroDivisionError):
                function(set(), Bad())
        for function in c.set_new, c.frozen:
            with self.assertRaises(ZeroDivisionError):
                function([Bad()])
            with self.assertRaises(TypeError):
                function(1)


class Built(unittest.TestCase):
    """Lists and strings made of parts."""

    def test_lists(self):
        for size in 0, 1, 63, 64, 65, 200:
            items = [object() for _ in range(size)]
            counts = [sys.getrefcount(item) for item in items]
            built = c.list_built(items, None)
            self.assertEqual(built, items)
            self.assertTrue(gc.is_tracked(built))
            built.append(1)
            del built
            if items:
                self.assertIsNone(c.list_built(items, items[-1]))
            self.assertEqual([sys.getrefcount(item) for item in items], counts)

    def test_iterators_that_build_themselves(self):
        def nested(depth):
            for i in range(70):
                yield c.list_built(nested(depth - 1), None) if depth and i % 35 == 0 else i

        def plain(depth):
            return [plain(depth - 1) if depth and i % 35 == 0 else i for i in range(70)]

        self.assertEqual(c.list_built(nested(3), None), plain(3))

        def raises():
            yield from range(100)
            gc.collect()
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            c.list_built(raises(), None)

    def test_dropped_items_run_python(self):
        class Last:
            def __del__(self):
                gone.append(c.list_built(range(3), None))

        gone = []
        stop = object()
        self.assertIsNone(c.list_built(itertools.chain((Last() for _ in range(80)), [stop]), stop))
        self.assertEqual(gone, [[0, 1, 2]] * 80)

    def test_substrings(self):
        class Sub(str):
            pass

        for text in "", "a", "abcdefghijklmnopqrstuvwxyz" * 2, "\xe9\xff" * 9, "a\u20ac" * 9, "\U0001f40d\ud800a":
            for kind in str, Sub:
                for start, end in itertools.product((0, 1, 2, 3, 9, 60), (0, 1, 2, 4, 8, 9, 17, 40, 52, 2**62)):
                    part = c.str_substring(kind(text), start, end)
                    self.assertEqual(part, text[start:end])
                    self.assertIn(type(part), (str, Sub))
                    self.assertEqual(hash(part), hash(text[start:end]))


class Builders(unittest.TestCase):
    """A `str` that is written in place."""

    def test_in_every_width(self):
        parts = ["", "a", "plain " * 300, "\x7f", "\xe9" * 5, "\u20ac" * 700, "\ud800", "\U0001f40d" * 40, "end"]
        for order in itertools.islice(itertools.permutations(parts, 4), 0, None, 31):
            for first, most in ((0, 1), (1, 7), (64, 64), (5000, 4096)):
                built = c.str_built(list(order), first, most)
                wanted = "".join(order)
                self.assertEqual((built, hash(built)), (wanted, hash(wanted)))
                self.assertEqual(sys.getsizeof(built), sys.getsizeof("".join(list(wanted))))

    def test_large(self):
        for text in ("x" * 5_000_000, "\xff" * 200_000, "\u20ac" * 200_000, "\U0001f40d" * 100_000):
            for parts in ([text], ["a", text], [text[:1000], "b", text]):
                self.assertEqual(c.str_built(parts, 10, 100_000), "".join(parts))

    def test_against_its_rules(self):
        """Whatever is done, the result is a sound `str`, as narrow as its characters allow, or an error."""
        for announced in 0, 0x80, 0x100, 0x10000, 0xffffff:
            for how in range(0x10, 0x40):
                for point in 0x41, 0x80, 0x100, 0x10000, 0xffffffff:
                    try:
                        built = c.str_misbuilt(announced << 8 | how, point)
                    except ValueError as error:
                        self.assertIn("not in range", str(error))
                        continue
                    for text in built:
                        again = "".join(list(text))
                        self.assertEqual((text, hash(text), sys.getsizeof(text)), (again, hash(again), sys.getsizeof(again)))


class Values(unittest.TestCase):
    """Objects taken apart while Python changes the container."""

    SIMPLE = (
        [("none", None), ("bool", True), ("bool", False), ("float", -1.5), ("str", "text"), ("other", b"x")]
        + [("int", n) for n in NUMBERS if abs(n) < 2**60]
        + [("other", n) for n in NUMBERS if abs(n) >= 2**60]
        + [("other", type("Sub", (base,), {})()) for base in (int, float, str)]
        + [("other", []), ("other", ())]
    )

    def test_kinds(self):
        items = [value for _, value in self.SIMPLE]
        for told in c.list_values(items, lambda: None), c.tuple_values(tuple(items)):
            self.assertEqual(told, self.SIMPLE)
            self.assertTrue(all(type(value) is type(item) for (_, value), item in zip(told, items)))

    def test_lists_that_change(self):
        for act, wanted in (
            (lambda: items.clear(), 1),
            (lambda: items.pop(), 25),
            (lambda: len(items) < 200 and items.append("new" * len(items)), 200),
            (lambda: items.__setitem__(slice(None), [str(i) for i in range(len(items))]), 50),
            (gc.collect, 50),
        ):
            items = [str(i) * 3 for i in range(50)]
            self.assertEqual(len(c.list_values(items, act)), wanted)

    def test_dicts_that_change(self):
        for act in (
            lambda: items.clear(),
            lambda: items and items.popitem(),
            lambda: len(items) < 500 and items.update({f"new {len(items)}": "x" * 9}),
            lambda: items.update(dict.fromkeys(items, "y" * 8)),
            lambda: vars(thing).clear(),
            gc.collect,
        ):
            thing = type("Thing", (), {})()
            vars(thing).update((f"k{i}", "v" * i) for i in range(20))
            for items in ({str(i) * 2: str(i) * 3 for i in range(50)}, {i: [i] for i in range(9)}, vars(thing)):
                told = c.dict_values(items, act)
                self.assertLessEqual({kind for kind, _ in told}, {"int", "str", "other"})

    def test_frozen(self):
        told, length = c.frozen_values(frozendict(a=1, b=None), gc.collect)
        self.assertEqual((told, length), ([("str", "a"), ("int", 1), ("str", "b"), ("none", None)], 2))

    def test_threads(self):
        items, stop = [], threading.Event()

        def change():
            while not stop.is_set():
                items[:] = [str(len(items))] * 50
                items.clear()

        threads = [threading.Thread(target=change) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(300):
            self.assertTrue(all(kind == "str" for kind, _ in c.list_values(items, lambda: None)))
        stop.set()
        for thread in threads:
            thread.join()

    def test_functions(self):
        self.assertTrue(c.is_bool_value(c.bool_value))
        for other in c.float_value, c.is_bool_value, len, print, lambda x: x, type, None, [].append:
            self.assertFalse(c.is_bool_value(other))


if __name__ == "__main__":
    unittest.main()
