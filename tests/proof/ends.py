"""Processes and interpreters end while modules are in use: forks, daemon threads, destructors, late callbacks.

    python ends.py [MODULE...] [--rounds N] [--seed S]

A forked child uses the very objects that threads of its parent were using. Nothing may die or hang.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import rooms

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    options = arguments()
    failed = 0
    for name in options.modules or rooms.names():
        for what, code in CODES.items():
            start = time.monotonic()
            bad = None
            for number in range(options.rounds):
                bad = ended_badly(code, name, options.seed + number)
                if bad:
                    break
            seconds = time.monotonic() - start
            print(f"{'FAIL' if bad else 'ok  '} {name}: {what}, {number + 1} times, seed {options.seed}, {seconds:.1f} s", flush=True)
            if bad:
                print(textwrap.indent("\n".join(bad.splitlines()[-30:]), "    "))
                failed += 1
    sys.exit(failed > 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is tried (2)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    return parser.parse_args()


def ended_badly(code, name, seed):
    """Runs code in a process of its own; what is wrong with how it ended, or None."""
    try:
        ended = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-W", "ignore", "-c", START + code, name, str(seed)],
            env={**os.environ, "PYTHONPATH": HERE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=120,
        )
    except subprocess.TimeoutExpired as late:
        return f"still running after {late.timeout} s\n{(late.output or b'').decode(errors='replace')}"
    if ended.returncode == 0 and "FAIL" not in ended.stdout and "Fatal Python error" not in ended.stdout:
        return None
    how = signal.Signals(-ended.returncode).name if ended.returncode < 0 else f"exit status {ended.returncode}"
    return f"{ended.stdout}\n{how}"


START = """
import faulthandler, importlib.resources, os, random, signal, sys, threading, time
import rooms, threads as driver
name, seed = sys.argv[1], int(sys.argv[2])
module = rooms.load(name)

# An import that a fork interrupts is never over in the child: nothing is imported while threads run.
def import_module(name, package=None, import_module=importlib.import_module):
    if name.startswith("tzdata"):
        raise ModuleNotFoundError(name)
    return import_module(name, package)

importlib.import_module = import_module
def make_work(**options):
    work, shared = driver.calls_over_the_same(module, name, random.Random(seed), **options)
    own = driver.own_of_room(name, module)
    return work + (own(module) if own and not options.get("only_own") else [])

work = make_work()

def some(count, rng):
    for _ in range(count):
        once(rng.choice(work))

def once(call):
    try:
        call()
    except SystemError as error:
        print("FAIL", error)
    except Exception:
        pass

def for_ever(number):
    rng = random.Random(number)
    while True:
        some(1, rng)

def begin(count):
    for call in work:
        once(call)  # imports what it needs
    for number in range(count):
        threading.Thread(target=for_ever, args=(number,), daemon=True).start()
    time.sleep(0.02)
"""

CODES = {
    "forks while threads use the objects": """
# Without a GIL, a fork loses threads that hold the locks of lists and dicts, with C's modules as well as with ours.
work = make_work(only_own=not sys._is_gil_enabled())
begin(6)
for number in range(10):
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        some(50, random.Random(number))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        print("FAIL child", number, status)
os._exit(0)
""",
    "ends under daemon threads": """
begin(8)
some(100, random.Random(seed))
""",
    "a forked child of many threads ends by itself": """
begin(4)
child = os.fork()
if child == 0:
    faulthandler.dump_traceback_later(60, exit=True)
    begin(2)
    some(20, random.Random(seed))
    sys.exit(0)
_, status = os.waitpid(child, 0)
print("FAIL child" if status else "", status)
os._exit(0)
""",
    "destructors and callbacks at the end": """
import atexit, gc, weakref

class Last:
    def __del__(self):
        some(20, random.Random(seed))

kept = [Last(), module, work]
kept.append(kept)
module.last = Last()
module.cycle = module
sys.last = Last()
weakref.finalize(Last(), some, 5, random.Random(1))
weakref.finalize(work[0], some, 5, random.Random(2)).atexit = True
atexit.register(some, 20, random.Random(3))
sys.unraisablehook = lambda report: print("FAIL", report) if report.exc_type is SystemError else None
begin(2)
""",
    "an interpreter is closed whose objects are in cycles": """
from concurrent import interpreters
one = interpreters.create()
one.exec(f"import sys; sys.path[:0] = {sys.path!r}; sys.argv[:] = {sys.argv!r}")
one.exec(f'''
import random, sys, rooms, threads as driver
name, seed = sys.argv[1], int(sys.argv[2])
module = rooms.load(name)
work, shared = driver.calls_over_the_same(module, name, random.Random(seed))
class Last:
    def __del__(self):
        for call in work:
            try:
                call()
            except Exception:
                pass
module.last = Last()
module.cycle = [module, Last(), work]
''')
one.close()
""",
}

if __name__ == "__main__":
    main()
