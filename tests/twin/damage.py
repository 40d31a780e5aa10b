"""Damaged copies of C modules, to show that the comparisons can fail."""

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


def lend(args):
    if type(args[0]).__name__ == "Buffer":
        memoryview(args[0])


def compare_first(args):
    if type(args[0]) is list and len(args[0]) > 3 and type(args[0][0]).__name__ == "Newer":
        args[0][0] < args[0][1]


def lose_last(args):
    if type(args[0]) is list and len(args[0]) > 50:
        args[0].pop()


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
    ("_statistics", "one last bit in the far tail", result("_normal_dist_inv_cdf", last_bit)),
    ("_statistics", "one error text", error_text("_normal_dist_inv_cdf", "undefined", "not defined")),
)  # fmt: skip
