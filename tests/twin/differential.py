"""Random differential testing: the same calls to the C and to the Rust module.

    python differential.py [MODULE...] [--rust PATH] [--seconds N | --cases N] [--seed S]
    python differential.py --self-test

Both must return the same value or raise the same exception with the same text, warn alike, ask
hostile arguments the same things in the same order, and leave mutable arguments in the same state.
The first difference is shrunk, printed as a call, and ends the program with status 1.
"""

import argparse
import functools
import os
import random
import sys
import time

import damage
import inputs_binascii
import inputs_bisect
import inputs_bz2
import inputs_csv
import inputs_json
import inputs_statistics
import inputs_zlib
import inputs_zoneinfo
import twins
from terms import Unbuildable, call_text, shrink

CASES = {
    "binascii": inputs_binascii.binascii_case,
    "_base64": inputs_binascii.base64_case,
    "_bisect": inputs_bisect.bisect_case,
    "_bz2": inputs_bz2.bz2_case,
    "_csv": inputs_csv.csv_case,
    "_json": inputs_json.json_case,
    "_statistics": inputs_statistics.statistics_case,
    "zlib": inputs_zlib.zlib_case,
    "_zoneinfo": inputs_zoneinfo.zoneinfo_case,
}

# What has the functions that the cases name, where that is not the module itself.
VIEWS = {"_json": inputs_json.view}
# Whether a third twin, in Python, does the same as the C one.
THIRD = {"_json": inputs_json.agrees}


def main():
    options = arguments()
    twins.record_warnings()
    if options.self_test:
        sys.exit(self_test(options.seed))
    names = options.modules or list(CASES)
    failed = False
    for name in names:
        c_module, rust_module = twins.load(name, options.rust)
        seconds = None if options.cases else options.seconds / len(names)
        found = compare(name, c_module, rust_module, options.seed, options.cases, seconds)
        report(name, options.seed, *found)
        failed = failed or found[1] is not None
    sys.exit(failed)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(CASES)}; all without")
    parser.add_argument(
        "--rust", default=os.environ.get("RUST_STDLIB"), help="shared object with the Rust modules"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="for all modules together (20)")
    parser.add_argument("--cases", type=int, help="for each module, instead of --seconds")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(10**9), help="random without"
    )
    parser.add_argument("--self-test", action="store_true", help="show that differences are found")
    options = parser.parse_args()
    for name in options.modules:
        if name not in CASES:
            parser.error(f"no inputs for {name!r}; there are {', '.join(CASES)}")
    return options


def compare(name, c_module, rust_module, seed, cases, seconds):
    """Runs cases until one differs, or all are done, or the time is over.

    Gives how many ran, the difference or None, and the time.
    """
    make = CASES[name]
    view = VIEWS.get(name, lambda module: module)
    c_module, rust_module = view(c_module), view(rust_module)
    rng = random.Random(seed)
    start = time.monotonic()
    done = 0
    while (not cases or done < cases) and (done % 16 or not seconds or time.monotonic() - start < seconds):
        function, args, kwargs = make(rng)
        done += 1
        theirs, ours = both(c_module, rust_module, function, args, kwargs)
        if theirs == ours and not third_agrees(name, function, args, kwargs, theirs):

            def disagree(args, kwargs):
                theirs, ours = both(c_module, rust_module, function, args, kwargs)
                return theirs == ours and not third_agrees(name, function, args, kwargs, theirs)

            args, kwargs = shrink(args, kwargs, disagree)
            return done, (function, args, kwargs, c_module, rust_module), time.monotonic() - start
        if theirs != ours:
            kind = kind_of(theirs, ours)

            def alike(args, kwargs):
                theirs, ours = both(c_module, rust_module, function, args, kwargs)
                return theirs != ours and kind_of(theirs, ours) == kind

            args, kwargs = shrink(args, kwargs, alike)
            return done, (function, args, kwargs, c_module, rust_module), time.monotonic() - start
    return done, None, time.monotonic() - start


def both(c_module, rust_module, function, args, kwargs):
    """The outcomes of one call to each twin; a pair of Nones when it cannot be made."""
    try:
        theirs = twins.outcome(called(c_module, function), args, kwargs)
        return theirs, twins.outcome(called(rust_module, function), args, kwargs)
    except Unbuildable:
        return None, None


def called(module, function):
    """A function of the module, or one that does something with the module."""
    return functools.partial(function, module) if callable(function) else getattr(module, function)


def third_agrees(name, function, args, kwargs, theirs):
    """Whether the third twin, where there is one, did what C did; calls with keywords are not its."""
    return name not in THIRD or kwargs or theirs is None or THIRD[name](function, args, theirs)


def kind_of(theirs, ours):
    """What must stay as it is while a case shrinks: returned, or which exception."""
    return [(how, told[0] if how == "raised" else "") for (how, told), _, _ in (theirs, ours)]


def report(name, seed, done, difference, seconds):
    if difference is None:
        print(f"{name}: {done} cases, seed {seed}, {seconds:.1f} s: equal", flush=True)
        return
    function, args, kwargs, c_module, rust_module = difference
    print(f"{name}: differs after {done} cases, seed {seed}")
    print(f"  call {call_text(getattr(function, '__name__', function), args, kwargs)}")
    for side, module in (("C   ", c_module), ("Rust", rust_module)):
        result, trace, left = twins.outcome(called(module, function), args, kwargs)
        print(f"  {side} {' '.join(map(str, result))}")
        if trace or left:
            print(f"       trace {trace}, arguments left {left}")
    if len({repr(twins.outcome(called(module, function), args, kwargs)) for module in (c_module, rust_module)}) == 1:
        print("  Python, the third twin, does something else")
    sys.stdout.flush()


def self_test(seed):
    """C against itself must be equal, against each damaged copy it must differ."""
    failed = 0
    for name in CASES:
        c_module = twins.c_twin(name)
        done, difference, _ = compare(name, c_module, twins.again(c_module), seed, 20_000, 10)
        print(f"{'ok  ' if difference is None else 'FAIL'} {name} against itself, {done} cases")
        failed += difference is not None
        if difference is not None:
            report(name, seed, done, difference, 0.0)
    for name, what, spoil in damage.BEHAVIOUR:
        c_module = twins.c_twin(name)
        spoiled = damage.copy_with(c_module, spoil)
        done, difference, _ = compare(name, c_module, spoiled, seed, 200_000, 60)
        found = difference and call_text(*difference[:3])
        print(f"{'ok  ' if found else 'FAIL'} {name}: {what}: {found or 'not found'}, {done} cases")
        failed += not found
    print(f"{len(CASES) + len(damage.BEHAVIOUR) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    main()
