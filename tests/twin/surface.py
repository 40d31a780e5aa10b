"""Compares what a C module and its Rust twin show to Python: everything but speed.

    python surface.py MODULE... [--rust PATH]
    python surface.py --self-test

Names, kinds, text signatures, calling conventions, type flags, bases, constants, pickling by name,
documentation (present, and in our own words), and the outcome of a table of wrong calls.
Prints each difference; ends with `N compared, N differ`, status 1 if any differs.
"""

import argparse
import collections
import inspect
import os
import pickle
import re
import sys
import zlib
import types
import unittest.mock
from _compat_pickle import REVERSE_IMPORT_MAPPING, REVERSE_NAME_MAPPING

import damage
import twins
from flags import calling_flags, type_flags
from terms import Unbuildable, build, call_text
from wrong_calls import calls, parameters


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument(
        "--rust", default=os.environ.get("RUST_STDLIB"), help="shared object with the Rust modules"
    )
    parser.add_argument("--most", type=int, default=40, help="differences to print of each kind (40)")
    parser.add_argument("--self-test", action="store_true", help="show that differences are found")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # messages may hold lone surrogates
    twins.record_warnings()
    if options.self_test:
        sys.exit(self_test())
    if not options.modules:
        parser.error("which modules?")
    failed = False
    for name in options.modules:
        report = Report()
        compare(report, *twins.load(name, options.rust))
        report.show(name, options.most)
        failed = failed or report.differences
    sys.exit(bool(failed))


# Calls that are meant to differ: C takes a tuple that is a key apart, as the arguments of the cache's `get`.
MEANT = ("_zoneinfo.ZoneInfo((",)


class Report:
    """Counts comparisons and keeps the differences, by section."""

    def __init__(self):
        self.compared = 0
        self.differences = []

    def equal(self, section, what, theirs, ours):
        self.compared += 1
        if theirs != ours and not what.startswith(MEANT):
            self.differences.append((section, f"{what}: C {theirs!r}, Rust {ours!r}"))

    def that(self, section, holds, text):
        self.compared += 1
        if not holds:
            self.differences.append((section, text))

    def sections(self):
        return collections.Counter(section for section, _ in self.differences)

    def show(self, name, most):
        printed = collections.Counter()
        for section, text in self.differences:
            printed[section] += 1
            if printed[section] <= most:
                print(f"{name}: {section}: {text}")
        for section, count in printed.items():
            if count > most:
                print(f"{name}: {section}: {count - most} more")
        print(f"{name}: {self.compared} compared, {len(self.differences)} differ", flush=True)


def compare(report, c_module, rust_module):
    """Everything about two modules; of a module that C does not have, what its calls do."""
    if twins.is_stand_in(c_module):
        for what in ("standard_b64encode",):
            outcomes(report, what, getattr(c_module, what), getattr(rust_module, what), one_argument)
        return
    name = c_module.__name__
    report.equal("names", name, public(c_module), public(rust_module))
    for attribute in ("__name__", "__package__"):
        report.equal(
            "names", attribute, getattr(c_module, attribute, None), getattr(rust_module, attribute, None)
        )
    report.equal("kinds", name, type(c_module), type(rust_module))
    documentation(report, name, c_module, rust_module)
    for attribute in sorted(public(c_module) & public(rust_module)):
        theirs, ours = getattr(c_module, attribute), getattr(rust_module, attribute)
        what = f"{name}.{attribute}"
        if isinstance(theirs, type) and isinstance(ours, type):
            a_type(report, what, theirs, ours)
            pickling(report, what, c_module, rust_module, theirs, ours)
        elif callable(theirs) and callable(ours):
            a_function(report, what, theirs, ours)
            report.equal(
                "names", f"{what}.__self__", theirs.__self__ is c_module, ours.__self__ is rust_module
            )
            pickling(report, what, c_module, rust_module, theirs, ours)
        else:
            report.equal("kinds", what, type(theirs), type(ours))
            if what not in VERSIONS:
                report.equal("constants", what, twins.described(theirs), twins.described(ours))


def public(module):
    """Names in a module, without those that the import system makes and the documentation."""
    made = {"__file__", "__loader__", "__spec__", "__cached__", "__builtins__"}
    return set(dir(module)) - made - {"__doc__"}


