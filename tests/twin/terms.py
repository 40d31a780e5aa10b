"""Arguments as recipes: built afresh for each twin, printable, and able to shrink.

A term is a plain value, a list, tuple or dict of terms, or a `Make`: a function to call on terms.
"""

import types


class Make:
    """A value made anew for each call by `function(*terms)`; prints as that call."""

    __slots__ = ("function", "terms")

    def __init__(self, function, *terms):
        self.function = function
        self.terms = terms

    def __repr__(self):
        return f"{self.function.__name__}({', '.join(map(text, self.terms))})"


class Unbuildable(Exception):
    """A term that stands for no value, such as a set of lists."""


def build_all(terms):
    """The values of a list of terms."""
    try:
        return [build(term) for term in terms]
    except Exception as error:
        raise Unbuildable from error


def build(term):
    """The value a term stands for."""
    kind = type(term)
    if kind is Make:
        return term.function(*[build(part) for part in term.terms])
    if kind is list:
        return [build(part) for part in term]
    if kind is tuple:
        return tuple([build(part) for part in term])
    return term


def call_text(name, args, kwargs):
    """A call as Python would write it."""
    parts = [text(term) for term in args]
    parts += [f"{key}={text(term)}" for key, term in kwargs.items()]
    return f"{getattr(name, '__name__', name)}({', '.join(parts)})"


def text(term):
    """A term as Python would write it: functions and classes by their names."""
    if isinstance(term, (type, types.FunctionType, types.BuiltinFunctionType)):
        return term.__name__
    if type(term) is list:
        return f"[{', '.join(map(text, term))}]"
    if type(term) is tuple:
        return f"({', '.join(map(text, term))}{',' if len(term) == 1 else ''})"
    return repr(term)


def shrink(args, kwargs, still_fails):
    """The smallest arguments found for which `still_fails(args, kwargs)` holds."""
    tries = 4000
    progress = True
    while progress and tries > 0:
        progress = False
        for candidate in smaller_calls(args, kwargs):
            tries -= 1
            if tries <= 0:
                break
            if still_fails(*candidate):
                args, kwargs = candidate
                progress = True
                break
    return args, kwargs


def smaller_calls(args, kwargs):
    """Calls one step simpler, the boldest step first."""
    for key in kwargs:
        yield args, {name: term for name, term in kwargs.items() if name != key}
    if args:
        yield args[:-1], kwargs
    for at, term in enumerate(args):
        for part in smaller(term):
            yield [*args[:at], part, *args[at + 1 :]], kwargs
    for key, term in kwargs.items():
        for part in smaller(term):
            yield args, {**kwargs, key: part}


def smaller(term):
    """Terms one step simpler than `term`."""
    kind = type(term)
    if kind is Make:
        if len(term.terms) == 1:
            yield term.terms[0]
        for at, part in enumerate(term.terms):
            for less in smaller(part):
                yield Make(term.function, *term.terms[:at], less, *term.terms[at + 1 :])
    elif kind in (bytes, str, list, tuple):
        yield from shorter(term)
        if kind in (list, tuple) and len(term) <= 8:
            for at, part in enumerate(term):
                for less in smaller(part):
                    yield term[:at] + kind([less]) + term[at + 1 :]
        elif kind in (bytes, str) and 0 < len(term) <= 32:
            plain = b"A" if kind is bytes else "A"
            for at in range(len(term)):
                if term[at : at + 1] > plain:
                    yield term[:at] + plain + term[at + 1 :]
    elif kind is int and term not in (0, 1):
        yield 0
        yield 1
        if abs(term) > 3:
            yield term // 2
            yield term - 1 if term > 0 else term + 1
    elif kind is float and term != 0.0:
        for less in (0.0, 0.5, 1.0, round(term, 3)):
            if len(repr(less)) < len(repr(term)):
                yield less


def shorter(sequence):
    """The sequence with a part left out: a half, a quarter, ... one item."""
    size = len(sequence)
    step = size
    while step > 0:
        for at in range(0, size, step):
            yield sequence[:at] + sequence[at + step :]
        step //= 2
