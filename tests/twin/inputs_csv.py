"""Random dialects of `_csv`, lines to read and rows to write in them, and objects that misbehave."""

import decimal

import hostile
from terms import Make


def csv_case(rng):
    """One call: what to do with the module, its arguments, its keywords."""
    dice = rng.random()
    if dice < 0.45:
        return read, [lines(rng, options := dialect(rng)), rng.choice(LIMITS)], options
    if dice < 0.85:
        return write, [rows(rng, options := dialect(rng))], options
    if dice < 0.97:
        return "Dialect", [rng.choice(BASES)] if rng.random() < 0.5 else [], dialect(rng, 0.3)
    name = rng.choice(NAMES)
    return registered, [name], dialect(rng, 0.1)


def read(module, source, limit, **options):
    """The rows, the number of lines after each, and how it ended."""
    module.field_size_limit(limit)
    told = hostile.Told()
    try:
        reader = module.reader(source, **options)
        if type(source) is Reentrant:
            source.reader = reader
        for _ in range(20):
            told += [next(reader), reader.line_num]
    except Exception as error:
        told.append(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    return told


def write(module, given, **options):
    """What reached the file, what came back from each row, and how it ended."""
    written, told = hostile.Told(), hostile.Told()
    try:
        writer = module.writer(File(written), **options)
        for row in given:
            try:
                told.append(writer.writerow(row))
            except module.Error as error:
                told.append(f"Error: {error}")
        writer.writerows(given[:2])
    except Exception as error:
        told.append(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    return written, told


def registered(module, name, **options):
    """A dialect registered, found, used by name and forgotten."""
    told = hostile.Told([sorted(map(repr, module.list_dialects()))])
    try:
        module.register_dialect(name, **options)
        found = module.get_dialect(name)
        told += [found is module.get_dialect(name), found.delimiter, found.quoting, found.lineterminator]
        told += list(module.reader(["a,b;c d"], name))
    finally:
        if name in module.list_dialects():
            module.unregister_dialect(name)
        told.append(len(module.list_dialects()))
    return told


def dialect(rng, broken=0.05):
    """Options for a dialect: mostly sound ones, some that contradict each other."""
    options = {}
    for name, sound, unsound in OPTIONS:
        if rng.random() < 0.35:
            options[name] = rng.choice(unsound if rng.random() < broken else sound)
    return options


def lines(rng, options):
    """Lines in which the dialect's characters come up often."""
    marks = [value for value in options.values() if type(value) is str] + [",", '"', "\r", "\n", " "]
    width = rng.choice(LETTERS)

    def line():
        text = "".join(
            rng.choice(marks) if rng.random() < 0.4 else rng.choice(width)
            for _ in range(rng.randrange(rng.choice((4, 12, 12, 40, 150))))
        )
        if rng.random() < 0.25:
            text = rng.choice(NUMBERS) + rng.choice(marks) + rng.choice(NUMBERS)
        return text + rng.choice(("", "\n", "\r\n", "\n", "\r"))

    made = [line() for _ in range(rng.randrange(1, 5))]
    dice = rng.random()
    if dice < 0.06:
        made.insert(rng.randrange(len(made)), rng.choice(NO_LINES))
    if dice < 0.10:
        return Make(Broken, made)
    if dice < 0.14:
        return Make(Reentrant, made, rng.randrange(3))
    return made


def rows(rng, options):
    marks = [value for value in options.values() if type(value) is str] + [",", '"', "\n"]
    width = rng.choice(LETTERS)

    def field():
        dice = rng.random()
        if dice < 0.25:
            return rng.choice(VALUES)
        size = rng.randrange(rng.choice((3, 9, 9, 40)))
        return "".join(rng.choice(marks) if rng.random() < 0.15 else rng.choice(width) for _ in range(size))

    def row():
        fields = [field() for _ in range(rng.choice((0, 1, 1, 2, 3, 5)))]
        dice = rng.random()
        if dice < 0.7:
            return fields
        return rng.choice(NO_ROWS) if dice < 0.74 else Make(rng.choice(CONTAINERS), fields)

    return [row() for _ in range(rng.randrange(1, 4))]


class File:
    """Keeps what is written."""

    def __init__(self, written):
        self.written = written

    def write(self, text):
        self.written.append((type(text), text))
        return len(text)


class Broken:
    """An iterator of lines that raises at its end."""

    def __init__(self, given):
        self.left = list(given)

    def __iter__(self):
        return self

    def __next__(self):
        hostile.trace.append("__next__")
        if not self.left:
            raise hostile.Oops("no more lines")
        return self.left.pop(0)


class Reentrant:
    """An iterator of lines that reads a row of its own reader before it gives its first line.

    Later, C forgets what it has read of the row at hand; and where the lines end for both, it may
    crash. See the module's README.
    """

    def __init__(self, given, times):
        self.left = list(given)
        self.times = times
        self.reader = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.times and self.reader is not None and self.reader.line_num == 0:
            self.times -= 1
            row = next(self.reader)
            hostile.trace.append(f"inner row {row}")
        if not self.left:
            raise hostile.Oops("no more lines")
        return self.left.pop(0)


class Shown:
    """Has a text of its own."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        hostile.trace.append("__str__")
        return self.text


class Indexed(Shown):
    """Counts as a number."""

    def __index__(self):
        hostile.trace.append("__index__")
        return 5


class Floating(Shown):
    """Counts as a number."""

    def __float__(self):
        hostile.trace.append("__float__")
        return 0.5


class StrRaises:
    def __str__(self):
        hostile.trace.append("__str__ raises")
        raise hostile.Oops("str")


class IterRaises:
    """Raises `TypeError` in `__iter__`, which looks like having none."""

    def __iter__(self):
        raise TypeError("not today")


class Options:
    """A dialect as a class; some of its attributes are no options."""

    delimiter = ";"
    quotechar = None
    skipinitialspace = True
    strict = 0


class OptionRaises:
    @property
    def escapechar(self):
        raise hostile.Oops("escapechar")


class NoDialect:
    delimiter = "::"


CHARACTERS = (";", "\t", " ", "|", "a", "\xe9", "\u20ac", "\U0001f40d", "\0", "\ud800")
NO_CHARACTERS = ("", "ab", "\n", "\r", 1, None, b";", True, 1.5, ["a"])
OPTIONS = (
    ("delimiter", CHARACTERS, NO_CHARACTERS),
    ("quotechar", ("'", '"', "'", "q", "\xe9", "\u20ad", " ", None), (*NO_CHARACTERS, ",")),
    ("escapechar", ("\\", "\\", "^", "e", "\u20ae", " ", None), (*NO_CHARACTERS, '"', ",")),
    ("lineterminator", ("\n", "\r\n", "", "!", "end", "\u20ac\n", "\x85", Make(hostile.SubStr, "\n")),
     (None, 1, b"\n", ",")),
    ("quoting", (0, 1, 2, 3, 4, 5), (-1, 6, 99, True, "1", None, 2**31, 2**70, -(2**70), 1.0)),
    ("doublequote", (True, False, 0, 1, "", "x", None), (Make(hostile.BoolRaises), Make(hostile.BoolIs, 3))),
    ("skipinitialspace", (True, False), (Make(hostile.BoolRaises),)),
    ("strict", (True, False), (Make(hostile.BoolRaises),)),
    ("dialect", (Options, None, Make(Options)),
     ("no such", OptionRaises, Make(OptionRaises), NoDialect, 5, Make(hostile.SubStr, "excel"))),
)  # fmt: skip
BASES = (None, "excel", "none", Options, Make(Options), Make(OptionRaises), NoDialect, 1, [])
NAMES = ("x", "excel", "", "\ud800", 1, None, [], Make(hostile.SubStr, "y"))
LIMITS = (131072, 131072, 131072, 131072, 10, 3, 1, 0, -1)
LETTERS = ("ab", "abc 1", "ab\xe9\xff", "a\u20ac\u0416", "a\U0001f40d\u20ac\xe9", "0123456789.eE+-_ ", "a\ud800\udfff")
NUMBERS = (
    "1", "-1.5", "+.5e3", "1_000", " 7 ", "nan", "-inf", "Infinity", "1e400", "-1e-400", "5.", ".", "", "1e",
    "0x10", "\u0663", "1__0", "_1", "1.7976931348623159e308", "4.9e-324", "2.2250738585072011e-308",
    "123456789012345678901234567890", "0.1000000000000000055511151231257827", "\x1f2\x1f", "1\0", "++1", "1e5.",
)  # fmt: skip
NO_LINES = (b"a,b", None, 1, ["a"], Make(hostile.SubStr, "a,b"), Make(hostile.SubStr, '"a'))
VALUES = (
    None, None, 0, 1, -1, 12345, 2**29, 2**30, -(2**30), 2**62, 2**63, -(2**63), 10**30, True, False, 1.5, -0.0,
    1e300, float("nan"), 1j, b"a,b", "", "", "x", Make(Shown, ""), Make(Shown, 'a,"b'), Make(Shown, "\u20ac"),
    Make(StrRaises), Make(hostile.SubStr, "s,"), Make(hostile.SubInt, 7), Make(hostile.SubFloat, 2.5),
    Make(Indexed, "3"), Make(Floating, "a"), Make(Shown, 5), [1, "a"],
    decimal.Decimal("1.10"),
)  # fmt: skip
NO_ROWS = (None, 5, "abc", "", "a,\u20ac", b"ab", Make(IterRaises), {"a": 1}, range(3), ())
CONTAINERS = (tuple, iter, reversed, dict.fromkeys, Broken)
