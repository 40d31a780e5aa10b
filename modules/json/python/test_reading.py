"""The half of `_json` that reads, where C has crashed or could: hooks, indexes, depth, memory, threads."""

import _json
import gc
import json
import sys
import threading
import time
import unittest
import weakref
from json.decoder import JSONDecodeError, JSONDecoder
from test import support
from test.support import import_helper, threading_helper

from small_stack import on_small_stack


class Context:
    """What a scanner asks for."""

    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float, parse_int = float, int

    def __init__(self, **options):
        vars(self).update(options)

    @staticmethod
    def parse_constant(word):
        return word


def scanner(**options):
    return _json.make_scanner(Context(**options))


class Indexes(unittest.TestCase):
    """Starts that are nowhere in the document."""

    def test_scanner(self):
        scan = scanner()
        for start in (-1, -50_000, -sys.maxsize - 1):
            with self.assertRaisesRegex(ValueError, "^idx cannot be negative$"):
                scan("[]", start)
        for start in (2, 3, 2**31, 2**32, sys.maxsize):
            with self.assertRaises(StopIteration) as caught:
                scan("[]", start)
            self.assertEqual(caught.exception.value, start)
        for start in (sys.maxsize + 1, -sys.maxsize - 2):
            self.assertRaises(OverflowError, scan, "[]", start)

    def test_scanstring(self):
        for end in (-1, 4, 2**31, sys.maxsize, -sys.maxsize - 1):
            with self.assertRaisesRegex(ValueError, "^end is out of bounds$"):
                _json.scanstring('"a"', end)
        with self.assertRaises(JSONDecodeError) as caught:
            _json.scanstring("", 0)
        self.assertEqual((caught.exception.pos, caught.exception.msg), (-1, "Unterminated string starting at"))

    def test_every_start_in_every_width(self):
        """What is read from a place on does not depend on what is before it."""
        scan = scanner()
        for wide in ("", "\xe9", "\u20ac", "\U0001f40d"):
            document = '{"a": [1.5, "\\ud834\\udd20x", {}, true, nul, -Infinity ' + wide
            for start in range(len(document) + 1):
                self.assertEqual(outcome(scan, document, start, 0), outcome(scan, document[start:], 0, start))


def outcome(scan, document, start, shift):
    """What a call gives, with places counted from `shift` on."""
    try:
        value, end = scan(document, start)
        return value, end + shift
    except StopIteration as error:
        return "nothing", error.value + shift
    except JSONDecodeError as error:
        return error.msg, error.pos + shift


class Hooks(unittest.TestCase):
    """Code that runs in the middle of a document."""

    def test_change_what_they_get(self):
        def spoil(value):
            value.clear()
            gc.collect()
            return value

        document = '[{"a": [1, {"b": []}]}, [2, [3]], {"a": 1}]'
        self.assertEqual(scanner(array_hook=spoil)(document, 0)[0], [])
        self.assertEqual(scanner(object_hook=spoil)(document, 0)[0], [{}, [2, [3]], {}])
        self.assertEqual(scanner(object_pairs_hook=spoil)(document, 0)[0], [[], [2, [3]], []])

    def test_keep_what_they_get(self):
        """A list that a hook has kept and changes is not touched again."""
        kept = []

        def keep(value):
            for other in kept:
                other.append(0)
            kept.append(value)
            return len(kept)

        value, _ = scanner(array_hook=keep)("[" + "[1, 2]," * 600 + "[]]", 0)
        self.assertEqual(value, 602)
        self.assertEqual(kept[-1], list(range(1, 602)))
        self.assertEqual(kept[0][:3], [1, 2, 0])

    def test_raise(self):
        def oops(value):
            raise ZeroDivisionError(value)

        document = '[1, [2.5, {"key": "value", "k": [NaN]}]]'
        for name in ("object_hook", "object_pairs_hook", "array_hook", "parse_float", "parse_int", "parse_constant"):
            with self.subTest(name=name):
                before = sys.getrefcount(document)
                self.assertRaises(ZeroDivisionError, scanner(**{name: oops}), document, 0)
                self.assertEqual(sys.getrefcount(document), before)

    def test_call_the_scanner_again(self):
        """Calls inside calls have their own keys, strings and lists."""
        depth = 0

        def again(value):
            nonlocal depth
            if depth == 5:
                return value
            depth += 1
            try:
                return [value, scan('{"key": ["\\u20ac", {"other": 1}], "key\\n": {}}', 0)[0]]
            finally:
                depth -= 1

        scan = scanner(object_hook=again)
        value, _ = scan('[1, 2, {"key": 1}, "a\\tb", {"key": 2, "\\u20ac": {}}]', 0)
        self.assertEqual(depth, 0)
        self.assertEqual((value[0], value[1], value[3]), (1, 2, "a\tb"))
        self.assertEqual(value[2][0], {"key": 1})

    def test_let_go_of_the_scanner(self):
        """Neither the scanner nor the document may be freed while a hook runs."""

        def drop(value):
            nonlocal scan
            scan = None
            gc.collect()
            return value

        scan = scanner(object_hook=drop, array_hook=drop)
        value, _ = scan("".join(["[", "{}, " * 100, '{"a": ["x", 1.5, 12345678901234567890123]}]']), 0)
        self.assertEqual(value[-1], {"a": ["x", 1.5, 12345678901234567890123]})

    def test_are_collected(self):
        class Hook:
            def __call__(self, value):
                return value

        hook = Hook()
        hook.scanner = scanner(object_hook=hook)
        gone = weakref.ref(hook)
        del hook
        support.gc_collect()
        self.assertIsNone(gone())


