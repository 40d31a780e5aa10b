"""`python -m rust_stdlib`: which modules are Rust here, whether they are right, and how fast they are."""

import argparse
import dataclasses
import json
import sys

from . import comparison, state
from .checks import CHECKS


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rust_stdlib",
        description="Which modules of the standard library are Rust in this interpreter.",
        epilog=f"{state.VARIABLE} switches them: 0 for C everywhere, -NAME for C here, =NAME for Rust only here, "
        "with commas between.",
    )
    parser.add_argument("--json", action="store_true", help="the table as JSON, for programs")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="run each module's self-test")
    what.add_argument("--bench", action="store_true", help="compare each module with C, for ten seconds")
    options = parser.parse_args()
    try:
        states = state.states()
    except ImportError:
        print("There are no Rust modules in this interpreter.", file=sys.stderr)
        return 1
    if options.check:
        return check(states, options.json)
    if options.bench:
        return bench(states, options.json)
    if options.json:
        print(json.dumps([dataclasses.asdict(one) for one in states], indent=2))
    else:
        heads = ("module", "is", "why", "version", "replaces")
        table([heads, *((one.name, one.language, one.why, one.version, one.replaces or "-") for one in states)])
    return 0


def check(states: list[state.State], as_json: bool) -> int:
    """Runs the self-tests; 1 when one failed."""
    told = {}
    for one in states:
        test = CHECKS.get(one.name)
        try:
            if one.language == "none":
                told[one.name] = "not there"
            elif test is None:
                told[one.name] = "no self-test"
            else:
                test(sys.modules[one.name])
                told[one.name] = "ok"
        except Exception as error:
            told[one.name] = f"FAILED: {type(error).__name__}: {error}"
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        table([(one.name, one.language, told[one.name]) for one in states])
    return any(text.startswith("FAILED") for text in told.values())


def bench(states: list[state.State], as_json: bool) -> int:
    """Prints a bar for each case as it is measured; the bar of C would be ten wide."""
    measured = []
    for result in comparison.results([one.name for one in states], seconds=10):
        measured.append(dataclasses.asdict(result))
        if not as_json:
            label = f"{result.module} {result.case}"
            bar = "█" * max(1, min(60, round(result.ratio * 10)))
            print(f"{label:32} {result.ratio:6.2f}x ({result.low:.2f}-{result.high:.2f}) {bar}", flush=True)
    if as_json:
        print(json.dumps(measured, indent=2))
    if not measured:
        print("There is no module here of which both the Rust and the C one can be had.", file=sys.stderr)
        return 1
    return 0


def table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
