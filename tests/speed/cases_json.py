"""What is timed of `_json`: `json.loads` and `json.dumps` over each twin."""

import functools
import importlib
import json
import random
import sys


def cases(make):
    """Every case; `make` is the class of cases."""
    yield from loads(make)
    yield from dumps(make)


def loads(make):
    """Documents of a few kilobytes: the bars first, then everything else, which must not be slower."""
    for name, bar, document in (*READ, *(("small " + name, bar, document) for name, bar, document in SHORT)):
        values = {"a": document() if callable(document) else document}
        yield make("json-loads", name, "_json", "loads", ("f(a)",), values, bar, through=json_over)
    records = json.dumps(table())
    for option in ("object_hook", "object_pairs_hook", "array_hook", "parse_float", "parse_int"):
        values = {"a": records, "k": str if option.startswith("parse") else len}
        line = (f"f(a, {option}=k)",)
        yield make("json-loads", option, "_json", "loads", line, values, "1", through=json_over)
    loose = '["' + "a\tb\n\n" * 1000 + '"]'
    line = ("f(a, strict=False)",)
    yield make("json-loads", "strict=False", "_json", "loads", line, {"a": loose}, "1", through=json_over)
    for name, text in (("short", '"abcdefgh"'), ("long", '"' + "abcdefgh " * 1000 + '"')):
        yield make("json-loads", f"scanstring {name}", "_json", "scanstring", ("f(a, 1)",), {"a": text}, "1")


def dumps(make):
    """The same for values: the bars first, then everything else."""
    for name, bar, value, options in WRITTEN:
        values = {"a": value() if callable(value) else value}
        line = (f"f(a{''.join(f', {option}={value!r}' for option, value in options.items())})",)
        yield make("json-dumps", name, "_json", "dumps", line, values, bar, through=json_over)
    line = ("f(a, default=k)",)
    values = {"a": [1j] * 500, "k": str}
    yield make("json-dumps", "default", "_json", "dumps", line, values, "1", through=json_over)
    for name, text in (("short", "abcdefgh"), ("long", "abcdefgh " * 1000), ("wide", "\u4f60\u597d" * 500)):
        for function in ("encode_basestring", "encode_basestring_ascii"):
            yield make("json-dumps", f"{function} {name}", "_json", function, ("f(a)",), {"a": text}, "1")


@functools.cache
def json_over(module):
    """The package `json` of the standard library, made anew over a twin of `_json`."""
    names = ("json", "json.decoder", "json.encoder", "json.scanner", "_json")
    usual = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules["_json"] = module
    try:
        return importlib.import_module("json")
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(usual)


def table(text="city {}"):
    """Records of mixed values."""
    rng = random.Random(5)
    return [
        {
            "id": i,
            "name": f"user {i}",
            "active": i % 3 > 0,
            "score": rng.random() * 100,
            "balance": round(rng.uniform(-1000, 1000), 2),
            "tags": ["a", "bb", "ccc"][: i % 4],
            "parent": None,
            "address": {"street": f"Main Street {i}", "city": text.format(i % 20), "zip": f"{i:05}"},
        }
        for i in range(100)
    ]


def floats():
    rng = random.Random(6)
    return [rng.uniform(-1, 1) * 10.0 ** rng.randrange(-5, 6) for _ in range(1000)]


def each(*values):
    """A thousand of them in turn, as a document."""
    return json.dumps([values[i % len(values)] for i in range(1000)])


