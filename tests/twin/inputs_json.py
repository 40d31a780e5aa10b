"""Random calls of `_json`: of the half that writes (`inputs_json_encode.py`), and of the half that reads: documents, sound and broken, with every option.

The twins' classes are called through a view, which has the functions `scan` and `scanstring`. The
pure-Python twin of `json` is asked, too: see `agrees`.
"""

import decimal
import importlib
import re
import sys
import types

import hostile
import inputs_json_encode
import twins
from terms import Make


def without_accelerator():
    """The modules `json.decoder` and `json.scanner` as they are where there is no `_json`."""
    names = ("json", "json.decoder", "json.encoder", "json.scanner", "_json")
    usual = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules["_json"] = None
    try:
        return importlib.import_module("json.decoder"), importlib.import_module("json.scanner")
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(usual)


DECODER, SCANNER = without_accelerator()


def view(module):
    """The functions that the cases name, over a twin's module."""
    writing = inputs_json_encode.view(module)
    return types.SimpleNamespace(scan=scan_with(module.make_scanner), scanstring=module.scanstring, **writing)


def scan_with(make_scanner):
    """A function `(document, start, options)` that makes a scanner and calls it."""

    def scan(document, start, options):
        context = Context(options)
        scanner = make_scanner(context)
        outer, Context.scanner = Context.scanner, scanner
        try:
            value, end = scanner(document, start)
        finally:
            Context.scanner = outer
        return value, end, same_keys(value)

    return scan


class Context:
    """What a decoder shows a scanner."""

    scanner = None
    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float, parse_int = float, int
    parse_constant = {"-Infinity": float("-inf"), "Infinity": float("inf"), "NaN": float("nan")}.__getitem__

    def __init__(self, options):
        vars(self).update(options)
        self.memo = {}
        self.parse_object = DECODER.JSONObject
        self.parse_array = DECODER.JSONArray
        self.parse_string = DECODER.scanstring


def same_keys(value):
    """Which keys of the value are one object, by the place where each is met first."""
    numbers, keys, todo = {}, [], [value]
    while todo:
        part = todo.pop()
        if type(part) is dict:
            keys += part
            todo += part.values()
        elif type(part) is list:
            todo += part
    return [numbers.setdefault(id(key), len(numbers)) for key in keys]


PURE = types.SimpleNamespace(scan=scan_with(SCANNER.make_scanner), scanstring=DECODER.scanstring)


def agrees(function, args, outcome):
    """Whether pure Python does what the C twin did, where it means to do the same."""
    if function.startswith("encode"):
        return inputs_json_encode.agrees(function, args, outcome)
    (how, told), trace, _ = outcome
    if not comparable(args) or "RecursionError" in told[0]:
        return True
    hostile.reset(None)
    del hostile.trace[:]
    try:
        value = getattr(PURE, function)(*args)
        pure = "returned", twins.described(value)
    except (StopIteration, DECODER.JSONDecodeError) as error:
        pure = "raised", plain(error)
    except RecursionError:
        return True
    except Exception as error:
        pure = "raised", (type(error).__name__, twins.shown(error))
    if how == "raised":
        told = plain_told(told)
    return (how, told) == pure and tuple(hostile.trace) == trace


def comparable(args):
    """Not what pure Python does not check, starts that are no index; nor what clears its memory of
    keys meanwhile, a call inside a call."""
    document, start = args[:2]
    if len(args) > 2 and type(args[2]) is dict and calls_again in args[2].values():
        return False
    if type(document) is not str or type(start) is not int or not 0 <= start <= len(document):
        return False
    return not any(isinstance(part, Make) for part in args[2:])


def plain(error):
    """An error of either kind: pure Python names the character, and one place of an escape."""
    if type(error) is StopIteration:
        return "JSONDecodeError", f"Expecting value (char {error.value})"
    text = re.sub(r"(?s)^Invalid control character .* at:", "Invalid control character at:", str(error))
    place = error.pos - error.msg.startswith("Invalid \\escape")
    return "JSONDecodeError", f"{MESSAGE.match(text)[0]} (char {place})"


def plain_told(told):
    """The same of what `twins.raised` tells."""
    name, text = told[:2]
    if name == "builtins.StopIteration":
        return "JSONDecodeError", f"Expecting value (char {text})"
    if name == "json.decoder.JSONDecodeError":
        return "JSONDecodeError", f"{MESSAGE.match(text)[0]} ({text.rpartition('(')[2]}"
    return name.rpartition(".")[2], text


MESSAGE = re.compile(r"Invalid \\escape|Expecting ':' delimiter|[^:]*")


