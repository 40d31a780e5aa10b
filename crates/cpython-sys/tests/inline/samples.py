"""Objects of every kind that an inline macro tells apart."""
import collections, datetime, io, pickle, sys, types, weakref


class Int(int): pass
class Float(float): pass
class Str(str): pass
class Bytes(bytes): pass
class ByteArray(bytearray): pass
class List(list): pass
class Tuple(tuple): pass
class Dict(dict): pass
class FrozenDict(frozendict): pass
class Set(set): pass
class FrozenSet(frozenset): pass
class Complex(complex): pass
class Module(types.ModuleType): pass
class Meta(type): pass
class Error(Exception): pass
class Ref(weakref.ref): pass
class DateTime(datetime.datetime): pass


try:
    raise Error
except Error as error:
    caught = error

samples = [
    None, True, False, NotImplemented, ..., object(), sys,
    0, 1, -1, 7, 256, 257, -5, -6, 2**30 - 1, -(2**30 - 1), 2**30, -(2**30), 2**31, 2**60, -(2**60),
    2**63, -(2**63), 10**100, -(10**100), Int(0), Int(-3), Int(2**40), 2**20 + len(sys.argv),
    0.0, -0.0, 1.5, float("inf"), float("nan"), Float(2.5), 1j, Complex(1),
    "", "a", "abc", "\x7f" * 20, "\x80", "é" * 9, "ÿ", "\u0100", "жук" * 5, "\uffff", "\U00010000",
    "a😀" * 4, "x" * 1000, Str(""), Str("abc"), Str("é"), Str("жук"), Str("😀"),
    sys.intern("an interned string"), "".join(["not", " interned"]),
    b"", b"a", b"abc", bytes(1000), Bytes(b"xy"),
    bytearray(), bytearray(b"abc"), bytearray(1000), ByteArray(b"xy"),
    [], [1], ["a", 2, None] * 9, List([1, 2]), (), (1,), ("a", 2, None) * 9, Tuple((1, 2)),
    {}, {"a": 1}, dict.fromkeys(range(100)), Dict(a=1), collections.OrderedDict(a=1),
    frozendict(), frozendict(a=1), FrozenDict(a=1),
    set(), {1, 2}, Set([1]), frozenset(), frozenset([1]), FrozenSet([1]),
    int, type, object, Int, Meta, Meta("m", (), {}), ValueError, BaseException, Error,
    ValueError("x"), Error(), StopIteration(), SystemExit(), OSError(2, "x"), caught,
    memoryview(b"abc"), pickle.PickleBuffer(b"abc"), slice(1, 2), range(3), io.BytesIO(b"x"),
    len, [].append, Int.from_bytes, (lambda: 0), Meta.mro, Error().__init__, compile("1", "x", "eval"),
    sys._getframe(), caught.__traceback__, types.ModuleType("m"), Module("m"),
    datetime.datetime(1, 2, 3), datetime.datetime(2026, 11, 21, 13, 14, 15, 161718), datetime.datetime.max,
    datetime.datetime(2026, 10, 25, 2, 30, tzinfo=datetime.UTC, fold=1), datetime.datetime(2000, 1, 1, fold=1),
    DateTime(1999, 12, 31, 23, 59, 59, 999999), DateTime(2026, 1, 2, tzinfo=datetime.UTC),
    datetime.datetime(b"\xff\xfe\x0c\xfd\xfc\xfb\xfa\xf9\xf8\xf7"), datetime.datetime(b"\0\0\x8c" + bytes(7)),
    weakref.ref(Int), Ref(Str), weakref.proxy(Set), (x for x in ()),
]