def a_function(report, what, theirs, ours):
    """A function or method: how it looks, and what the table of calls does."""
    report.equal("kinds", what, type(theirs), type(ours))
    for attribute in ("__name__", "__qualname__", "__module__", "__text_signature__"):
        section = "signatures" if attribute == "__text_signature__" else "names"
        report.equal(
            section, f"{what}.{attribute}", getattr(theirs, attribute, None), getattr(ours, attribute, None)
        )
    report.equal("signatures", f"signature({what})", signature(theirs), signature(ours))
    report.equal("conventions", what, calling_flags(theirs), calling_flags(ours))
    if type(ours) is not types.WrapperDescriptorType:  # the interpreter's own words
        documentation(report, what, theirs, ours)
    outcomes(report, what, theirs, ours)


def a_type(report, what, theirs, ours):
    """A class: its flags, bases and every attribute."""
    for attribute in ("__name__", "__qualname__", "__module__"):
        report.equal("names", f"{what}.{attribute}", getattr(theirs, attribute), getattr(ours, attribute))
    report.equal("kinds", what, type(theirs), type(ours))
    report.equal("flags", what, type_flags(theirs), type_flags(ours))
    report.equal("bases", what, full_names(theirs.__bases__), full_names(ours.__bases__))
    report.equal("bases", f"{what} mro", full_names(theirs.__mro__), full_names(ours.__mro__))
    for attribute in ("__dictoffset__", "__weakrefoffset__"):
        report.equal(
            "flags", f"{what}.{attribute}", getattr(theirs, attribute) != 0, getattr(ours, attribute) != 0
        )
    report.equal("signatures", f"signature({what})", signature(theirs), signature(ours))
    documentation(report, what, theirs, ours)
    report.equal("names", f"vars({what})", sorted(vars(theirs)), sorted(vars(ours)))
    for name in sorted(vars(theirs).keys() & vars(ours).keys() - {"__doc__", "__dict__", "__weakref__"}):
        an_attribute(report, f"{what}.{name}", vars(theirs)[name], vars(ours)[name])
    for act in (subclass, set_attribute, delete_attribute, instance_text, no_instance):
        report.equal("messages", f"{act.__name__}({what})", tried(act, theirs), tried(act, ours))
    outcomes(report, what, theirs, ours)


def an_attribute(report, what, theirs, ours):
    """What is in a class: methods, members, properties, constants."""
    report.equal("kinds", what, type(theirs), type(ours))
    if callable(theirs) and callable(ours) and hasattr(theirs, "__objclass__"):
        a_function(report, what, theirs, ours)
    elif inspect.isdatadescriptor(theirs):
        documentation(report, what, theirs, ours)
    else:
        report.equal("constants", what, twins.described(theirs), twins.described(ours))


def documentation(report, what, theirs, ours):
    """Ours has documentation where C's has, and says it in other words."""
    c_text, rust_text = words(theirs.__doc__), words(ours.__doc__)
    report.equal("documentation", f"{what}.__doc__ is there", bool(c_text), bool(rust_text))
    if c_text and rust_text:
        run = common_run(c_text, rust_text)
        copied = len(run) >= 9 or run == c_text
        report.that("documentation", not copied, f"{what}.__doc__ shares {' '.join(run)!r} with C's")


def words(text):
    return re.findall(r"\w+", text.lower()) if text else []


def common_run(first, second):
    """The longest run of words that both texts have."""
    best = []
    for start in range(len(first)):
        for size in range(len(best) + 1, len(first) - start + 1):
            run = first[start : start + size]
            if not any(second[at : at + size] == run for at in range(len(second) - size + 1)):
                break
            best = run
    return best


def pickling(report, what, c_module, rust_module, theirs, ours):
    """By name, in every protocol; and back to the same object."""
    pickles = [pickled(module, value) for module, value in ((c_module, theirs), (rust_module, ours))]
    report.equal("pickling", what, *pickles)


def pickled(module, value):
    """A class that says to be of another module is looked for there."""
    home = sys.modules.get(value.__module__)
    if home is None or home.__name__ == module.__name__:
        return pickled_in(module, value)
    with unittest.mock.patch.object(home, value.__qualname__, value):
        return pickled_in(module, value)


def pickled_in(module, value):
    name = module.__name__
    # Old protocols name the module that has it for everybody, which must take it from this one.
    known_as = REVERSE_IMPORT_MAPPING.get(name, name)
    known_as = REVERSE_NAME_MAPPING.get((name, getattr(value, "__qualname__", "")), (known_as,))[0]
    usual = {name: sys.modules.get(name), known_as: sys.modules.pop(known_as, None)}
    sys.modules[name] = module
    try:
        told = []
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            data = pickle.dumps(value, protocol)
            told += [data, pickle.loads(data) is value]
            if isinstance(value, type) and issubclass(value, BaseException):
                told.append(pickle.dumps(value("text", 1), protocol))
        return told
    except Exception as error:
        return twins.raised(error)
    finally:
        for name, module in usual.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def signature(value):
    try:
        return str(inspect.signature(value))
    except ValueError as error:
        return twins.VARYING.sub("...", f"no signature: {error}")


