"""Random calls of `_json`'s half that writes: values, with every option, and hostile ones.

`encode` gets plain values, which can be shrunk and which pure Python is asked about, too;
`encode_made` makes values of a seed whose parts change each other while they are encoded.
"""

import importlib
import random
import sys

import hostile
import twins


def view(module):
    """The functions that the cases name, over a twin's module."""
    return {
        "encode": encode_with(module),
        "encode_made": encode_made_with(module),
        "encode_basestring": module.encode_basestring,
        "encode_basestring_ascii": module.encode_basestring_ascii,
    }


def encode_with(module):
    """A function `(value, options)` that makes an encoder and calls it."""

    def encode(value, options):
        return encoded(module, value, options, converted)

    return encode


def encode_made_with(module):
    """A function `(seed, options)` for values that misbehave."""

    def encode_made(seed, options):
        maker = Maker(random.Random(seed))
        value = maker.value(3)
        return encoded(module, value, options, maker.default)

    return encode_made


def encoded(module, value, options, default):
    """The text, and what the encoder leaves in its markers."""
    markers = {} if options.get("check_circular", True) else None
    ascii = options.get("ensure_ascii", True)
    strings = module.encode_basestring_ascii if ascii else module.encode_basestring
    if options.get("call"):
        strings = Shouting(strings)
    indent = options.get("indent")
    item, key = options.get("separators") or (", " if indent is None else ",", ": ")
    encoder = module.make_encoder(
        markers,
        default,
        strings,
        indent,
        key,
        item,
        options.get("sort_keys", False),
        options.get("skipkeys", False),
        options.get("allow_nan", True),
    )
    Maker.encoder = encoder
    try:
        (text,) = encoder(value, options.get("level", 0))
        return text
    except KeyError as error:  # with the id of a container that somebody has taken out of markers
        notes = getattr(error, "__notes__", ())
    finally:
        hostile.trace.append(f"markers {[type(open).__name__ for open in (markers or {}).values()]}")
        Maker.encoder = None
    raise LookupError("no such marker", notes)


class Shouting:
    """An encoder of strings that is no built-in function, and sees the markers."""

    def __init__(self, function):
        self.function = function

    def __call__(self, text):
        markers = Maker.encoder.markers
        hostile.trace.append(f"string {text!r} with markers {markers and len(markers)}")
        return self.function(text).upper()


def converted(value):
    """What `default` makes of plain values that JSON does not know."""
    if type(value) is complex:
        return [value.real, value.imag]
    if type(value) is bytes:
        return list(value)
    if type(value) is set:
        return sorted(value, key=repr)
    raise TypeError(f"no {type(value).__name__}")


class Maker:
    """Values of a seed, and a `default` that changes them."""

    encoder = None

    def __init__(self, rng):
        self.rng = rng
        self.made = []
        self.asked = 0

    def value(self, depth):
        rng = self.rng
        dice = rng.random()
        if depth and dice < 0.6:
            items = [self.value(depth - 1) for _ in range(rng.randrange(5))]
            kind = rng.choice((list, list, dict, dict, tuple, List, Dict, Tuple, Items, frozendict))
            if kind in (dict, Dict, Items, frozendict):
                made = kind(zip((self.key() for _ in items), items))
            else:
                made = kind(items)
            self.made.append(made)
            return made
        if dice < 0.7 and self.made:
            return rng.choice(self.made)
        kind = rng.choice((Thing, Str, Int, Float, int, str, float))
        if kind is Float or kind is float:
            return kind(rng.choice((1.5, 1e-7, 1e22, float("nan"), float("-inf"))))
        return kind(rng.choice((7, 2**70, -(2**1200)))) if kind in (int, Int) else kind("t\xe9\u20acxt")

    def key(self):
        rng = self.rng
        return rng.choice((Str("k"), Int(5), Float(2.5), None, True, "k\xe9", 3, 2**65, 1.5, Thing("x"), "", Less("l")))

    def default(self, thing):
        """Changes something that may be in the middle of being encoded."""
        rng, markers = self.rng, Maker.encoder.markers
        hostile.trace.append(f"default with markers {markers and len(markers)}")
        self.asked += 1
        if self.asked > 20:
            return None
        target = rng.choice(self.made) if self.made else []
        dice = rng.random()
        if isinstance(target, list):
            if dice < 0.3:
                target.clear()
            elif dice < 0.6:
                target.append(5)
            elif dice < 0.7:
                target[:0] = [1, 2]
        elif isinstance(target, dict) and type(target) is not frozendict:
            if dice < 0.3:
                target.clear()
            elif dice < 0.5:
                target.pop(next(iter(target), None), None)
            elif dice < 0.7 and target:
                target[next(iter(target))] = "changed"
        if markers and dice > 0.97:
            markers.clear()
        if dice > 0.9:
            return self.default
        return rng.choice((None, target, [thing], "\u20ac", 5, [1, [2]]))


