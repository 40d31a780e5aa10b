"""Arguments and results: what Argument Clinic makes of a signature in C, the macros must make of it in Rust.

`clinic` is the Rust twin of CPython's own `_testclinic`: each function is called with everything here and
must give the same result, or the same exception with the same text, as its C twin.
"""

import itertools
import sys
import unittest
import warnings

from attack import load

import _testclinic

clinic = load("clinic")
conventions = load("conventions")


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value

    def __repr__(self):
        return f"Index({self.value!r})"


class Float:
    def __float__(self):
        return 2.5


class Truth:
    def __bool__(self):
        raise ZeroDivisionError("no truth here")


class Int(int):
    def __index__(self):
        raise AssertionError("an int needs no __index__")


class Text(str):
    pass


class Bytes(bytes):
    pass


class ANameThatIsLongerThanTheFiftyCharactersThatErrorTextsShow:
    pass


EDGES = [sign * (1 << bits) + step for bits in (0, 7, 8, 15, 16, 30, 31, 32, 60, 62, 63, 64, 100)
         for sign in (1, -1) for step in (-1, 0, 1)]
VALUES = [
    *EDGES, None, True, False, 1.5, -0.0, float("inf"), 1e300, "", "x", "xy", "\u0129", "\U0001f980", "\udc80",
    "nul\0", b"", b"x", b"\xff", b"xy", bytearray(b"x"), bytearray(b"xy"), memoryview(b"x"), (), [], {}, object,
    Index(5), Index(-1), Index(1 << 70), Index("no int"), Index(KeyError("mine")), Float(), Truth(), Int(7),
    Int(1 << 40), Int(1 << 80), Text("t"), Bytes(b"t"), 1j,
    ANameThatIsLongerThanTheFiftyCharactersThatErrorTextsShow(), type("N\u00e4me", (), {})(),
]


