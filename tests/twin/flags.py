"""Flags that Python does not show: calling conventions by ctypes, type flags by name."""

import ctypes


def calling_flags(function):
    """The METH_ names of a built-in function or method; None for anything else."""
    kind = type(function).__name__
    if kind == "builtin_function_or_method":
        bits = ctypes.pythonapi.PyCFunction_GetFlags(ctypes.py_object(function))
    elif kind in ("method_descriptor", "classmethod_descriptor"):
        descriptor = ctypes.c_void_p.from_address(id(function) + object.__basicsize__ + 3 * POINTER)
        bits = MethodDef.from_address(descriptor.value).flags
    else:
        return None
    return named(bits & ~METHOD, METHOD_FLAGS)


def type_flags(kind):
    """The Py_TPFLAGS names of a class, without what the interpreter changes as it likes."""
    return named(kind.__flags__ & ~TRANSIENT, TYPE_FLAGS)


def named(bits, names):
    told = [name for name, bit in names.items() if bits & bit]
    rest = bits & ~sum(names.values())
    return " ".join(told + ([hex(rest)] if rest else []))


class MethodDef(ctypes.Structure):
    """`PyMethodDef` of Include/methodobject.h."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    ]


POINTER = ctypes.sizeof(ctypes.c_void_p)

# Include/methodobject.h
METHOD_FLAGS = {
    "VARARGS": 0x1,
    "KEYWORDS": 0x2,
    "NOARGS": 0x4,
    "O": 0x8,
    "CLASS": 0x10,
    "STATIC": 0x20,
    "COEXIST": 0x40,
    "FASTCALL": 0x80,
}
# How a method in C finds its module: not surface.
METHOD = 0x200

# Include/object.h
TYPE_FLAGS = {
    "STATIC_BUILTIN": 1 << 1,
    "MANAGED_WEAKREF": 1 << 3,
    "MANAGED_DICT": 1 << 4,
    "SEQUENCE": 1 << 5,
    "MAPPING": 1 << 6,
    "DISALLOW_INSTANTIATION": 1 << 7,
    "IMMUTABLETYPE": 1 << 8,
    "HEAPTYPE": 1 << 9,
    "BASETYPE": 1 << 10,
    "HAVE_VECTORCALL": 1 << 11,
    "HAVE_GC": 1 << 14,
    "METHOD_DESCRIPTOR": 1 << 17,
    "IS_ABSTRACT": 1 << 20,
    "MATCH_SELF": 1 << 22,
    "ITEMS_AT_END": 1 << 23,
    "LONG_SUBCLASS": 1 << 24,
    "LIST_SUBCLASS": 1 << 25,
    "TUPLE_SUBCLASS": 1 << 26,
    "BYTES_SUBCLASS": 1 << 27,
    "UNICODE_SUBCLASS": 1 << 28,
    "DICT_SUBCLASS": 1 << 29,
    "BASE_EXC_SUBCLASS": 1 << 30,
    "TYPE_SUBCLASS": 1 << 31,
}

# Inline values, ready, readying, valid version tag: state, not surface. Where weak references are kept: an
# instance has them or not, which `__weakrefoffset__` tells.
TRANSIENT = 1 << 2 | 1 << 3 | 1 << 12 | 1 << 13 | 1 << 19