class Thing:
    """JSON does not know it."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        hostile.trace.append("repr of a thing")
        return self.text


class Less(str):
    """A key that notes what it is compared with."""

    def __lt__(self, other):
        hostile.trace.append("lt")
        return str.__lt__(self, other)


class Str(str):
    def __str__(self):
        hostile.trace.append("__str__")
        return "other"

    __repr__ = __str__


class Int(int):
    def __repr__(self):
        hostile.trace.append("__repr__")
        return "other"

    __str__ = __index__ = __repr__


class Float(float):
    def __repr__(self):
        hostile.trace.append("__repr__")
        return "other"

    __str__ = __repr__

    def __float__(self):
        hostile.trace.append("__float__")
        return 0.0


class List(list):
    def __iter__(self):
        hostile.trace.append("__iter__")
        yield from reversed(self)
        yield "more"


class Tuple(tuple):
    __slots__ = ()


class Dict(dict):
    """A subclass that changes nothing."""


class Items(dict):
    def items(self):
        hostile.trace.append("items")
        return [(key, value) for key, value in super().items()] + [("more", 1), ("last", [])][: len(self)]


def encode_case(rng):
    """One call: a function's name, its arguments, its keywords."""
    dice = rng.random()
    if dice < 0.15:
        return rng.choice(("encode_basestring", "encode_basestring_ascii")), [string(rng)], {}
    if dice < 0.5:
        return "encode_made", [rng.randrange(2**32), options(rng)], {}
    return "encode", [value(rng, rng.choice((0, 1, 2, 3, 4))), options(rng)], {}


def options(rng):
    chosen = {}
    while rng.random() < 0.6:
        name = rng.choice(tuple(OPTIONS))
        chosen[name] = rng.choice(OPTIONS[name])
    return chosen


def value(rng, depth):
    dice = rng.random()
    if depth and dice < 0.35:
        return [value(rng, depth - 1) for _ in range(rng.choice((0, 1, 2, 5)))]
    if depth and dice < 0.65:
        return {key(rng): value(rng, depth - 1) for _ in range(rng.choice((0, 1, 2, 5)))}
    if dice < 0.68:
        return rng.choice(((), (1, "x"), b"ab", 1j, set(), {1}, object, {(): 1}, {b"": 1}))
    if dice < 0.8:
        return number(rng)
    return string(rng) if dice < 0.92 else rng.choice((None, True, False))


def key(rng):
    dice = rng.random()
    if dice < 0.8:
        return string(rng)
    return number(rng) if dice < 0.93 else rng.choice((None, True, False))


def number(rng):
    if rng.random() < 0.5:
        return rng.choice((1, -1)) * rng.randrange(2 ** rng.choice((4, 16, 30, 31, 60, 61, 64, 130, 511, 512, 513, 700)))
    if rng.random() < 0.1:
        return rng.choice((float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e16, 1e-4, 1e-5, 9.999999e-05, 5e-324))
    return rng.uniform(-1, 1) * 10.0 ** rng.randrange(-310, 308)


def string(rng):
    parts = []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        kind = rng.choice(KINDS)
        parts.append("".join(rng.choices(kind, k=rng.choice((1, 2, 3, 7, 8, 9, 15, 16, 33, 70)))))
    if rng.random() < 0.002:
        parts *= rng.choice((50, 700))
    return "".join(parts)


def without_accelerator():
    """The module `json.encoder` as it is where there is no `_json`."""
    names = ("json", "json.decoder", "json.encoder", "json.scanner", "_json")
    usual = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules["_json"] = None
    try:
        return importlib.import_module("json.encoder")
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(usual)


ENCODER = without_accelerator()


def agrees(function, args, outcome):
    """Whether pure Python does what the C twin did, where it means to do the same."""
    (how, told), _, _ = outcome
    told = told[:2]  # the notes of pure Python name the text of a key, not the key
    if function != "encode":
        name = f"py_{function}"
        return len(args) != 1 or not hasattr(ENCODER, name) or (how, told) == pure(getattr(ENCODER, name), *args)
    return len(args) != 2 or not comparable(args[1]) or (how, told) == pure(pure_text, *args)


def pure(function, *args):
    try:
        return "returned", twins.described(function(*args))
    except Exception as error:
        return "raised", twins.raised(error)[:2]


def comparable(options):
    """Not what only the C class knows."""
    return type(options) is dict and not ({"call", "level"} & options.keys())


def pure_text(value, options):
    known = ("ensure_ascii", "check_circular", "indent", "separators", "sort_keys", "skipkeys", "allow_nan")
    chosen = {name: options[name] for name in known if name in options}
    return "".join(ENCODER.JSONEncoder(default=converted, **chosen).iterencode(value))


OPTIONS = {
    "ensure_ascii": (False, False, True),
    "check_circular": (False, True),
    "indent": ("", " ", "  ", "\t", "\xe9", "\u20ac ", "\U0001f40d"),
    "separators": ((",", ":"), ("", ""), ("\xe9", "\u20ac"), (", \U0001f40d", " : "), ("a long separator", "=>")),
    "sort_keys": (True,),
    "skipkeys": (True,),
    "allow_nan": (False,),
    "call": (True,),
    "level": (1, 3, -2),
}
KINDS = ("abc", "abcdefghijklmnopqrstuvwxyz 0123456789", '"\\\n', "\x00\x1f\x7f\b\f\r\t", "\x80\xe9\xff", "a\xe9", "\u20ac\u4f60\u0100", "\ud800\udc00\udfff", "\U0001f40d\U0010ffff")  # fmt: skip
