"""Eight threads use every object of every module at the same time, while others change what they were given.

    python threads.py [MODULE...] [--seconds N] [--threads N] [--seed S]

The process must neither die nor hang, and no call may end in SystemError, which is what a panic becomes. A room can
bring objects of its own: a file `python/shared.py` with a function `shared(module)` that gives functions to call.
"""

import argparse
import importlib.util
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

import rooms

ROOMS = pathlib.Path(__file__).resolve().parents[2] / "modules"


def main():
    options = arguments()
    if options.child:
        sys.exit(stress(options))
    failed = 0
    for name in options.modules or rooms.names():
        command = [sys.executable, "-X", "faulthandler", __file__, name, "--child", f"--seconds={options.seconds}"]
        command += [f"--threads={options.threads}", f"--seed={options.seed}"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        print("\n".join(ended.stdout.splitlines()[-40:]))
        if ended.returncode != 0:
            print(f"FAIL {name}: exit status {ended.returncode}, seed {options.seed}", flush=True)
            failed += 1
    sys.exit(failed > 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--seconds", type=float, default=5, help="for each module (5)")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def stress(options):
    """Stresses one module; the exit status."""
    (name,) = options.modules
    module = rooms.load(name)
    import faulthandler  # which sub-interpreters do not have

    faulthandler.dump_traceback_later(options.seconds * 4 + 60, exit=True)
    rng = random.Random(options.seed)
    end = time.monotonic() + options.seconds
    counts = [0] * options.threads
    panics, sets = [], 0
    own = own_of_room(name, module)
    while time.monotonic() < end and not panics:
        sets += 1
        work, shared = calls_over_the_same(module, name, rng)
        work += own(module) if own else []
        together(work, shared, rng.randrange(2**32), counts, panics, min(0.3, options.seconds / 4))
    for panic in panics[:3]:
        print(f"FAIL {name}: {panic}")
    if not panics:
        print(f"ok   {name}: {sum(counts)} calls by {options.threads} threads over {sets} sets of objects, seed {options.seed}")
    return bool(panics)


def calls_over_the_same(module, name, rng, only_own=False):
    """Functions without arguments that call the module, with the same objects each time; and these objects.

    With `only_own`, instances of the module's own classes are the same each time, and no other object is shared.
    """
    work, shared = [], []
    for text, make in rooms.calls(module, name, rng.randrange(2**32), 24, with_cases=not only_own):
        try:
            function, args, named = make()
        except Exception:
            continue  # there are no such arguments
        if name == "_bisect" and "Unbounded" in text:
            continue  # searches for ever when others change it
        if only_own:
            work.append(lambda make=make: call(*make()))
            continue
        shared += [value for value in args if type(value) in CHANGES]
        work.append(lambda function=function, args=args, named=named: function(*args, **named))
    for kind in [value for _, value in rooms.public(module) if isinstance(value, type)]:
        made = rooms.instance(kind, [])
        methods = [key for key in dir(kind) if key[:2] != "__" or key in SLOTS]
        if issubclass(kind, BaseException):
            methods.remove("__init__")  # CPython's own sets `args` without a lock: ValueError().__init__ crashes too
        for key in methods if made is not None else ():
            terms = rooms.chosen(rng, rng.randrange(3))
            if only_own:
                work.append(lambda made=made, key=key, terms=terms: use(made, key, [term() for term in terms]))
                continue
            args = [term() for term in terms]
            shared += [value for value in args if type(value) in CHANGES]
            work.append(lambda made=made, key=key, args=args: use(made, key, args))
    return work, shared


def call(function, args, named):
    return function(*args, **named)


def use(made, key, args):
    attribute = getattr(made, key)
    return attribute(*args) if callable(attribute) else attribute


def own_of_room(name, module):
    """What the module's room brings itself; None when it has nothing."""
    for path in ROOMS.glob("*/python/shared.py"):
        if f'name = "{name}"' in (path.parents[1] / "room.toml").read_text():
            spec = importlib.util.spec_from_file_location(f"shared_{name}", path)
            script = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(script)
            return script.shared
    return None


def together(work, shared, seed, counts, panics, seconds):
    """Runs the work in many threads, each in an order of its own, while one more changes the objects."""
    barrier = threading.Barrier(len(counts) + 1)
    end = time.monotonic() + seconds

    def run(number):
        rng = random.Random(seed + number)
        barrier.wait()
        while time.monotonic() < end:
            for _ in range(20):
                try:
                    rng.choice(work)()
                except SystemError as error:
                    panics.append(repr(error))
                except BaseException:
                    pass
                counts[number] += 1

    def change():
        rng = random.Random(seed)
        barrier.wait()
        while time.monotonic() < end:
            for value in shared:
                try:
                    CHANGES[type(value)](value, rng)
                except (BufferError, IndexError, KeyError, RuntimeError):
                    pass
            time.sleep(0)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(counts))]
    threads.append(threading.Thread(target=change))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def change_list(items, rng):
    dice = rng.random()
    if dice < 0.3 and items:
        items.append(items[0])
    elif dice < 0.6:
        items.pop()
    elif dice < 0.7:
        items.clear()
    else:
        items[:] = [3, 1.5, "a", b"b", None] * rng.randrange(4)


def change_bytes(data, rng):
    dice = rng.random()
    if dice < 0.5:
        data[:1] = b"x"
    elif dice < 0.8:
        data.extend(b"0123" * rng.randrange(20))
    else:
        del data[rng.randrange(len(data) + 1) :]


def change_dict(items, rng):
    if rng.random() < 0.6:
        items[rng.choice(("a", "b", 3, None, "\u20ac"))] = rng.choice((1, "x", [2], None))
    else:
        items.popitem()


CHANGES = {list: change_list, bytearray: change_bytes, dict: change_dict}
SLOTS = (
    "__repr__", "__hash__", "__eq__", "__lt__", "__iter__", "__next__", "__len__", "__getitem__", "__call__",
    "__reduce_ex__", "__copy__", "__init__", "__enter__", "__exit__", "__sizeof__", "__getstate__", "__buffer__",
)  # fmt: skip

if __name__ == "__main__":
    main()