def json_case(rng):
    """One call: a function's name, its arguments, its keywords."""
    if rng.random() < 0.4:
        return inputs_json_encode.encode_case(rng)
    if rng.random() < 0.2:
        return "scanstring", scanstring_arguments(rng), {}
    document = rng.choice(ALPHABETS)(rng)
    start = 0
    if rng.random() < 0.15:
        start = rng.choice((-1, 1, 2, len(document) - 1, len(document), len(document) + 1, 2**63 - 1, 2**63))
    if rng.random() < 0.01:
        document = rng.choice((Make(hostile.SubStr, document), None, b"[]", 5))
    return "scan", [document, start, options(rng)], {}


def scanstring_arguments(rng):
    text = string(rng, rng.choice(KINDS))
    if rng.random() < 0.5:
        text = damaged(rng, text)
    args = [text, 1]
    if rng.random() < 0.1:
        args[1] = rng.choice((0, -1, 2, len(text), len(text) + 1, 2**62, -(2**70), True, Make(hostile.Index, 1)))
    if rng.random() < 0.4:
        args.append(rng.choice((True, False, 0, "x")))
    return args


def options(rng):
    """Few options at a time, so that most documents are read to the end."""
    chosen = {}
    while rng.random() < 0.3:
        name = rng.choice(tuple(OPTIONS))
        chosen[name] = rng.choice(OPTIONS[name])
    return chosen


def sound(rng):
    return space(rng) * (rng.random() < 0.2) + value(rng, rng.choice(KINDS), rng.choice((0, 1, 2, 3, 5)))