class Depth(unittest.TestCase):
    """Nesting until the end of the stack is an error, on any stack."""

    documents = [
        opening * 200_000 + ending
        for opening in ("[", '{"a":', '[{"a" : ', '[1, "\\u20ac", [], ')
        for ending in ("", "1" + ("]" if opening == "[" else "}") * 200_000)
    ]

    def check(self):
        for document in self.documents:
            for scan in (scanner(), scanner(object_hook=len, array_hook=len)):
                try:  # `assertRaises` needs more stack than a debug build has left here
                    scan(document, 0)
                except RecursionError:
                    continue
                self.fail("no RecursionError")

    def test_usual_stack(self):
        self.check()

    @threading_helper.requires_working_threading()
    def test_small_stack(self):
        on_small_stack(self.check)

    @threading_helper.requires_working_threading()
    def test_what_a_small_stack_can_hold(self):
        def deep():
            for document in ("[" * 200 + "]" * 200, '{"a":' * 200 + "1" + "}" * 200):
                self.assertEqual(scanner()(document, 0)[1], len(document))

        on_small_stack(deep)

    def test_depth_inside_hooks(self):
        """A hook that reads its own document again ends, too."""

        def again(value):
            return scan("[[]]", 0)

        scan = scanner(array_hook=again)
        with support.infinite_recursion():
            self.assertRaises(RecursionError, scan, "[]", 0)


class Memory(unittest.TestCase):
    """Every allocation may fail."""

    def test_fails_anywhere(self):
        _testcapi = import_helper.import_module("_testcapi")
        keys = ", ".join(f'"key {i}": {i}' for i in range(300))
        document = (
            '[{"a": [1.5, 12345678901234567890123, "text", "e\\n\\u20ac", NaN, null], "\\u00e9": {"b": -1}}, '
            + f'"{"long " * 100}\\n", {{{keys}}}, [{"1," * 300} {"9" * 200}]]'
        )
        for options in ({}, {"object_pairs_hook": list, "array_hook": tuple}, {"parse_float": str, "parse_int": str}):
            scan = scanner(**options)
            wanted = repr(scan(document, 0))
            for start in range(5000):
                _testcapi.set_nomemory(start, start + 1)
                try:
                    found = scan(document, 0)
                except MemoryError:
                    found = None
                finally:
                    _testcapi.remove_mem_hooks()
                if found is not None:
                    self.assertEqual(repr(found), wanted)
                    if start > 1500:
                        break
        context = Context()
        for start in range(30):
            _testcapi.set_nomemory(start, start + 1)
            try:
                _json.make_scanner(context)
            except MemoryError:
                pass
            finally:
                _testcapi.remove_mem_hooks()


