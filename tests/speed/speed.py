"""Speed of the Rust modules against their C twins, side by side in one process.

    python speed.py [--rust PATH] [--attacks PATH] [--noop PATH] [--check] [--json FILE] [--only NAME...]
    python speed.py --self-test

The interpreter is a CPython 3.15 in its build directory: one with the Rust modules built in, or, with --rust, a
C-only one. One line for each case: name, C ns, Rust ns, ratio C / Rust, spread (interquartile range), bar, ok or
FAIL; then the worst ratios. A case fails when the median misses its bar by more than its own uncertainty, in the
middle of three measurements.
"""

import argparse
import gc
import importlib
import json
import os
import sys
import sysconfig
import tempfile
from importlib.machinery import PathFinder

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "twin")]

import peers  # noqa: E402
import timing  # noqa: E402
import twins  # noqa: E402
from cases import all_cases  # noqa: E402
from noop import compile_noop  # noqa: E402


def main():
    options = arguments()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[options.pin]})
    gc.disable()
    gc.freeze()
    wanted = set(options.only or (GROUPS if options.attacks or options.rust else GROUPS[:-1]))
    cases = [case for case in all_cases(options.simd) if wanted & named(case)]
    if not cases:
        sys.exit(f"no cases of {', '.join(options.only)}")
    if options.self_test:
        sys.exit(self_test(cases, options))
    modules = Modules(options)
    rows = []
    print(f"{about(options.simd)}; {len(cases)} cases")
    print(HEADING)
    for case in cases:
        try:
            functions = modules.c_function(case), modules.rust_function(case)
        except (ImportError, AttributeError) as error:
            rows.append({**names_of(case), "ok": False, "missing": str(error)})
        else:
            rows.append(measure(case, *functions, options.seconds))
            rows[-1]["peers"] = list(beside(case, functions[0], options.seconds / 2))
        print(line(rows[-1]), flush=True)
    failed = [row for row in rows if not row["ok"]]
    if options.json:
        facts = {"python": about(options.simd), "peers": peers.versions() if options.peers else {}, "cases": rows}
        with open(options.json, "w") as file:
            json.dump(facts, file, indent=1)
    summary(rows, failed)
    sys.exit(bool(options.check and failed))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rust", default=os.environ.get("RUST_STDLIB"), help="shared object with the Rust modules"
    )
    parser.add_argument("--attacks", help="shared object with the test module `attacks` (as --rust)")
    parser.add_argument("--noop", help="noop.c as a shared object; compiled here if not given")
    parser.add_argument("--check", action="store_true", help="status 1 when a bar is missed")
    parser.add_argument("--json", metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--peers", metavar="FOLDER", help="where packages are that are measured beside, if there")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help=f"modules, cases with their group, or groups of {', '.join(GROUPS)}"
    )
    parser.add_argument("--seconds", type=float, default=0.6, help="for each case (0.6)")
    parser.add_argument(
        "--simd", choices=("avx512", "avx2", "none"), default=simd_here(), help="the vector instructions to use, and the bars to apply"
    )
    parser.add_argument("--pin", type=int, default=-1, help="run on the n-th allowed processor (the last)")
    parser.add_argument("--self-test", action="store_true", help="show that equal passes and slower fails")
    return parser.parse_args()


def owner(case, module):
    """What has the case's function."""
    return case.through(module) if case.through else module


