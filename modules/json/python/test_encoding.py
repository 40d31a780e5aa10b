"""The half of `_json` that writes, where C has crashed or could: callbacks, depth, memory, threads."""

import _json
import contextlib
import gc
import json
import math
import random
import struct
import sys
import threading
import unittest
from json import encoder
from test import support
from test.support import import_helper, threading_helper

from small_stack import on_small_stack


def make(default=None, strings=_json.encode_basestring_ascii, indent=None, markers=None, **flags):
    order = ("sort_keys", "skipkeys", "allow_nan")
    return _json.make_encoder(
        markers, default, strings, indent, ": ", ", ", *(flags.get(name, name == "allow_nan") for name in order)
    )


def text(value, **options):
    (result,) = make(**options)(value, 0)
    return result


class Numbers(unittest.TestCase):
    """Every number as `repr` shows it."""

    def check(self, values):
        values = list(values)
        self.assertEqual(text(values), f"[{', '.join(map(repr, values))}]")

    def test_random_floats(self):
        rng = random.Random(1)
        for _ in range(20):
            bits = (struct.pack("<Q", rng.getrandbits(64)) for _ in range(20_000))
            self.check(value for (value,) in map(struct.Struct("<d").unpack, bits) if math.isfinite(value))

    def test_floats_of_every_size(self):
        rng = random.Random(2)
        for exponent in range(-324, 309):
            values = [float(f"{rng.randrange(1, 10)}e{exponent}")]
            values += [rng.uniform(-10, 10) * 10.0**exponent for _ in range(50)]
            self.check(value for value in values if math.isfinite(value))
        self.check([0.0, -0.0, 5e-324, 2.0**-1074, 1.7976931348623157e308, 1e16, 1e-4, 1e-5, 9.999999999999999e-05])
        self.check(math.ldexp(1.0, exponent) for exponent in range(-1074, 1024))
        for step in (0.1, 1 / 3, 0.5, 7e-5):
            self.check(i * step for i in range(5000))

    def test_ints(self):
        rng = random.Random(3)
        for bits in (4, 15, 30, 31, 59, 60, 61, 63, 64, 65, 127, 128, 129, 300, 511, 512, 513, 1000, 2119, 2120, 4000):
            self.check(rng.choice((1, -1)) * rng.getrandbits(bits) for _ in range(300))
            self.check(sign * 2**bits + step for sign in (1, -1) for step in (-1, 0, 1))
        self.check(sign * 10**n + step for n in range(300) for sign in (1, -1) for step in (-1, 0, 1))

    def test_as_keys(self):
        for key in (5, -(2**31), 2**70, 1.5, 1e-7, 10**200):
            self.assertEqual(text({key: 0}), f'{{"{key!r}": 0}}')

    def test_digits_that_are_too_many(self):
        for value in (10**5000, [10**5000], {10**5000: 1}):
            with self.assertRaisesRegex(ValueError, "^Exceeds the limit"):
                text(value)

    def test_digits_that_are_allowed(self):
        for most in (640, 641, 1000, 4300, 0):
            with support.adjust_int_max_str_digits(most):
                for digits in (1, 638, 639, 640, 641, 990, 1000, 1001, 4200, 4300, 4301, 4950, 6000):
                    for value in (10**digits - 1, -(10 ** (digits - 1))):
                        if most and digits > most:
                            with self.assertRaisesRegex(ValueError, "^Exceeds the limit"):
                                text([value])
                        else:
                            self.assertEqual(text([value]), f"[{value}]")

    def test_a_limit_that_nobody_tells(self):
        # What is asked is what it was when the module was made, and C has the last word.
        with support.swap_attr(sys, "get_int_max_str_digits", lambda: 0):
            with self.assertRaisesRegex(ValueError, "^Exceeds the limit"):
                text([10**4400])

    def test_subclasses_have_no_say(self):
        class Int(int):
            def __repr__(self):
                raise AssertionError

            __str__ = __index__ = __int__ = __repr__

        class Float(float):
            def __repr__(self):
                raise AssertionError

            __str__ = __float__ = __repr__

        for value in (7, -(2**100), 2**1000):
            self.assertEqual(text([Int(value), {Int(value): 0}]), f'[{value}, {{"{value}": 0}}]')
        self.assertEqual(text([Float(1.5), {Float(0.1): 0}]), '[1.5, {"0.1": 0}]')


