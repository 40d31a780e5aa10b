"""Many interpreters at once import every module, use it and drop it: none shares anything, and nothing is left.

    python interpreters.py [--rounds N] [--at-once N]

Each interpreter has its own GIL. What an interpreter leaves behind is measured, and compared with interpreters that
do the same with the C twins (or import nothing, where Rust is built in): C leaves something behind, too.
"""

import argparse
import ctypes
import gc
import importlib.util
import os
import subprocess
import sys
import sysconfig
import textwrap
import threading
import time

import rooms


def main():
    options = arguments()
    if options.child:
        sys.exit(run(options))
    base = "nothing" if rooms.BUILT_IN else "c"
    # What is only compared with takes a fifth of the rounds: its figure is an average, too.
    figures = {base: left_by(base, max(10, options.rounds // 5), options)}
    figures["modules"] = left_by("modules", options.rounds, options)
    more = figures["modules"] - figures[base]
    allowed = max(ALLOWED, figures[base] / 10)
    well = more < allowed
    print(f"{'ok  ' if well else 'FAIL'} an interpreter with all modules leaves {more:.0f} bytes more than one with {base} ({allowed:.0f} allowed)")
    sys.exit(not well)


def left_by(code, rounds, options):
    """How many bytes each interpreter leaves that runs this. Ends the program when one fails."""
    start = time.monotonic()
    most = MOST_ROUNDS if FREE_THREADED else rounds
    left = []
    for done in range(0, rounds, most):
        ended = subprocess.run(
            [sys.executable, __file__, "--child", code]
            + [f"--rounds={min(most, rounds - done)}", f"--at-once={options.at_once}"],
            env={**os.environ, "PYTHONMALLOC": "default" if FREE_THREADED else "malloc"},
            stdout=subprocess.PIPE,
            text=True,
        )
        if ended.returncode != 0:
            print(f"{ended.stdout}FAIL interpreters with {code}: exit status {ended.returncode}")
            sys.exit(1)
        left.append(float(ended.stdout))
    mean = sum(left) / len(left)
    count = rounds * options.at_once
    processes = f" in {len(left)} processes" if len(left) > 1 else ""
    print(f"ok   {count} interpreters with {code}, {options.at_once} at once{processes}, {mean:.0f} bytes left by each, {time.monotonic() - start:.1f} s", flush=True)
    return mean


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--child", choices=["nothing", "c", "modules"], help=argparse.SUPPRESS)
    return parser.parse_args()


def run(options):
    """Starts and ends interpreters, many at once; the exit status."""
    names = rooms.names()
    built_in = rooms.BUILT_IN or options.child == "c"
    if options.child == "c":
        names = [name for name in names if importlib.util.find_spec(name)]
    code = f"names, library, built_in = {names!r}, {rooms.LIBRARY!r}, {built_in!r}\n"
    code += "pass" if options.child == "nothing" else USE
    failures = []
    sizes = []
    for number in range(options.rounds):
        barrier = threading.Barrier(options.at_once)
        threads = [
            threading.Thread(target=one, args=(code, barrier, failures)) for _ in range(options.at_once)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        gc.collect()
        sizes.append(in_use())
        if failures:
            print("\n".join(failures[:3]))
            return 1
    warm = len(sizes) // 3
    left = (sizes[-1] - sizes[warm]) / max(1, (len(sizes) - 1 - warm) * options.at_once)
    print(left)
    return 0


def one(code, barrier, failures):
    import _interpreters

    interpreter = _interpreters.create("isolated")
    barrier.wait()
    try:
        failed = _interpreters.exec(interpreter, code)
        if failed is not None:
            failures.append(f"FAIL {failed.formatted}")
    except BaseException as error:
        failures.append(f"FAIL {error!r}")
    finally:
        barrier.wait()
        _interpreters.destroy(interpreter)


def in_use():
    """How many bytes are allocated; in a free-threaded build, which has an allocator of its own, how many are resident.

    Not resident ones where it can be helped: heaps of many threads have holes for a while, which are no leak.
    """
    if not FREE_THREADED:
        mallinfo = ctypes.CDLL(None).mallinfo2
        mallinfo.restype = Mallinfo
        told = mallinfo()
        return told.uordblks + told.hblkhd
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class Mallinfo(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


# What each interpreter runs. A module is made, used, made again beside the first, reloaded, and dropped; then one is
# left behind that its interpreter must clear away.
USE = textwrap.dedent("""
    import gc, importlib, importlib.machinery, importlib.util, sys

    def made(name):
        if built_in:
            sys.modules.pop(name, None)
            return importlib.import_module(name)
        loader = importlib.machinery.ExtensionFileLoader(name, library)
        module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, library, loader=loader))
        loader.exec_module(module)
        return module

    def used(module):
        results = []
        for name, value in sorted(vars(module).items()):
            if callable(value) and name[:2] != "__":
                for args in (), (b"abc",), ("abc",), ([1.5, 2.5],), ([1, 3], 2), (b"abc", 3), (b"6162", 0, 1):
                    try:
                        results.append(value(*args))
                    except SystemError:
                        raise  # a panic
                    except Exception as error:
                        results.append(type(error).__name__)
        return [repr(result).split(" at 0x")[0] for result in results]

    for name in names:
        first = made(name)
        second = made(name)
        assert first is not second
        if name != "_rust":
            assert used(first) == used(second), name
        second.__spec__.loader.exec_module(second)  # a second exec changes nothing, or says so
        first.cycle = first
        del first
        gc.collect()
        used(second)
        second.only_here = second
""")

# How many bytes an interpreter with all modules may leave behind more than one with none (or a tenth of what that
# leaves): its cell is never freed.
ALLOWED = 512
# A free-threaded interpreter leaves 9 MB behind, whatever it runs, so that many rounds do not fit into one process.
MOST_ROUNDS = 25
FREE_THREADED = sysconfig.get_config_var("Py_GIL_DISABLED")

if __name__ == "__main__":
    main()