def broken(rng):
    document = sound(rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        document = damaged(rng, document)
    return document


def noise(rng):
    parts = ('"', '"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\t", "0", "1", "12", "-", ".", "e", "E5", "+")
    parts += ("null", "true", "fals", "NaN", "-Infinity", "Infinit", "u12aB", "\\u", "\\n", "\x00", "\x7f")
    parts += ("\xe9", "\u20ac", "\ud800", "\U0001f40d", "\uff11")
    return "".join(rng.choices(parts, k=rng.randrange(24)))


def deep(rng):
    depth = rng.randrange(1, 60)
    opening = rng.choices(("[", '{"a":', '{"b" : ', "[1, ", "[[], "), k=depth)
    closing = ["}" if part[0] == "{" else "]" for part in reversed(opening)]
    return "".join(opening) + rng.choice(("1", "", "[]", "{}", '"x"')) + "".join(closing[: rng.randrange(depth + 1)])


def long_list(rng):
    """Longer than what is gathered at a time."""
    size = rng.choice((30, 255, 256, 257, 600))
    items = [value(rng, rng.choice(KINDS), 0) for _ in range(5)]
    return "[" + ",".join(rng.choices(items, k=size)) + rng.choice(("]", "]", ",]", ""))


def many_keys(rng):
    """More keys than the table of those that were seen has places, and again some of them."""
    size = rng.choice((5, 14, 40, 200, 1200))
    prefix = rng.choice(("k", "", "key number ", "a rather long key, of more than sixteen characters ", "\u20ac", "\\u0041"))
    suffix = rng.choice(("", "", "\\n", " and a long tail", "\xe9"))
    keys = [f'"{prefix}{rng.randrange(size)}{suffix}":{i}' for i in range(size)]
    half = len(keys) // 2
    return "[{" + ",".join(keys[:half]) + "},{" + ",".join(keys[half:] + keys[:3]) + "}]"


def value(rng, kind, depth):
    dice = rng.random()
    if depth and dice < 0.3:
        items = [value(rng, kind, depth - 1) for _ in range(rng.choice((0, 1, 2, 3, 6)))]
        return f"[{space(rng)}{comma(rng).join(items)}{space(rng)}]"
    if depth and dice < 0.65:
        items = [key(rng, kind) + colon(rng) + value(rng, kind, depth - 1) for _ in range(rng.choice((0, 1, 2, 3, 6)))]
        return f"{{{space(rng)}{comma(rng).join(items)}{space(rng)}}}"
    if dice < 0.8:
        return number(rng)
    return string(rng, kind) if dice < 0.93 else rng.choice(WORDS)


def key(rng, kind):
    return rng.choice(KEYS) if rng.random() < 0.7 else string(rng, kind)


def number(rng):
    dice = rng.random()
    if dice < 0.2:
        return str(rng.randrange(-300, 300))
    if dice < 0.4:
        return str(rng.randrange(-(10 ** rng.randrange(1, 60)), 10 ** rng.randrange(1, 60)))
    if dice < 0.5:
        return rng.choice(NUMBERS)
    if dice < 0.7:
        return repr(rng.uniform(-1, 1) * 10.0 ** rng.randrange(-320, 308))
    digits = "".join(rng.choices("0123456789", k=rng.choice((1, 2, 5, 15, 17, 19, 30, 80))))
    text = rng.choice(("", "-")) + (digits.lstrip("0") or "0")
    if rng.random() < 0.6:
        text += "." + "".join(rng.choices("0123456789", k=rng.choice((1, 2, 5, 15, 20, 70))))
    if rng.random() < 0.5:
        text += rng.choice("eE") + rng.choice(("", "+", "-")) + str(rng.randrange(rng.choice((3, 25, 400))))
    return text


def string(rng, kind):
    parts = []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        dice = rng.random()
        if dice < 0.5:
            parts.append("".join(rng.choices(PLAIN, k=rng.choice((1, 3, 7, 8, 9, 16, 40, 90)))))
        elif dice < 0.7:
            parts.append("".join(rng.choices(kind, k=rng.choice((1, 2, 5, 20)))))
        elif dice < 0.85:
            parts.append("\\" + rng.choice('"\\/bfnrt'))
        elif dice < 0.98:
            parts.append(f"\\u{rng.choice(UNITS):04x}" if rng.random() < 0.5 else f"\\u{rng.choice(UNITS):04X}")
        else:
            parts.append("x" * rng.choice((255, 256, 257, 600)))
    return f'"{"".join(parts)}"'


def damaged(rng, text):
    """One thing different."""
    at = rng.randrange(len(text) + 1)
    dice = rng.random()
    if dice < 0.3:
        return text[:at] + text[at + rng.randrange(1, 3) :]
    if dice < 0.5:
        return text[:at]
    other = rng.choice(SPECIAL)
    return text[:at] + other + text[at + (dice < 0.75) :]


def space(rng):
    return "".join(rng.choices(" \n\t\r", k=rng.choice((0, 0, 0, 0, 1, 2, 9)))) if rng.random() < 0.3 else ""


def comma(rng):
    return rng.choice((",", ", ", " ,", ",\n        ", "\t,\r\n"))


def colon(rng):
    return rng.choice((":", ": ", " : ", ":\n\n"))


def clears(value):
    """A hook that empties what it gets."""
    hostile.trace.append(f"clears {len(value)}")
    value.clear()
    return value


def grows(value):
    hostile.trace.append("grows")
    if type(value) is list:
        value.append(value[:1])
    else:
        value["grown"] = len(value)
    return value


def calls_again(value):
    """A hook that calls the scanner that calls it."""
    hostile.trace.append("again")
    scanner, Context.scanner = Context.scanner, None
    if scanner is None:
        return value
    try:
        return [value, scanner('{"a": {"b": [1, "\\u20ac"]}, "key": 1.5}', 0)]
    finally:
        Context.scanner = scanner


def hook_raises(value):
    hostile.trace.append("hook raises")
    raise hostile.Oops("hook")


HOOKS = (None, calls_again, clears, grows, hook_raises, len, bool, list, 5)
OPTIONS = {
    "strict": (True, False, False, 0, ""),
    "object_hook": HOOKS,
    "object_pairs_hook": (*HOOKS, dict),
    "array_hook": (*HOOKS, tuple),
    "parse_float": (decimal.Decimal, str, len, hook_raises, None),
    "parse_int": (float, str, decimal.Decimal, hook_raises),
    "parse_constant": (str.upper, len, hook_raises),
}
ALPHABETS = (sound, sound, sound, sound, broken, broken, broken, noise, noise, deep) * 12 + (long_list, many_keys)
KINDS = ("abc", "\x80\xe9\xff", "\u20ac\u4f60\u0100", "\ud800\udc00x", "\U0001f40d\U0010ffffa", "\x7f/'")
PLAIN = "abcdefghijklmnopqrstuvwxyz ABC 0123456789 .,:;{}[]-"
UNITS = (0, 1, 0x1F, 0x22, 0x41, 0x5C, 0x7F, 0x80, 0xFF, 0x100, 0x20AC, 0xD800, 0xD834, 0xDBFF, 0xDC00, 0xDD20, 0xDFFF, 0xFFFF)  # fmt: skip
WORDS = ("null", "true", "false", "NaN", "Infinity", "-Infinity", "nul", "True", "nan", "-Infinit")
KEYS = ('"a"', '"b"', '"id"', '"name"', '"a"', '"\\u0061"', '"\xe9"', '"\\u00e9"', '"\u20ac"', '"\\u20ac"', '"a key of some length"')  # fmt: skip
NUMBERS = ("0", "-0", "00", "-", "1.", ".5", "-0.0", "1e", "1e+", "1E400", "-1e400", "5e-324", "2e-324", "1e22", "1e23", "9007199254740993", "9007199254740993.0", "999999999999999999", "1000000000000000000", "9223372036854775808", "1" * 5000, "0." + "0" * 400 + "1", "+1", "0x10", "1_0")  # fmt: skip
SPECIAL = ('"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\x00", "\x1f", "\x7f", "0", "-", ".", "e", "u", "\\u", "\\ud834", "\xe9", "\u20ac", "\U0001f40d", "\ud800", "\uff11", "x", "null")  # fmt: skip