class Modules:
    """The twins, each loaded when a case first asks."""

    def __init__(self, options):
        self.options = options
        self.loaded = {}
        self.built_in = "_rust" in sys.builtin_module_names
        if options.peers:
            sys.path.append(options.peers)
        if options.rust or self.built_in:
            # Under a lower bar, only the instructions that the bar is for.
            self.rust("_rust", options.rust).vectors(options.simd.replace("none", "scalar"))

    def c_function(self, case):
        name = case.c_module or case.module
        if name == "noop":
            module = self.keep(("noop",), self.noop)
        else:
            module = self.keep(("c", name), lambda: self.c(name))
        return resolved(owner(case, module), case.c_function or case.function)

    def rust_function(self, case):
        path = (
            self.options.attacks if case.module == "attacks" and self.options.attacks else self.options.rust
        )
        module = self.keep(("rust", case.module), lambda: self.rust(case.module, path))
        return resolved(owner(case, module), case.function)

    def c(self, name):
        """The C module: where Rust's is built in, the shared object that an import does not see."""
        found = PathFinder.find_spec(name) if self.built_in and name in sys.builtin_module_names else None
        return twins.from_path(name, found.origin) if found else importlib.import_module(name)

    def rust(self, name, path):
        return twins.from_path(name, path) if path else importlib.import_module(name)

    def noop(self):
        if self.options.noop:
            return twins.from_path("noop", self.options.noop)
        with tempfile.TemporaryDirectory() as folder:
            return twins.from_path("noop", compile_noop(os.path.join(folder, "noop.so")))

    def keep(self, key, load):
        if key not in self.loaded:
            self.loaded[key] = load()
        return self.loaded[key]


def resolved(module, function):
    return function(module) if callable(function) else getattr(module, function)


