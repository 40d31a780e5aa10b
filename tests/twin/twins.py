"""Loads a module twice, C and Rust, in one process, and says what a call did.

The interpreter is a C-only CPython build. The Rust twin comes out of the shared object that
holds every Rust module; its path is given by `--rust` or the environment's RUST_STDLIB.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import re
import sys
import types
import warnings

import hostile
from terms import build_all


def load(name, rust_path):
    """The pair (C module, Rust module); the C one is what `import` finds."""
    if "_rust" in sys.builtin_module_names:
        sys.exit("this interpreter has Rust modules built in; the C twin must come from a C-only one")
    c_module = c_twin(name)
    return c_module, from_path(name, rust_path)


def c_twin(name):
    """The C module called `name`, or what stands in for one that C does not have."""
    if name == "_base64":
        return base64_stand_in()
    return importlib.import_module(name)


def again(module):
    """A second, separate copy of an imported module: what the self-tests compare C with."""
    if is_stand_in(module):
        return base64_stand_in()
    copy = importlib.util.module_from_spec(module.__spec__)
    module.__spec__.loader.exec_module(copy)
    return copy


def from_path(name, path):
    """The module `name` out of a shared object that may hold many."""
    if not path:
        sys.exit("no Rust shared object: give --rust PATH or set RUST_STDLIB")
    if not os.path.exists(path):
        sys.exit(f"no such file: {path}")
    loader = importlib.machinery.ExtensionFileLoader(name, os.path.abspath(path))
    spec = importlib.util.spec_from_file_location(name, loader.path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def is_stand_in(module):
    return getattr(module, "__spec__", None) is None


def base64_stand_in():
    """`_base64` is new: what it must do is what `binascii` in C does."""
    from binascii import b2a_base64

    def standard_b64encode(data, /):
        return b2a_base64(data, newline=False)

    module = types.ModuleType("_base64")
    module.standard_b64encode = standard_b64encode
    return module


def outcome(function, args, kwargs):
    """What a call did, in a form that two calls can be compared by.

    Holds the result or the exception with its causes, the warnings, what the hostile arguments
    were asked in which order, and the arguments as the call left them.
    """
    hostile.reset(function)
    args = build_all(args)
    kwargs = dict(zip(kwargs, build_all(kwargs.values())))
    del hostile.trace[:]
    try:
        result = "returned", described(function(*args, **kwargs))
    except BaseException as error:
        result = "raised", raised(error)
    left = [described(value) for value in (*args, *kwargs.values()) if type(value) not in FROZEN]
    return result, tuple(hostile.trace), left


def raised(error):
    """An exception by name, text and chain, so that `binascii.Error` of two modules can agree."""
    kind = type(error)
    told = [f"{kind.__module__}.{kind.__qualname__}", shown(error), shown(error.args)]
    told += getattr(error, "__notes__", [])
    if error.__cause__ is not None:
        told += ["from", raised(error.__cause__)]
    if error.__context__ is not None and error.__context__ is not error.__cause__:
        told += ["during", raised(error.__context__)]
    return told


def described(value):
    """A value by type and content."""
    kind = type(value)
    if kind is bytes or kind is int or kind is str or value is None or kind is bool:
        return kind, value
    return kind.__name__, shown(value)


def shown(value):
    """The text of a value or exception, without what differs from call to call."""
    try:
        text = str(value) if isinstance(value, BaseException) else repr(value)
    except BaseException as error:
        return f"<no text: {type(error).__name__}>"
    return VARYING.sub("...", text)


def record_warnings():
    """Sends every warning to the trace, so that it is part of the outcome."""
    warnings.resetwarnings()
    warnings.simplefilter("always")

    def record(message, category, filename, lineno, file=None, line=None):
        hostile.trace.append(f"warning {category.__name__}: {message}")

    warnings.showwarning = record


FROZEN = {int, str, bytes, bool, float, complex, type(None), tuple, types.BuiltinFunctionType}
VARYING = re.compile(r"0x[0-9a-f]{6,}|used \d+ kB")