def outcome(function, args, keywords):
    """What a call comes to, with the warnings, in a form that can be compared."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = "gives", repr(function(*args, **keywords))
        except Exception as error:
            result = type(error), str(error).replace("_testclinic.", "clinic.")
    return result, [(w.category, str(w.message)) for w in caught]


def twins():
    names = [name for name in dir(clinic) if not name.startswith("__")]
    return [(name, getattr(clinic, name), getattr(_testclinic, name)) for name in names]


class TwinTest(unittest.TestCase):
    def same(self, name, args, keywords={}):
        ours = outcome(getattr(clinic, name), args, keywords)
        theirs = outcome(getattr(_testclinic, name), args, keywords)
        self.assertEqual(ours, theirs, f"{name}(*{args!r}, **{keywords!r})")

    def test_there_are_twins(self):
        self.assertGreater(len(twins()), 45)

    def test_signatures(self):
        for name, ours, theirs in twins():
            self.assertEqual(ours.__text_signature__, theirs.__text_signature__, name)
            self.assertEqual(ours.__name__, theirs.__name__)

    def test_number_of_arguments(self):
        for name, *_ in twins():
            for count in range(18):
                self.same(name, (1,) * count)

    def test_names(self):
        names = ["a", "b", "c", "d", "e", "pos1", "kw1", "name", "covariant", "path", "x", "aa", "A", "\u00e4"]
        for name, *_ in twins():
            for count in range(4):
                for given in range(1, 4):
                    for keywords in itertools.combinations(names, given):
                        self.same(name, tuple(range(count)), {keyword: keyword for keyword in keywords})

    def test_names_in_any_order(self):
        for keywords in itertools.permutations("abcd"):
            for count in range(3):
                for name in ("keywords_opt_kwonly", "posonly_keywords_opt", "varpos_kwonly_req_opt"):
                    self.same(name, (0,) * count, {keyword: keyword for keyword in keywords})

    def test_suggestions(self):
        wrong = ["covarian", "covariantt", "Covariant", "COVARIANT", "cov", "variant", "nmae", "constraints", "",
                 "a" * 50, "covariant" * 9, "nam\u00e9", "name\0", "covariantcovariant"]
        for keyword in wrong:
            self.same("null_or_tuple_for_varargs", (1,), {keyword: 2})
            self.same("gh_32092_oob", (1, 2), {keyword: 2})

    def test_names_that_are_no_plain_strings(self):
        class Equal(str):
            def __eq__(self, other):
                raise AssertionError("names are compared without asking them")
            __hash__ = str.__hash__

        self.assertEqual(outcome(clinic.keywords, (1,), {Text("b"): 2}), outcome(_testclinic.keywords, (1,), {"b": 2}))
        self.assertEqual(clinic.keywords(1, **{Equal("b"): 2}), (1, 2))
        for function in (clinic.keywords, _testclinic.keywords):
            with self.assertRaisesRegex(TypeError, "keywords must be strings"):
                function(1, **{2: 3})

    def test_values(self):
        for name, *_ in twins():
            if name.endswith("_converter"):
                for value in VALUES:
                    self.same(name, (value,))

    def test_values_in_later_places(self):
        for name in ("bool_converter", "unsigned_char_converter", "unsigned_short_converter", "int_converter",
                     "unsigned_int_converter", "unsigned_long_converter", "slice_index_converter"):
            for value in VALUES:
                self.same(name, (1, value))
                self.same(name, (1, 2, value))
        for value in VALUES:
            for place in range(7):
                self.same("py_ssize_t_converter", (1,) * place + (value,))
            self.same("char_converter", (b"x",) * 13 + (value,))
            self.same("clone_f1", (), {"path": value})
            self.same("clone_f1", (value,))
            self.same("poskw_varpos_kwonly_opt", (1,), {"b": value})

    def test_warnings_as_errors(self):
        for function in (clinic.unsigned_char_converter, _testclinic.unsigned_char_converter):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                with self.assertRaisesRegex(DeprecationWarning, "integer value out of range"):
                    function(1, 2, 1 << 70)

    def test_no_leaks(self):
        objects = [object() for _ in range(4)]
        before = [sys.getrefcount(o) for o in objects]
        for name, function, _ in twins():
            for count, keyword in itertools.product(range(4), ("a", "b", "c", "zz")):
                outcome(function, tuple(objects[:count]), {keyword: objects[3], "d": objects[0]})
                outcome(function, tuple(objects[:count]), {})
        self.assertEqual([sys.getrefcount(o) for o in objects], before)


class AskTest(unittest.TestCase):
    def test_nothing(self):
        self.assertIsNone(conventions.noargs())
        self.assertIsNone(conventions.one(1))
        self.assertIsNone(conventions.fast(1, 2))
        self.assertIsNone(conventions.keywords(1, b=2))
        self.assertIsNone(conventions.token_and_object(1))

    def test_module_and_token(self):
        self.assertEqual(conventions.asks(1), ("conventions", True))
        self.assertEqual(conventions.asks(None), ("conventions", False))

    def test_error(self):
        with self.assertRaisesRegex(ValueError, "^mine$"):
            conventions.fails("mine")

    def test_defaults(self):
        self.assertEqual(conventions.text_default(), ("a\n", -1, 0.5, True))
        self.assertEqual(conventions.text_default(z=2, x="x"), ("x", -1, 2.0, True))
        self.assertEqual(conventions.computed_default(), 1 << 40)
        self.assertEqual(conventions.computed_default(3), 3)
        self.assertIsNone(conventions.object_default_none())

    def test_none_and_left_out(self):
        self.assertEqual(conventions.optional_object(), (False, None))
        self.assertEqual(conventions.optional_object(None), (False, None))
        self.assertEqual(conventions.optional_object(x=1), (True, 1))
        self.assertEqual(conventions.optional_left_out(), (False, None))
        self.assertEqual(conventions.optional_left_out(None), (True, None))
        self.assertEqual(conventions.text_or_none(None), None)
        with self.assertRaisesRegex(TypeError, r"^text_or_none\(\) argument must be str or None, not int$"):
            conventions.text_or_none(1)

    def test_all_kinds(self):
        self.assertEqual(conventions.all_kinds(1, 2, 3, 4, 5, d=6), ((1, 2, 3), (4, 5), (6, 0)))
        self.assertEqual(conventions.all_kinds(1, e=7, d=6), ((1, 0, 0), (), (6, 7)))
        self.assertEqual(conventions.all_kinds(1, 2, c=3, d=6), ((1, 2, 3), (), (6, 0)))

    def test_more(self):
        self.assertEqual(conventions.more(1, "x"), (1, ("x",)))
        self.assertEqual(conventions.more_keywords(1, 2, a=3), (1, (2,), {"a": 3}))
        given = {"x": 1}
        conventions.more_keywords(**given)[2]["y"] = 2
        self.assertEqual(given, {"x": 1})

    def test_results(self):
        self.assertEqual(conventions.give_tuple(), (-1, 2, 0.5, True, "x", None))
        self.assertEqual(conventions.give_bytes(), (b"\x01\x02", b"ab"))
        self.assertEqual((conventions.give_option(1), conventions.give_option(0)), (1 << 62, None))
        self.assertEqual(conventions.give_char(), "\U0001f980")
        self.assertEqual(conventions.give_large(), (2**64 - 1, sys.maxsize * 2 + 1, -sys.maxsize - 1))

    def test_interned_twice(self):
        again = load("conventions")
        self.assertIsNot(again, conventions)
        self.assertEqual(again.asks(0), ("conventions", True))


if __name__ == "__main__":
    unittest.main()
