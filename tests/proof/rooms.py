"""The Rust modules of this interpreter, or of the shared object that RUST_STDLIB names, and calls of all they have."""

import importlib
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "twin"))

import differential
import twins
from terms import build_all, call_text

BUILT_IN = "_rust" in sys.builtin_module_names
LIBRARY = os.path.realpath(sys.executable if BUILT_IN else os.environ.get("RUST_STDLIB", ""))


def load(name):
    """The Rust module of this name; a new instance where it is not built in. The C twin when ROOMS is "c"."""
    if os.environ.get("ROOMS") == "c":
        return twins.c_twin(name)
    return importlib.import_module(name) if BUILT_IN else twins.from_path(name, LIBRARY)


def names():
    """The names of all Rust modules."""
    if not BUILT_IN and not os.path.isfile(LIBRARY):
        sys.exit("no Rust modules: set RUST_STDLIB to the shared object that has them")
    return [module["name"] for module in load("_rust").modules()]


def calls(module, name, seed, count, with_cases=True):
    """Calls as (text, make), where make() gives a function with new arguments and keywords.

    Half of them are those of the differential test, when it has some for the module; the others are of everything
    there is, with arguments that fit nothing in particular: functions, classes, and methods of instances.
    """
    rng = random.Random(seed)
    cases = differential.CASES.get(name) if with_cases else None
    for number in range(count):
        function, args, kwargs = cases(rng) if cases and number % 2 == 0 else (None, (), {})
        if callable(function) or (function and hasattr(module, function)):
            yield case_of(module, function, args, kwargs)
        else:
            yield any_call(module, rng)


def case_of(module, function, args, kwargs):
    """A call of the differential test."""
    target = differential.called(module, function)

    def make():
        return target, tuple(build_all(args)), dict(zip(kwargs, build_all(kwargs.values())))

    name = function if isinstance(function, str) else function.__name__
    return call_text(name, args, kwargs), make


def any_call(module, rng):
    """A call of a function, a class or a method, with arguments that may fit."""
    name, target = rng.choice(public(module))
    owner = None
    if isinstance(target, type) and not issubclass(target, BaseException) and rng.random() < 0.8:
        methods = sorted((key, value) for key, value in vars(target).items() if callable(value))
        if methods:
            owner = target, chosen(rng, rng.randrange(4))
            key, target = rng.choice(methods)
            name = f"{name}.{key}"
    args = chosen(rng, rng.choice((0, 1, 1, 1, 2, 2, 3, 4)))

    def make():
        values = [value() for value in args]
        if owner is None or name.endswith("__new__"):
            return target, tuple(values), {}
        return target, (instance(*owner), *values), {}

    texts = ", ".join(value.__name__ for value in args)
    return f"{name}({texts})", make


def instance(kind, args):
    """An instance of a class, or something that is none when it cannot be made of these arguments."""
    for given in (args, [], [whole_number], [text], [a_list], [function], [stream]):
        try:
            return kind(*[value() for value in given])
        except Exception:
            continue
    return None


def public(module):
    """Everything of a module that can be called."""
    return sorted((name, value) for name, value in vars(module).items() if callable(value) and name[:2] != "__")


def chosen(rng, count):
    return [rng.choice(VALUES) for _ in range(count)]


def nothing():
    return None


def whole_number():
    return 3


def large_number():
    return 2**70


def small_bytes():
    return b"abc" * 3


def large_bytes():
    return bytes(range(256)) * 40


def byte_array():
    return bytearray(b"0123456789abcdef")


def view():
    return memoryview(bytearray(b"abcd" * 500))


def text():
    return "text, 1.5\n"


def wide_text():
    return "\u20ac\U0001f40d" * 50


def a_list():
    return [3, 1.5, "a", None, [1, (2, 3)]]


def numbers():
    return [float(n) for n in range(100)]


def a_dict():
    return {"a": [1, {"b": None}], "\xe9": 2.5, 3: True}


def function():
    return lambda *args, **kwargs: args[0] if args else None


def a_type():
    return dict


def stream():
    import io

    return io.StringIO("a,b\n1,2\n")


VALUES = (
    nothing, whole_number, large_number, small_bytes, large_bytes, byte_array, view, text, wide_text, a_list,
    numbers, a_dict, function, a_type, stream,
)  # fmt: skip