READ = (
    ("floats", "2.5", lambda: json.dumps(floats())),
    ("records", "2.2", lambda: json.dumps(table())),
    ("long strings", "3", lambda: json.dumps(["lorem ipsum dolor " * 60] * 20)),
    ("100 bytes", "1.1", '{"id": 17, "name": "some name", "ok": true, "price": 12.5, "tags": ["a", "b"], "parent": null, "n": 5}'),
    ("records compact", "1", lambda: json.dumps(table(), separators=(",", ":"))),
    ("records indented", "1", lambda: json.dumps(table(), indent=4)),
    ("records latin-1", "1", lambda: json.dumps(table("M\xfcnchen {}"), ensure_ascii=False)),
    ("records wide", "1", lambda: json.dumps(table("\u4e16\u754c {}"), ensure_ascii=False)),
    ("records widest", "1", lambda: json.dumps(table("\U0001f40d {}"), ensure_ascii=False)),
    ("prices", "1", lambda: json.dumps([round(value, 2) for value in floats()])),
    ("pairs of floats", "1", lambda: json.dumps([[round(value, 6), value] for value in floats()])),
    ("integers", "1", lambda: each(1, 22, 333, 4444, -55555, 1234567, 123456789012)),
    ("integers of 20 digits", "1", lambda: each(10**19 + 7, -(10**19) - 7)),
    ("integers of 50 digits", "1", lambda: each(10**49 + 7)),
    ("integers of 3000 digits", "1", lambda: json.dumps([10**2999 + 7] * 20)),
    ("literals", "1", lambda: each(None, True, False)),
    ("constants", "1", lambda: each(float("nan"), float("inf"), -float("inf"))),
    ("empty strings", "1", lambda: each("")),
    ("strings of 1", "1", lambda: each("a", "b", "\x7f")),
    ("strings of 6", "1", lambda: each("abcdef", "ghijkl")),
    ("strings of 30", "1", lambda: each("some words, about thirty bytes")),
    ("strings with escapes", "1", lambda: each('a "quoted" word\nand more', "back\\slash")),
    ("long strings with escapes", "1", lambda: json.dumps(['lorem "ipsum" dolor\n' * 100] * 10)),
    ("\\u escapes", "1", lambda: json.dumps(["\u4f60\u597d\u4e16\u754c, " * 20] * 20)),
    ("latin-1 strings", "1", lambda: json.dumps(["caf\xe9 au lait, " * 5] * 100, ensure_ascii=False)),
    ("wide strings", "1", lambda: json.dumps(["\u4f60\u597d\u4e16\u754c, " * 5] * 100, ensure_ascii=False)),
    ("wide strings with escapes", "1", lambda: json.dumps(["\u4f60\u597d\n\u4e16\u754c" * 50] * 10, ensure_ascii=False)),
    ("widest strings", "1", lambda: json.dumps(["\U0001f40d snake\n" * 20] * 20, ensure_ascii=False)),
    ("empty lists", "1", lambda: each([])),
    ("empty objects", "1", lambda: each({})),
    ("nested lists", "1", "[" * 500 + "]" * 500),
    ("nested objects", "1", '{"a":' * 500 + "1" + "}" * 500),
    ("different keys", "1", lambda: json.dumps({f"key {i}": i for i in range(2000)})),
    ("keys with escapes", "1", lambda: json.dumps([{"a\n": i, "\xe9": i} for i in range(300)])),
    ("small objects", "1", lambda: json.dumps([{"x": i, "y": -i} for i in range(500)])),
    ("white space", "1", "[" + " \n\t\r" * 500 + "]"),
    ("line ends", "1", "[" + "\n" * 2000 + "]"),
)  # fmt: skip
SHORT = (
    ("1", "1", "1"),
    ("string", "1", '"' + "x" * 98 + '"'),
    ("call", "1", '{"id":1,"method":"getValue","params":[1,"two",3.0,null,true],"jsonrpc":"2.0"}'),
    ("empty object", "1", "{}"),
)
WIDE = ["\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! " * 60] * 10
WRITTEN = (
    ("floats", "8", floats, {}),
    ("records", "4", table, {}),
    ("long strings", "4", ["lorem ipsum dolor " * 60] * 20, {}),
    ("non-ASCII", "2", WIDE, {}),
    ("non-ASCII kept", "2", WIDE, {"ensure_ascii": False}),
    ("indented", "3", table, {"indent": 4}),
    ("100 bytes", "1.1", {"id": 17, "name": "some name", "ok": True, "price": 12.5, "tags": ["a", "b"], "parent": None}, {}),
    ("records compact", "1", table, {"separators": (",", ":")}),
    ("records sorted", "1", table, {"sort_keys": True}),
    ("records unchecked", "1", table, {"check_circular": False}),
    ("records kept", "1", lambda: table("M\xfcnchen {}"), {"ensure_ascii": False}),
    ("records wide", "1", lambda: table("\u4e16\u754c {}"), {}),
    ("prices", "1", lambda: [round(value, 2) for value in floats()], {}),
    ("integers", "1", [1, 22, 333, 4444, -55555, 1234567, 123456789012] * 150, {}),
    ("integers of 20 digits", "1", [10**19 + 7, -(10**19) - 7] * 500, {}),
    ("integers of 50 digits", "1", [10**49 + 7] * 500, {}),
    ("integers of 1000 digits", "1", [10**999 + 7] * 50, {}),
    ("literals", "1", [None, True, False] * 300, {}),
    ("constants", "1", [float("nan"), float("inf"), -float("inf")] * 300, {}),
    ("empty strings", "1", [""] * 1000, {}),
    ("strings of 6", "1", ["abcdef", "ghijkl"] * 500, {}),
    ("strings of 30", "1", ["some words, about thirty bytes"] * 1000, {}),
    ("strings with escapes", "1", ['a "quoted" word\nand more', "back\\slash"] * 500, {}),
    ("latin-1 strings", "1", ["caf\xe9 au lait, " * 5] * 100, {}),
    ("latin-1 strings kept", "1", ["caf\xe9 au lait, " * 5] * 100, {"ensure_ascii": False}),
    ("short wide strings", "1", ["\u043c\u0438\u0440", "hello"] * 500, {}),
    ("short wide strings kept", "1", ["\u043c\u0438\u0440", "hello"] * 500, {"ensure_ascii": False}),
    ("widest strings", "1", ["\U0001f40d\U0001f40d" * 20] * 20, {}),
    ("widest strings kept", "1", ["\U0001f40d\U0001f40d" * 20] * 20, {"ensure_ascii": False}),
    ("empty lists", "1", [[]] * 1000, {}),
    ("lists of lists", "1", [[[1], [2]] for _ in range(200)], {}),
    ("tuples", "1", [(1, 2, 3)] * 300, {}),
    ("keys that are numbers", "1", lambda: {n: n for i in range(300) for n in (i, i + 0.5)}, {}),
    ("nested lists", "1", lambda: json.loads("[" * 60 + "]" * 60), {}),
    ("nested lists, deep", "1", lambda: json.loads("[" * 500 + "]" * 500), {}),
    ("small 1", "1", 1, {}),
    ("small string", "1", "x" * 98, {}),
    ("small object", "1", {}, {}),
)  # fmt: skip
