"""A systematic table of calls: right, wrong in one place, wrong in two.

From a function's text signature come its parameters; a first call that works is searched; then
each parameter gets each value of the table, by position and by keyword, and each pair of
parameters gets pairs of values, so that the order of conversions is seen too.
"""

import ast
import itertools
import re

import hostile
import sequences
from terms import Make


class Parameter:
    """A parameter as the text signature has it."""

    def __init__(self, name, kind, required):
        self.name = name
        self.kind = kind
        self.required = required


def parameters(text_signature):
    """The parameters in a `__text_signature__`, without self or module; None if there is none."""
    if not text_signature:
        return None
    sketch = re.sub(r"\$\w+(, /)?(, )?", "", text_signature, count=1)
    sketch = re.sub(r"<[\w ]+>", "...", sketch)
    try:
        spec = ast.parse(f"def f{sketch}: pass").body[0].args
    except SyntaxError:
        return None
    positional = spec.posonlyargs + spec.args
    optional = len(positional) - len(spec.defaults)
    found = []
    for at, arg in enumerate(positional):
        kind = "position" if at < len(spec.posonlyargs) else "either"
        found.append(Parameter(arg.arg, kind, at < optional))
    if spec.vararg:
        found.append(Parameter(spec.vararg.arg, "rest", False))
    for arg, default in zip(spec.kwonlyargs, spec.kw_defaults):
        found.append(Parameter(arg.arg, "keyword", default is None))
    return found


def calls(known, works):
    """Every call of the table for these parameters, as (args, kwargs).

    `works(args, kwargs)` says whether a call returns; it is asked while looking for good values.
    """
    if known is None:
        yield from blind()
        return
    good = good_values(known, works)
    yield from shapes(known, good)
    for changed in known:
        for value in WRONG:
            yield from placed(known, good, {changed.name: value})
    for first, second in itertools.combinations(known, 2):
        for values in itertools.product(TELLING, repeat=2):
            yield from placed(known, good, dict(zip((first.name, second.name), values)), once=True)


def good_values(known, works):
    """A value for each required parameter with which the call returns, where one is found."""
    required = [parameter for parameter in known if parameter.required]
    for values in itertools.product(GOOD, repeat=len(required)):
        good = dict(zip([parameter.name for parameter in required], values))
        for args, kwargs in placed(known, good, {}, once=True):
            if works(args, kwargs):
                return good
    return {parameter.name: b"" for parameter in required}


def placed(known, good, changes, once=False):
    """The good call with changes: by position as far as possible, and (unless `once`) by keyword."""
    values = {**good, **changes}
    args, kwargs = [], {}
    by_position = True
    for parameter in known:
        if parameter.name not in values:
            by_position = False
        elif parameter.kind != "keyword" and by_position:
            args.append(values[parameter.name])
        else:
            kwargs[parameter.name] = values[parameter.name]
    yield args, kwargs
    if not once:
        every = dict(values)
        first = [every.pop(p.name) for p in known if p.kind == "position" and p.name in every]
        yield first, every
        yield first, dict(reversed(every.items()))


def shapes(known, good):
    """Too few, too many, unknown, misspelt, doubled and misplaced arguments."""
    [(args, kwargs)] = placed(known, good, {}, once=True)
    yield args, kwargs
    for less in range(len(args)):
        yield args[:less], kwargs
    for more in (1, 2, 3, 5, 10, 60):
        yield [*args, *[b""] * more], kwargs
    for name in kwargs:
        yield args, {key: value for key, value in kwargs.items() if key != name}
    spare = {"no_such": 1}, {"": 1}, {"self": 1}, {"module": 1}, {"\xe9": 1}, {"\ud800": 1}, {"a\0b": 1}
    for extra in (*spare, {"no_such": 1, "none_such": 2}):
        yield args, {**kwargs, **extra}
        yield [], extra
        yield [*args, b""], {**kwargs, **extra}
    for parameter in known:
        name = parameter.name
        for misspelt in (name[:-1], name + "s", name.upper(), name[1:], name[::-1]):
            yield args, {**kwargs, misspelt: 1}
            yield [], {misspelt: 1}
        yield args, {**kwargs, name: b""}
        yield [], {name: b""}
        yield [*args, b""], {**kwargs, name: b""}
        yield [], {name: b"", "no_such": 1}
    everything = {parameter.name: good.get(parameter.name, 0) for parameter in known}
    yield [], everything
    yield args, everything