def full_names(types):
    return [f"{kind.__module__}.{kind.__qualname__}" for kind in types]


def tried(act, kind):
    try:
        return twins.described(act(kind))
    except Exception as error:
        return twins.raised(error)


def subclass(kind):
    return type("Sub", (kind,), {}).__mro__[1].__qualname__


def set_attribute(kind):
    kind.no_such = 1
    del kind.no_such


def delete_attribute(kind):
    del kind.no_such


def instance_text(kind):
    return repr(kind()), str(kind("a")), repr(kind("a", 1)), kind("a", 1).args


def no_instance(kind):
    return kind.__new__(int)


def outcomes(report, what, theirs, ours, wanted=lambda args, kwargs: True):
    """The table of wrong calls; equal calls are counted, different ones shown."""
    known = parameters(getattr(theirs, "__text_signature__", None))
    called_theirs, called_ours = theirs, ours
    if hasattr(theirs, "__objclass__"):
        called_theirs, called_ours = on_instance(theirs), on_instance(ours)

    tried_out = called_theirs
    if inspect.ismodule(getattr(theirs, "__self__", None)):
        # A module of its own: what calls leave behind there, the twins do not see.
        tried_out = getattr(twins.again(theirs.__self__), theirs.__name__)

    def works(args, kwargs):
        return twins.outcome(tried_out, args, kwargs)[0][0] == "returned"

    for args, kwargs in calls(known, works):
        if not wanted(args, kwargs) or endless(what, args):
            continue
        try:
            told = [twins.outcome(function, args, kwargs) for function in (called_theirs, called_ours)]
        except Unbuildable:
            continue
        report.equal("messages", call_text(what, args, kwargs), *[meaning(what, one) for one in told])


def endless(what, args):
    """The calls from which older C libraries never come back: zlib's, with a negative length."""
    try:
        return what == "zlib.crc32_combine" and len(args) == 3 and build(args[2]) < 0
    except Exception:
        return False


def meaning(what, told):
    """The outcome of a call; of what was compressed, what it means: libraries choose other bytes."""
    (how, value), trace, left = told
    if what == "zlib.compress" and how == "returned":
        value = unpacked(value[1])
    return (how, value), trace, left


def unpacked(data):
    try:
        return zlib.decompress(data, zlib.MAX_WBITS + 32)
    except zlib.error:
        return zlib.decompress(data, -zlib.MAX_WBITS)


def one_argument(args, kwargs):
    """The calls that a stand-in in Python answers as a C function would."""
    return len(args) == 1 and not kwargs


def on_instance(method):
    """Calls a method on a new instance of its class, where one can be made without arguments."""

    def call(*args, **kwargs):
        return getattr(method.__objclass__(), method.__name__)(*args, **kwargs)

    return call


# What a module says of the library that it stands on.
VERSIONS = {"zlib.ZLIB_VERSION", "zlib.ZLIB_RUNTIME_VERSION"}


def self_test():
    """C against itself differs in its documentation (being C's), each damage in its section."""
    failed = 0
    for name in ("binascii", "_bisect", "_statistics"):
        c_module = twins.c_twin(name)
        report = Report()
        compare(report, c_module, twins.again(c_module))
        documented = sum(1 for value in vars(c_module).values() if callable(value) and value.__doc__)
        sound = report.sections() == {"documentation": documented + 1} and report.compared > 2000
        print(f"{'ok  ' if sound else 'FAIL'} {name} against itself: {report.compared} compared")
        if not sound:
            report.show(name, 10)
        failed += not sound
    for section, what, name, sound, spoiled in damage.SURFACE:
        c_module = twins.c_twin(name)
        counts = []
        for change in (sound, spoiled):
            copy = twins.again(c_module)
            change(copy)
            report = Report()
            compare(report, c_module, copy)
            counts.append(report.sections()[section])
        seen = counts[0] == 0 < counts[1]
        print(
            f"{'ok  ' if seen else 'FAIL'} {name}: {what}: {counts[1]} differences in {section}, {counts[0]} without"
        )
        failed += not seen
    print(f"{len(damage.SURFACE) + 3 - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    main()