def measure(case, c_function, rust_function, seconds, attempts=3):
    """One row; a miss is measured twice more, and the middle result counts."""
    c_lines = case.c_lines or case.lines
    results = []
    while not results or (len(results) < attempts and not reaches(case.bar, results[0])):
        results.append(
            timing.compare(
                c_function, c_lines, rust_function, case.lines, case.values, seconds, UNROLL[case.group]
            )
        )
    result = sorted(results, key=lambda one: one.ratio)[len(results) // 2]
    opcodes = [[], []]
    if not timing.is_long(max(result.c_ns, result.rust_ns)):
        opcodes[0] = timing.specialised(c_lines, c_function, case.values)
        opcodes[1] = timing.specialised(case.lines, rust_function, case.values)
    alike = as_special(*opcodes) or bool(case.c_lines)
    row = {**names_of(case), "measured": len(results), **result._asdict()}
    row.update(c_opcodes=opcodes[0], rust_opcodes=opcodes[1], specialised_alike=alike)
    row["reached"] = reaches(case.bar, result)
    row["ok"] = row["reached"] and alike
    return row


def named(case):
    """The words that choose it."""
    return {case.group, case.module, f"{case.group} {case.name}"}


def names_of(case):
    return {"module": case.module, "group": case.group, "name": case.name, "bar": case.bar}


def beside(case, c_function, seconds):
    """The same through each peer that is installed, in turns with C."""
    for package, function, lines in peers.of(case):
        c_lines = case.c_lines or case.lines
        result = timing.compare(c_function, c_lines, function, lines, case.values, seconds, UNROLL[case.group])
        yield {"name": package, "ns": result.rust_ns, "ratio": result.ratio}


def as_special(c_opcodes, rust_opcodes):
    """Whether each call of Rust's is specialised as C's is, or as that of a C function where C's is not at all,
    or where a function in Python stands in for C's."""
    better = ("CALL_NON_PY_GENERAL", "CALL_BUILTIN")
    pairs = list(zip(c_opcodes, rust_opcodes))
    return len(c_opcodes) == len(rust_opcodes) and all(
        c == rust or (c.startswith((better[0], "CALL_PY")) and rust.startswith(better[1])) for c, rust in pairs
    )


def reaches(bar, result):
    """Whether the bar is inside what the median may be; a vague median is given little."""
    if bar.endswith("ns"):
        return result.more_ns - min(result.more_error, MOST_DOUBT_NS) <= float(bar[:-2])
    return result.ratio + min(result.ratio_error, MOST_DOUBT * result.ratio) >= float(bar)


def line(row):
    bar = row["bar"]
    if "missing" in row:
        return f"{row['group'] + ' ' + row['name']:<34} FAIL {row['missing']}"
    if bar.endswith("ns"):
        spread, wanted = f"{row['more_ns']:+.2f} ±{row['more_spread']:.2f} ns", f"<= {bar}"
    else:
        spread, wanted = f"±{100 * row['ratio_spread'] / row['ratio']:.1f} %", f">= {bar}x"
    verdict = "ok" if row["ok"] else "FAIL"
    if not row["specialised_alike"]:
        verdict += f" C {' '.join(row['c_opcodes'])}, Rust {' '.join(row['rust_opcodes'])}"
    times = f"{row['c_ns']:>12.2f} {row['rust_ns']:>12.2f} {row['ratio']:>7.2f}"
    return f"{row['group'] + ' ' + row['name']:<34} {times} {spread:>17} {wanted:>10} {verdict}"


def summary(rows, failed):
    """The last lines: the worst of each group, against its bar."""
    timed = [row for row in rows if "missing" not in row]
    for group in GROUPS:
        mine = [row for row in timed if row["group"] == group]
        if mine:
            worst = min(mine, key=margin)
            print(f"worst of {group}: {worst['name']}: ratio {worst['ratio']:.2f}, "
                  f"{worst['more_ns']:+.2f} ns, bar {worst['bar']}")  # fmt: skip
    if timed:
        worst = min(timed, key=lambda row: row["ratio"])
        print(f"worst ratio: {worst['ratio']:.2f} ({worst['group']} {worst['name']})")
    print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")


def margin(row):
    if row["bar"].endswith("ns"):
        return float(row["bar"][:-2]) - row["more_ns"]
    return row["ratio"] / float(row["bar"])


def about(simd):
    gil = "with the GIL" if getattr(sys, "_is_gil_enabled", lambda: True)() else "free-threaded"
    debug = ", debug" if hasattr(sys, "gettotalrefcount") else ""
    return f"CPython {sys.version.split()[0]} {gil}{debug}, {sysconfig.get_platform()}, bars for {simd}"


def simd_here():
    """The best vector instructions that the base64 kernels use and this processor has."""
    try:
        with open("/proc/cpuinfo") as cpuinfo:
            flags = set(next((row for row in cpuinfo if row.startswith("flags")), "").split())
    except OSError:
        flags = set()
    return "avx512" if "avx512vbmi" in flags else "avx2" if "avx2" in flags else "none"


def self_test(cases, options):
    """C against itself reaches every bar of one; C behind a Python function misses them all."""
    failed = 0
    modules = Modules(options)
    for case in cases:
        if float(case.bar.split()[0]) > 1 or case.c_lines:
            continue
        function = modules.c_function(case)
        same = measure(case, function, function, options.seconds)
        slow = measure(case, function, slower(function, case.group), options.seconds, attempts=1)
        good = same["ok"] and not slow["reached"] and not (slow["c_opcodes"] and slow["specialised_alike"])
        print(f"{'ok  ' if good else 'FAIL'} {case.group} {case.name}: itself {same['ratio']:.3f} "
              f"({same['more_ns']:+.2f} ns), slowed {slow['ratio']:.3f}", flush=True)  # fmt: skip
        failed += not good
    print(f"{failed} failed")
    return failed > 0


def slower(function, group):
    """The function behind a Python function; a long one called twice."""

    def once(*args, **kwargs):
        return function(*args, **kwargs)

    def twice(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return twice if UNROLL[group] == 1 else once


GROUPS = ("large", "whole", "small", "bisect", "bz2", "csv", "json-loads", "json-dumps", "zoneinfo", "zlib", "micro", "bulk", "files", "calls")
UNROLL = {"large": 1, "whole": 1, "small": 16, "bisect": 16, "bz2": 1, "csv": 1, "json-loads": 1, "json-dumps": 1, "zoneinfo": 16, "zlib": 1, "micro": 16, "bulk": 1, "files": 1, "calls": 16}
MOST_DOUBT = 0.02
MOST_DOUBT_NS = 0.1
HEADING = f"{'case':<34} {'C ns':>12} {'Rust ns':>12} {'ratio':>7} {'spread':>17} {'bar':>10}"

if __name__ == "__main__":
    main()
