"""How much memory `json` takes at most for a large document, over C's `_json` and over Rust's.

    python memory.py --rust PATH [--megabytes 100] [--check]

One line for each case: what the process held before, and by how many MiB its peak rose with C and with
Rust. Each is measured in a process of its own. The interpreter is a C-only CPython 3.15, on Linux.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "twin")]

import twins  # noqa: E402
from cases_json import json_over, table  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rust", required=True, help="shared object with the Rust modules")
    parser.add_argument("--megabytes", type=int, default=100, help="the size of the document (100)")
    parser.add_argument("--check", action="store_true", help="status 1 when Rust takes more than C")
    parser.add_argument("--child", nargs=2, metavar=("CASE", "TWIN"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(*options.child, options)))
        return
    print(f"{'document of ' + str(options.megabytes) + ' MB':<24} {'before':>8} {'C':>8} {'Rust':>8} MiB")
    worse = 0
    for case in CASES:
        before, c_more = in_child(case, "c", options)
        _, rust_more = in_child(case, "rust", options)
        is_ok = rust_more <= c_more + TOLERATED
        worse += not is_ok
        print(f"{case:<24} {before:>8.1f} {c_more:>8.1f} {rust_more:>8.1f} {'ok' if is_ok else 'FAIL'}", flush=True)
    sys.exit(bool(options.check and worse))


def in_child(case, twin, options):
    command = [sys.executable, __file__, "--rust", options.rust, "--megabytes", str(options.megabytes)]
    result = subprocess.run([*command, "--child", case, twin], stdout=subprocess.PIPE, check=True)
    return json.loads(result.stdout)


def measure(case, twin, options):
    """What the process held before the call, and by how much its peak rose in it."""
    module = importlib.import_module("_json") if twin == "c" else twins.from_path("_json", options.rust)
    package = json_over(module)
    make, function, keywords = CASES[case]
    value = make(options.megabytes * 1_000_000)
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")  # the peak begins anew
    before = status("VmRSS")
    kept = getattr(package, function)(value, **keywords)
    peak = status("VmHWM")
    del kept
    return before, peak - before


def status(name):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def document(item):
    """A list of the same items again and again, as text."""

    def make(size):
        text = item()
        return "[" + ",".join([text] * (size // (len(text) + 1))) + "]"

    return make


def value(item):
    """The value of such a text; the items share their memory, so that it is small."""

    def make(size):
        thing = json.loads(item())
        return [thing] * (size // (len(json.dumps(thing)) + 2))

    return make


def records():
    return json.dumps(table())


def string():
    return json.dumps("lorem ipsum dolor " * 50_000)


def escapes():
    return json.dumps('"quoted"\n\u4f60\u597d' * 20_000)


def floats():
    return json.dumps([i / 7 for i in range(1000)])


CASES = {
    "loads records": (document(records), "loads", {}),
    "loads strings": (document(string), "loads", {}),
    "loads escapes": (document(escapes), "loads", {}),
    "loads floats": (document(floats), "loads", {}),
    "loads one string": (lambda size: '"' + "x" * size + '"', "loads", {}),
    "dumps records": (value(records), "dumps", {}),
    "dumps indented": (value(records), "dumps", {"indent": 4}),
    "dumps escapes": (value(escapes), "dumps", {}),
    "dumps non-ASCII kept": (value(escapes), "dumps", {"ensure_ascii": False}),
    "dumps floats": (value(floats), "dumps", {}),
    "dumps one string": (lambda size: ["x" * size], "dumps", {}),
}
# Pages that happen to be touched: not what a document takes.
TOLERATED = 1.0

if __name__ == "__main__":
    main()
