"""Damaged copies of C modules, to show that the comparisons can fail."""

import abc
import binascii
import types


def copy_with(module, spoil):
    """A copy of a module in which `spoil(name, function)` may replace functions."""
    copy = types.ModuleType(module.__name__)
    for name, value in vars(module).items():
        if callable(value):
            value = spoil(name, value) or value
        vars(copy)[name] = value
    return copy


def result(function_name, change):
    """A damage: the results of one function pass through `change(result, args)`."""

    def spoil(name, function):
        if name == function_name:
            return lambda *args, **kwargs: change(function(*args, **kwargs), args)

    return spoil


def error_text(function_name, old, new):
    """A damage: a word in the error texts of one function is another."""

    def spoil(name, function):
        def call(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception as error:
                caught = error
            raise type(caught)(str(caught).replace(old, new)) if old in str(caught) else caught

        return call if name == function_name else None

    return spoil


def before(function_name, act):
    """A damage: `act(args)` happens first."""

    def spoil(name, function):
        def call(*args, **kwargs):
            if args:
                act(args)
            return function(*args, **kwargs)

        return call if name == function_name else None

    return spoil


def last_bit(value, args):
    from math import nextafter

    return nextafter(value, 9e99) if value and 1e-12 < args[0] < 1e-10 else value


class Hungry:
    """A decompressor that wants more input even where some is left."""

    needs_input = True

    def __init__(self, real, args):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)


class Patient:
    """A compressor that can be flushed twice."""

    def __init__(self, real, args):
        self.real = real
        self.compress = real.compress

    def flush(self):
        try:
            return self.real.flush()
        except ValueError:
            return b""


class Disguised:
    """Looks like a built-in function in all that the surface comparison reads, or says otherwise."""

    def __init__(self, module, function, call=None, **fields):
        self.__self__ = module
        self.function = call or function
        for field in ("__name__", "__qualname__", "__module__", "__text_signature__", "__doc__"):
            setattr(self, field, fields.get(field, getattr(function, field)))

    def __call__(self, /, *args, **kwargs):
        return self.function(*args, **kwargs)


def disguise(name, spoil=None, **fields):
    """A change of one function: only its looks, or its behaviour by `spoil`."""

    def change(module):
        function = getattr(module, name)
        call = spoil(name, function) if spoil else None
        setattr(module, name, Disguised(module, function, call, **fields))

    return change


def put(name, value):
    return lambda module: setattr(module, name, value)


def new_class(name, base, **fields):
    """A change of one exception class for a class made here."""
    kind = type(base)(name, (base,), {"__doc__": None, "__module__": "binascii", **fields})
    return put(name, kind)


def nothing(module):
    pass


class AbstractError(ValueError, metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def no_such(self):
        pass


def lend(args):
    if type(args[0]).__name__ == "Buffer":
        memoryview(args[0])


def compare_first(args):
    if type(args[0]) is list and len(args[0]) > 3 and type(args[0][0]).__name__ == "Newer":
        args[0][0] < args[0][1]


def lose_last(args):
    if type(args[0]) is list and len(args[0]) > 50:
        args[0].pop()


def refuse_three(args):
    if args[0] == 3:
        raise ValueError("three is no limit")


BEHAVIOUR = (
    ("binascii", "last byte lost in long results", result("a2b_hex", lambda r, a: r[:-1] if len(r) > 250 else r)),
    ("binascii", "a checksum with bit 31 flipped", result("crc32", lambda r, a: r ^ 2**31 if r & 0xFFF == 0 else r)),
    ("binascii", "a bytearray for bytes", result("b2a_uu", lambda r, a: bytearray(r))),
    ("binascii", "one error text", error_text("a2b_base64", "Excess data", "Excessive data")),
    ("binascii", "a buffer asked for twice", before("b2a_qp", lend)),
    ("_base64", "padding lost", result("standard_b64encode", lambda r, a: r.rstrip(b"="))),
    ("_bisect", "off by one in a list of one", result("bisect_left", lambda r, a: 1 if r == 0 and a[0] == [2] else r)),
    ("_bisect", "an extra comparison", before("insort_right", compare_first)),
    ("_bisect", "an item lost", before("insort_left", lose_last)),
    ("_bz2", "input wanted where some is left", result("BZ2Decompressor", Hungry)),
    ("_bz2", "a second end", result("BZ2Compressor", Patient)),
    ("_csv", "a limit refused", before("field_size_limit", refuse_three)),
    ("_statistics", "one last bit in the far tail", result("_normal_dist_inv_cdf", last_bit)),
    ("_statistics", "one error text", error_text("_normal_dist_inv_cdf", "undefined", "not defined")),
)  # fmt: skip

SURFACE = (
    ("names", "one name more", "binascii", nothing, put("no_such", 1)),
    ("names", "another __qualname__", "binascii", disguise("crc32"), disguise("crc32", __qualname__="m.crc32")),
    ("names", "another __module__", "_bisect", disguise("bisect_left"), disguise("bisect_left", __module__="bisect")),
    ("kinds", "a function of another type", "_bisect", nothing, disguise("bisect_left")),
    ("signatures", "a default is another", "binascii", disguise("b2a_uu"),
     disguise("b2a_uu", __text_signature__="($module, data, /, *, backtick=True)")),
    ("signatures", "no text signature", "binascii", disguise("b2a_uu"), disguise("b2a_uu", __text_signature__=None)),
    ("conventions", "NOARGS for O", "binascii", nothing, put("a2b_uu", abc.get_cache_token)),
    ("flags", "an abstract class", "binascii", new_class("Incomplete", Exception), new_class("Incomplete", AbstractError)),
    ("bases", "another base", "binascii", new_class("Error", ValueError), new_class("Error", Exception)),
    ("constants", "one character", "binascii", nothing, put("BASE32_ALPHABET", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234576")),
    ("constants", "another type", "binascii", nothing, put("BASE32_ALPHABET", bytearray(binascii.BASE32_ALPHABET))),
    ("documentation", "none", "_statistics", put("__doc__", "Own."), put("__doc__", None)),
    ("documentation", "most words copied", "_statistics", put("__doc__", "Own."),
     put("__doc__", "Some accelerators for the statistics module.")),
    ("pickling", "another name", "_bisect", nothing, put("bisect_left", len)),
    ("messages", "another text", "binascii", disguise("crc_hqx"),
     disguise("crc_hqx", error_text("crc_hqx", "a bytes-like object", "a byteslike object"))),
    ("messages", "another error type", "binascii", nothing, put("Error", ValueError)),
    ("messages", "one more argument taken", "_bisect", disguise("insort_left"),
     disguise("insort_left", lambda name, function: lambda *args, **kwargs: function(*args[:5], **kwargs))),
    ("messages", "conversions in another order", "_statistics", disguise("_normal_dist_inv_cdf"),
     disguise("_normal_dist_inv_cdf", before("_normal_dist_inv_cdf", lambda args: float(args[-1])))),
)  # fmt: skip