def blind():
    """Calls of something that does not tell its parameters."""
    for count in range(4):
        for values in itertools.product(TELLING, repeat=count) if count < 3 else [[1] * 3, [b""] * 3]:
            yield list(values), {}
            yield list(values), {"no_such": 1}
    for value in WRONG:
        yield [value], {}
        yield [], {"no_such": value}


GOOD = (b"", [], 0, 0.5, "a", b"AAAA", None, {}, Make(hostile.Called))

# One of each kind whose conversion fails, or shows, in its own way: used in pairs.
TELLING = (
    b"AAAA", "AAAA", "\xe9", None, 1, -1, 2**70, 1.5, [], Make(hostile.IndexRaises), Make(hostile.Index, 3),
    Make(hostile.BoolRaises), Make(hostile.BufferRaises), Make(hostile.Buffer, b"AAAA"),
    Make(hostile.Buffer, bytes(range(64))),
    Make(hostile.released, b"AAAA"), Make(hostile.FloatRaises), Make(hostile.Float, 0.5),
    Make(hostile.watched_bytes, b"AAAA"), Make(hostile.Grows),
)  # fmt: skip

WRONG = (
    *TELLING, True, False, 0, 2, 3, 5, 45, 76, 2**8, 2**15, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**32,
    2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**40, -2, -(2**15) - 1, -(2**31), -(2**31) - 1, -(2**63),
    -(2**63) - 1, -(10**40), 0.0, -0.0, 0.5, 1.0, float("nan"), float("inf"), float("-inf"), 1e308, 1j, "",
    "a", ":", "::", "ab", "a\0b", "\0", "\x80", "\u20ac", "\U0001f40d", "\ud800", "A" * 300, "=", "ZZZZ\n",
    b"", b"a", b":", b"ab", b"\0", b"\xff", b"A" * 300, b"====", b"0123456789abcdef", bytes(range(256)),
    bytes(range(64)), Make(bytearray), Make(bytearray, b"AAAA"), Make(hostile.emptied, b"AAAA"),
    Make(memoryview, b"AAAA"), Make(memoryview, b""), Make(hostile.every_second, b"A-A-A-A-"),
    Make(hostile.backwards, b"AAAA"), Make(hostile.released, b""), Make(hostile.square, b"AAAABBBB"),
    Make(hostile.numbers, "I", [1, 2]), Make(hostile.numbers, "b", [65, 66]),
    Make(hostile.numbers, "d", [1.0]), Make(hostile.SubBytes, b"AAAA"), Make(hostile.SubStr, "AAAA"),
    Make(hostile.SubStr, "\xe9"), Make(hostile.SubInt, 4), Make(hostile.SubInt, -4),
    Make(hostile.SubFloat, 0.25), (), (1, 2, 3), [1], [1, 2, 3], [b"a", "a"], Make(dict), Make(set),
    range(5), Make(iter, [1]), ..., NotImplemented, int, bytes, len, Make(hostile.Plain),
    Make(hostile.Index, 0), Make(hostile.Index, -1), Make(hostile.Index, 2**70), Make(hostile.Index, True),
    Make(hostile.Index, "x"), Make(hostile.Index, 1.0), Make(hostile.Int), Make(hostile.Float, 1),
    Make(hostile.Float, "x"), Make(hostile.Float, None), Make(hostile.BoolIs, True),
    Make(hostile.BoolIs, 1), Make(hostile.BoolIs, None), Make(hostile.Sized, 0), Make(hostile.Sized, 3),
    Make(hostile.Sized, -1), Make(hostile.Sized, None), Make(hostile.Sized, "x"), Make(hostile.Buffer, b""),
    Make(hostile.Buffer, b"=\xe9"), Make(hostile.BufferIs, b"AAAA"), Make(hostile.BufferIs, None),
    Make(hostile.Called), Make(hostile.CallRaises), Make(sequences.Sequence, [1, 2, 3]),
    Make(sequences.OnlyItems, [1, 2, 3]), Make(sequences.InsertRaises, [1]),
    Make(sequences.ItemRaises, [1]), Make(sequences.SubList, [1]),
)  # fmt: skip
