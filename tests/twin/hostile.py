"""Argument classes that misbehave, and note what they are asked.

`trace` holds what was asked since the last `reset`; it is part of a call's outcome, so the twins
must ask the same things in the same order.
"""

import array


class Told(list):
    """A list whose append is a plain call: the interpreter's fast one gives the item up twice without memory."""


trace = Told()
function = None
watched = None
comparisons = 0


def reset(called):
    """Forgets the last call; `called` is the function under test."""
    global function, watched, comparisons
    function = called
    del trace[:]
    watched = None
    comparisons = 0


class Oops(Exception):
    """What a hostile method raises: no twin can raise it by itself."""


class Plain:
    """An object with nothing to offer."""


class Index:
    """Has `__index__`."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        trace.append("__index__")
        return self.value


class IndexRaises:
    def __index__(self):
        trace.append("__index__ raises")
        raise Oops("index")


class Int:
    """Has `__int__` only, which must not count as an index."""

    def __int__(self):
        trace.append("__int__")
        return 7


class Float:
    """Has `__float__`."""

    def __init__(self, value):
        self.value = value

    def __float__(self):
        trace.append("__float__")
        return self.value


class FloatRaises:
    def __float__(self):
        trace.append("__float__ raises")
        raise Oops("float")


class BoolRaises:
    def __bool__(self):
        trace.append("__bool__ raises")
        raise Oops("bool")


class BoolIs:
    """Answers `__bool__` with a given value, of any type."""

    def __init__(self, value):
        self.value = value

    def __bool__(self):
        trace.append("__bool__")
        return self.value


class Grows:
    """Tries to resize the watched bytearray when asked for a number or a truth."""

    def __index__(self):
        return grow("__index__")

    def __bool__(self):
        return bool(grow("__bool__"))


def grow(asked):
    try:
        if watched is not None:
            watched.extend(b"A" * 100)
        trace.append(f"{asked} grew")
    except BufferError as error:
        trace.append(f"{asked}: {error}")
    return 1


class Sized:
    """Has `__len__` only, which may lie or fail."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        trace.append("__len__")
        if self.length is None:
            raise Oops("len")
        return self.length


class Buffer:
    """Lends a buffer from Python code and notes when it comes back, and which."""

    def __init__(self, data):
        self.data = data

    def __buffer__(self, flags):
        trace.append(f"__buffer__ {flags} of {self.data[:5]}")
        return memoryview(self.data)

    def __release_buffer__(self, view):
        trace.append(f"__release_buffer__ of {self.data[:5]}")


class BufferRaises:
    def __buffer__(self, flags):
        trace.append(f"__buffer__ raises {flags}")
        raise Oops("buffer")


class BufferIs:
    """Answers `__buffer__` with something that is no memoryview."""

    def __init__(self, value):
        self.value = value

    def __buffer__(self, flags):
        trace.append("__buffer__ lies")
        return self.value


class SubBytes(bytes):
    pass


class SubStr(str):
    pass


class SubInt(int):
    pass


class SubFloat(float):
    pass


class Called:
    """A callable that notes its calls."""

    def __call__(self, *args, **kwargs):
        trace.append(f"called with {len(args)} and {sorted(kwargs)}")
        return args[0] if args else None


class CallRaises:
    def __call__(self, *args, **kwargs):
        trace.append("call raises")
        raise Oops("call")


def watched_bytes(data):
    """The bytearray that `Grows` tries to resize."""
    global watched
    watched = bytearray(data)
    return watched


def every_second(data):
    """A view that is not contiguous."""
    return memoryview(data)[::2]


def backwards(data):
    """A view with a negative stride."""
    return memoryview(data)[::-1]


def released(data):
    """A view that was given back."""
    view = memoryview(data)
    view.release()
    return view


def square(data):
    """A view in two dimensions, contiguous."""
    rows = 2 if len(data) % 2 == 0 else 1
    return memoryview(data).cast("B", (rows, len(data) // rows)) if data else memoryview(data)


def numbers(code, data):
    """An array of items wider than a byte."""
    return array.array(code, data)


def emptied(data):
    """A bytearray whose content starts inside its allocation."""
    array_ = bytearray(b"xxx" + data)
    del array_[:3]
    return array_