class Mutation(unittest.TestCase):
    """Containers that change while they are encoded: gh-142831, gh-145244."""

    def test_list(self):
        for act, expected in (
            (list.clear, "[null]"),
            (lambda items: items.append(7), "[null, null, null, 7, 7, 7]"),
            (lambda items: items.pop(), "[null, null]"),
            (lambda items: items.__setitem__(slice(None), [1]), "[null]"),
        ):
            items = [object(), object(), object()]

            def default(thing):
                act(items)
                gc.collect()
                return None

            self.assertEqual(text(items, default=default), expected)

    def test_the_only_reference_goes(self):
        for wrap in (lambda inner: [inner], lambda inner: {"k": inner}, lambda inner: [[inner]]):
            for inner in ([object(), "text" * 9, 5.5], {"a" * 30: object(), "b" * 30: "c" * 30}):
                outer = wrap(inner)
                holder = [outer]
                del inner

                def default(thing):
                    holder[0].clear()
                    del holder[:]
                    gc.collect()
                    return ["x" * 50]

                result = make(default=default)(holder[0], 0)[0]
                self.assertIn("x" * 50, result)

    def test_dict(self):
        for act in (
            dict.clear,
            lambda items: items.pop("b", None),
            lambda items: items.update((str(i), i) for i in range(100)),
            lambda items: items.__setitem__("b", [1, 2]),
        ):
            for kind in (dict, type("Sub", (dict,), {})):
                items = kind(a=object(), b=object(), c="text")

                def default(thing):
                    act(items)
                    gc.collect()
                    return "made"

                result = json.loads(text(items, default=default))
                self.assertEqual(result["a"], "made")

    def test_items_that_are_no_pairs(self):
        for item in (5, (1, 2, 3), [1, 2], ("a",), None):
            kind = type("Items", (dict,), {"items": lambda self: [item]})
            with self.assertRaisesRegex(ValueError, "^items must return 2-tuples$"):
                text(kind(a=1))

    def test_a_string_encoder_that_empties(self):
        for container in (["a", "b", "c"], {"a": "b", "c": "d"}):

            def strings(value):
                container.clear()
                gc.collect()
                return "<" + value + ">"

            self.assertIn("<a>", text(container, strings=strings))

    def test_repr_that_empties(self):
        class Float(float):
            def __repr__(self):
                items.clear()
                gc.collect()
                return "gone"

        items = [Float("nan"), "after"]
        with self.assertRaisesRegex(ValueError, "compliant: gone$"):
            text(items, allow_nan=False)

        class Key(Float):
            """Is shown in the note, too."""

        items = {Key("1.5"): object(), "b": 1}
        with self.assertRaises(TypeError) as caught:
            text(items)
        self.assertEqual(caught.exception.__notes__, ["when serializing dict item gone"])

    def test_iteration_that_empties(self):
        class List(list):
            def __iter__(self):
                yield 1
                outer.clear()
                gc.collect()
                yield 2

        outer = [List([0]), "after"]
        self.assertEqual(text(outer), "[[1, 2]]")

    def test_markers_that_change(self):
        def default(thing):
            markers.clear()
            return 1

        markers = {}
        with self.assertRaises(KeyError):
            text([object()], default=default, markers=markers)
        seen = []
        markers = {}
        inner = [object()]
        text([{"k": inner}], default=lambda thing: seen.append(list(map(type, markers.values()))), markers=markers)
        self.assertEqual(seen, [[list, dict, list, object]])
        self.assertEqual(markers, {})

    def test_an_encoder_that_calls_itself(self):
        def default(thing):
            return again(outer, 0)[0] if thing is last else again([1, {"a": [2]}], 0)[0]

        last, markers = object(), {}
        again = make(default=default, markers=markers)
        outer = [object()]
        self.assertEqual(again(outer, 0), ('["[1, {\\"a\\": [2]}]"]',))
        outer.append(last)
        with self.assertRaisesRegex(ValueError, "^Circular reference detected$"):
            again(outer, 0)