class Keys(unittest.TestCase):
    """Equal keys of a document are one object."""

    def keys(self, document):
        return [key for part in json.loads(document) for key in part]

    def test_however_they_are_written(self):
        for text, escaped in (("ab", "\\u0061b"), ("\xe9x", "\\u00e9x"), ("\u20acx", "\\u20acx"), ("\u0141", "\\u0141")):
            for wide in ("", "\xff", "\u20ac", "\U0001f40d"):
                keys = self.keys(f'[{{"{text}": 1}}, {{"{escaped}": 2}}, {{"{text}": "{wide}"}}, {{"{escaped}": 3}}]')
                self.assertEqual(keys, [text] * 4)
                self.assertEqual(len({id(key) for key in keys}), 1)

    def test_those_that_look_alike_are_not_confused(self):
        """A character of a wide key may have the low byte of another."""
        keys = ["A", "\u0141", "\u0241", "\U00010041", "\u4141", "A" * 16, "A" * 15 + "\u0141", "A" * 17, "A" * 8 + "B" + "A" * 8]
        document = json.dumps([dict.fromkeys(keys)] * 3, ensure_ascii=False)
        for text in (document, json.dumps(json.loads(document))):
            self.assertEqual(self.keys(text), keys * 3)

    def test_an_expected_key_ends_where_it_ends(self):
        """Records with the same keys, and then others that begin alike."""
        for other in ("ab", "abcd", "", 'ab"', "ab\\", "abc\n", "abc\u20ac"):
            records = [{"abc": 1, "def": 2}] * 3 + [{other: 3, "def": 4}, {"abc": 5, other + "f": 6}]
            self.assertEqual(json.loads(json.dumps(records)), records)
            self.assertEqual(json.loads(json.dumps(records, ensure_ascii=False)), records)
        self.assertRaises(JSONDecodeError, json.loads, '[{"a":1,"b":2},{"a":1,"b:3}]')

    def test_of_any_number(self):
        for count in (10, 100, 1000, 20_000):
            names = [f"key number {i}" for i in range(count)]
            keys = self.keys(json.dumps([dict.fromkeys(names)] * 2))
            self.assertEqual(keys, names * 2)
            self.assertTrue(all(first is second for first, second in zip(keys[:count], keys[count:])))

    def test_that_collide_cost_no_more(self):
        """The table's hash is weak: what it cannot tell apart must not become slow."""
        alike = json.dumps([dict.fromkeys(f"12345678{i:06}12345678" for i in range(20_000))] * 2)
        apart = json.dumps([dict.fromkeys(f"{i:06}1234567812345678" for i in range(20_000))] * 2)
        times = {}
        for document in (alike, apart) * 3:
            start = time.process_time()
            json.loads(document)
            times[document] = min(times.get(document, 9.0), time.process_time() - start)
        self.assertLess(times[alike], 4 * times[apart])


class Threads(unittest.TestCase):
    @threading_helper.requires_working_threading()
    def test_share_a_scanner(self):
        scan = scanner(object_hook=lambda value: value)
        document = json.dumps([{"a": i, "b": [i / 2, "x\n\u20ac"], f"key {i}": None} for i in range(300)])
        wanted = scan(document, 0)
        wrong = []

        def work():
            for _ in range(20):
                if scan(document, 0) != wanted:
                    wrong.append(1)

        with threading_helper.start_threads([threading.Thread(target=work) for _ in range(6)]):
            pass
        self.assertEqual(wrong, [])


class Numbers(unittest.TestCase):
    def test_limit_of_digits(self):
        with support.adjust_int_max_str_digits(1000):
            for wide in ("", "\u20ac"):
                self.assertEqual(json.loads(f'["{wide}", {"9" * 1000}]')[1], int("9" * 1000))
                with self.assertRaisesRegex(ValueError, "Exceeds the limit .1000 digits.*value has 1001 digits"):
                    json.loads(f'["{wide}", -{"9" * 1001}]')

    def test_long_floats(self):
        for wide in ("", "\u20ac", "\U0001f40d"):
            for digits in (5, 17, 62, 63, 64, 65, 800, 5000):
                text = "-0." + "0" * 3 + "123456789" * (digits // 9) + "5e3"
                self.assertEqual(json.loads(f'["{wide}", {text}]')[1], float(text))

    def test_subclasses_are_called(self):
        class Float(float):
            pass

        class Int(int):
            pass

        value = json.loads("[1, 1.5, 1e5]", parse_float=Float, parse_int=Int)
        self.assertEqual([type(number) for number in value], [Int, Float, Float])


class Documents(unittest.TestCase):
    def test_of_a_subclass(self):
        class Text(str):
            def __len__(self):
                raise ZeroDivisionError

            def __getitem__(self, index):
                raise ZeroDivisionError

        self.assertEqual(scanner()(Text('["a", {"b": 1}]'), 0), (["a", {"b": 1}], 15))
        self.assertEqual(_json.scanstring(Text('"abc"'), 1), ("abc", 5))

    def test_of_another_type(self):
        with self.assertRaisesRegex(TypeError, "^first argument must be a string, not bytes$"):
            scanner()(b"[]", 0)

    def test_error_class_that_is_none(self):
        """Errors are made by whatever `json.decoder` calls JSONDecodeError."""
        with support.swap_attr(json.decoder, "JSONDecodeError", len):
            self.assertRaises(TypeError, scanner(), "[1", 0)
        with support.swap_attr(json.decoder, "JSONDecodeError", lambda *args: KeyError(args[2])):
            self.assertRaises((KeyError, SystemError), scanner(), "[1", 0)

    def test_long_strings_with_escapes(self):
        """Around the number of characters that are gathered at a time."""
        for size in (1, 100, 255, 256, 257, 511, 512, 513, 2000):
            for char in ("a", "\xe9", "\u20ac", "\U0001f40d", "\ud800"):
                for text in (char * size + "\n", "\n" + char * size, "a" * size + "\n" + char, (char + '"') * size):
                    for ascii_only in (True, False):
                        document = json.dumps(text, ensure_ascii=ascii_only)
                        self.assertEqual(JSONDecoder().decode(document), text)


if __name__ == "__main__":
    unittest.main()
