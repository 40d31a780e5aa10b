"""Two interpreters, started in turns: the processor's time for a start, and how long the import of each module takes.

    python starting.py C_PYTHON RUST_PYTHON FILE NAME...

Writes to FILE, as JSON, nanoseconds of C and of Rust for "start" and for each name.
"""

import json
import os
import subprocess
import sys


def main():
    *interpreters, file = sys.argv[1:4]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    measured = {"start": in_turns(interpreters, start, START_PAIRS)}
    for name in sys.argv[4:]:
        measured[name] = in_turns(interpreters, lambda python: imported(python, name), IMPORT_PAIRS)
    with open(file, "w") as out:
        json.dump(measured, out, indent=1)


def in_turns(interpreters, measure, pairs):
    """What is typical of each: the fastest quarter's middle, because whatever disturbs makes it slower."""
    times = ([], [])
    for pair in range(pairs):
        for which in (0, 1) if pair % 2 else (1, 0):
            times[which].append(measure(interpreters[which]))
    return [sorted(mine)[pairs // 8] for mine in times]


def start(python):
    """The processor's time from the start to the end."""
    child = os.posix_spawn(python, [python, "-I", "-c", "pass"], os.environ)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"{python} does not start")
    return round((used.ru_utime + used.ru_stime) * 1e9)


def imported(python, name):
    """By its own clock; not counted is what starts anyway."""
    script = f"from time import perf_counter_ns as now; a = now(); import {name}; print(now() - a)"
    return int(subprocess.run([python, "-I", "-c", script], check=True, capture_output=True).stdout)


START_PAIRS = 80
IMPORT_PAIRS = 16

if __name__ == "__main__":
    main()