class Circles(unittest.TestCase):
    def test_at_every_depth(self):
        for depth in (1, 2, 10, 15, 16, 17, 18, 48, 49, 130, 200):
            for close in range(0, depth, 1 + depth // 5):
                nest = [[] for _ in range(depth)]
                for outer, inner in zip(nest, nest[1:]):
                    outer.append(inner)
                nest[-1].append(nest[close])
                with self.assertRaisesRegex(ValueError, "^Circular reference detected$") as caught:
                    text(nest[0], markers={})
                self.assertEqual(caught.exception.__notes__, ["when serializing list item 0"] * depth)

    def test_twice_is_no_circle(self):
        inner = [1]
        for depth in (1, 15, 16, 17, 47, 48, 49, 100):
            value = [inner, inner, {"a": inner, "b": inner}]
            for _ in range(depth):
                value = [value, inner]
            markers = {}
            self.assertEqual(json.loads(text(value, markers=markers)), value)
            self.assertEqual(markers, {})

    def test_down_and_up_again(self):
        def comb(depth):
            return [comb(depth - 1), comb(depth // 2), [depth]] if depth > 1 else []

        class Thing:
            pass

        thing = Thing()
        for value in (comb(70), [comb(40), thing, comb(40)], [comb(20), [[[thing]]], comb(60)]):
            markers = {}
            written = text(value, markers=markers, default=lambda _: comb(30))
            self.assertEqual(markers, {})
            self.assertEqual(written, text(value, default=lambda _: comb(30)))

    def test_open_containers_are_left_in_markers(self):
        markers = {}
        value = [[{"a": object()}]]
        with self.assertRaises(TypeError):
            text(value, markers=markers, default=len)
        self.assertEqual(list(markers), list(map(id, (value, value[0], value[0][0], value[0][0]["a"]))))


class Keys(unittest.TestCase):
    """A key is remembered, and never taken for another."""

    def check(self, value, **options):
        python = encoder._make_iterencode(
            None,
            options.get("default"),
            options.get("strings", _json.encode_basestring_ascii),
            options.get("indent"),
            float.__repr__,
            ": ",
            ", ",
            False,
            False,
            False,
        )
        self.assertEqual(text(value, **options), "".join(python(value, 0)))

    def test_all_lengths_and_characters(self):
        keys = ["k" * n for n in range(40)]
        keys += ["ab" + chr(c) for c in range(300)] + [chr(c) * n for c in (0, 9, 34, 92, 127, 233, 0x20AC) for n in range(12)]
        value = [dict.fromkeys(keys, i) for i in range(8)]
        for strings in (_json.encode_basestring_ascii, _json.encode_basestring, encoder.py_encode_basestring):
            for indent in (None, "  "):
                self.check(value, strings=strings, indent=indent)

    def test_more_than_there_are_places_for(self):
        rng = random.Random(4)
        keys = [f"key {i}" for i in range(1000)]
        self.check([{key: i for key in rng.sample(keys, 30)} for i in range(300)])

    def test_other_keys_in_the_same_memory(self):
        def fresh(number):
            return {f"key {number}": 1, f"{number}": [{f"inner {number}": None}]}

        numbers = iter(range(1000))
        again = iter(range(1000))
        value = [object()] * 1000
        written = text(value, default=lambda _: fresh(next(numbers)))
        self.assertEqual(written, text([fresh(next(again)) for _ in value]))
        self.assertEqual(json.loads(written), [fresh(i) for i in range(1000)])

    def test_long_separators(self):
        for separator in (":", "", " : \"\\ ", "12345678", "123456789", "\xe9", "\U0001f40d"):
            value = [{"a": 1, "b" * 20: 2, "c" * 30: 3}] * 9
            run = _json.make_encoder(None, None, _json.encode_basestring_ascii, None, separator, ",", False, False, True)
            one = f'{{"a"{separator}1,"{"b" * 20}"{separator}2,"{"c" * 30}"{separator}3}}'
            self.assertEqual(run(value, 0), (f"[{','.join([one] * 9)}]",))


class Indentation(unittest.TestCase):
    """gh-140750."""

    def test_levels_come_and_go(self):
        value = [[[[1], 2], 3, [[4]]], {"a": {"b": []}, "c": {}}]
        for indent in ("", " ", "\t", "\xe9", "\u20ac\u20ac", "\U0001f40d"):
            expected = "".join(
                encoder._make_iterencode(
                    None, None, _json.encode_basestring_ascii, indent, repr, ": ", ", ", False, False, False
                )(value, 0)
            )
            self.assertEqual(text(value, indent=indent), expected)
            for level in (-5, 1, 7):
                shifted = expected.replace("\n", "\n" + indent * level)
                self.assertEqual(make(indent=indent)(value, level), (shifted,))

    def test_a_default_that_indents_again(self):
        again = make(indent=" ", default=lambda thing: again([1, [2]], 3)[0])
        self.assertEqual(again([object(), [3]], 0)[0].count("\n"), 5)

    def test_too_deep(self):
        for level in (2**62, sys.maxsize):
            with self.assertRaises((OverflowError, MemoryError)):
                make(indent="  ")([1], level)
        for level in (2**55, 2**61):
            with self.assertRaises((OverflowError, MemoryError)):
                make(indent="\u20ac ")([1], level)

    def test_what_is_no_text(self):
        with self.assertRaisesRegex(TypeError, r'^can only concatenate str \(not "int"\) to str$'):
            make(indent=5)([1], 0)
        with self.assertRaisesRegex(TypeError, "^'int' object can't be repeated$"):
            make(indent=5)([1], 1)
        self.assertEqual(make(indent=5)(1, 0), ("1",))


class Depth(unittest.TestCase):
    """Nesting until the end of the stack is an error, on any stack."""

    def check(self):
        for wrap in (lambda inner: [inner], lambda inner: {"k": inner}, lambda inner: (inner,), lambda inner: frozendict(k=inner)):
            value = 1
            for _ in range(200_000):
                value = wrap(value)
            for options in ({}, {"markers": {}}, {"indent": " "}, {"sort_keys": True}):
                self.overflows(value, **options)
        self.overflows(object(), default=lambda thing: [thing])
        self.overflows(object(), default=lambda thing: thing)

    def overflows(self, value, **options):
        try:  # `assertRaises` needs more stack than a debug build has left here
            text(value, **options)
        except RecursionError:
            return
        self.fail("no RecursionError")

    @support.skip_if_unlimited_stack_size
    def test_usual_stack(self):
        self.check()

    @threading_helper.requires_working_threading()
    def test_small_stack(self):
        on_small_stack(self.check)

    @threading_helper.requires_working_threading()
    def test_what_a_small_stack_can_hold(self):
        def deep():
            value = [1]
            for _ in range(30):
                value = [{"k": value}]
            self.assertEqual(json.loads(text(value, markers={})), value)

        on_small_stack(deep)


class Memory(unittest.TestCase):
    """Each allocation may fail, and nothing is lost then."""

    def test_every_failure(self):
        testcapi = import_helper.import_module("_testcapi")
        value = [{"a": ["text" * 400, 1.5, 10**200], "\xe9": ["\u20ac" * 50, {"k" * 20: "\U0001f40d" * 2000}]}] * 3
        for options in (
            {},
            {"indent": "  ", "markers": {}},
            {"strings": _json.encode_basestring, "sort_keys": True},
            {"strings": lambda text: text, "default": lambda thing: [thing.real]},
        ):
            run = make(**options)
            expected = run(value, 0)
            failed = 0
            for start in range(400):
                options.get("markers", {}).clear()
                testcapi.set_nomemory(start, start + 1)
                try:
                    result = run(value, 0)
                except MemoryError:
                    failed += 1
                    continue
                finally:
                    testcapi.remove_mem_hooks()
                self.assertEqual(result, expected)
                if start > 40 and not failed:
                    break
            self.assertGreater(failed, 3)

    def test_huge_strings_are_no_overflow(self):
        class Long(str):
            pass

        self.assertEqual(len(_json.encode_basestring_ascii("\x00" * 100_000)), 600_002)
        self.assertEqual(len(_json.encode_basestring(Long("\x00" * 100_000))), 600_002)


class Threads(unittest.TestCase):
    """Several threads at one object."""

    @threading_helper.requires_working_threading()
    def test_shared_and_changing(self):
        shared = [{"a": [1, 2.5, "x" * 30], "b": {"c": "d" * 20}} for _ in range(50)]
        stop = threading.Event()

        def change():
            rng = random.Random(1)
            while not stop.is_set():
                with contextlib.suppress(IndexError):  # the other thread has taken an item out
                    item = shared[rng.randrange(len(shared))]
                    item["a"][:] = ["y" * rng.randrange(40) for _ in range(rng.randrange(9))]
                    item[f"k{rng.randrange(9)}"] = {"z": [rng.random()]}
                    item.pop(f"k{rng.randrange(9)}", None)
                    shared.append(shared.pop(rng.randrange(len(shared))))

        def encode():
            for i in range(150):
                options = ({}, {"markers": {}}, {"indent": " "}, {"sort_keys": True})[i % 4]
                result = json.loads(text(shared, **options))
                self.assertTrue(all(set(item) >= {"a", "b"} for item in result))

        failures = []

        def watched(work):
            try:
                work()
            except BaseException as error:
                failures.append(error)

        changing = [threading.Thread(target=watched, args=(change,)) for _ in range(2)]
        with threading_helper.start_threads(changing, unlock=stop.set):
            with threading_helper.start_threads([threading.Thread(target=watched, args=(encode,)) for _ in range(4)]):
                pass
            stop.set()
        self.assertEqual(failures, [])

    @threading_helper.requires_working_threading()
    def test_one_encoder(self):
        shared = make(default=lambda thing: [thing.real])
        value = [{"a": ["b", 1j, 2.5]}] * 50
        expected = shared(value, 0)
        results = []
        with threading_helper.start_threads(
            [threading.Thread(target=lambda: results.extend(shared(value, 0) for _ in range(50))) for _ in range(4)]
        ):
            pass
        self.assertEqual(results, [expected] * 200)


if __name__ == "__main__":
    unittest.main()
