"""Every allocation of every call fails once: MemoryError or what the call does otherwise, never a dead process.

    python no_memory.py --failing LIBRARY [MODULE...] [--calls N] [--seed S]

    python no_memory.py --failing LIBRARY --self-test

LIBRARY is `failing.c` beside this file, compiled; the program starts itself again with it preloaded. Each call is
tried in a process of its own: when it dies, that call has failed, and no other can have broken it. A call on which
the C twin fails as well is CPython's own mistake (in what the arguments do, mostly): it is told, and is no failure.
"""

import argparse
import importlib.machinery
import importlib.util
import os
import random
import shlex
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import traceback


def main():
    options = arguments()
    if options.child:
        return Child(options).run()
    import rooms

    with tempfile.TemporaryDirectory() as folder:
        options.failing = options.failing or compiled(folder)
        if options.self_test:
            failed = self_test(options)
        else:
            failed = sum([parent(name, options) for name in options.modules or rooms.names()])
    sys.exit(failed > 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--failing", help="failing.c, compiled; compiled anew without")
    parser.add_argument("--calls", type=int, default=60, help="how many of each module")
    parser.add_argument("--most", type=int, default=400, help="allocations of a call that fail (imports: ten times that)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--self-test", action="store_true", help="show that carelessness is found, with ATTACKS")
    parser.add_argument("--c", action="store_true", help="try the C twins instead")
    parser.add_argument("--only", type=int, help="only the call of this number")
    return parser.parse_args()


def compiled(folder):
    """`failing.c` as a library for this interpreter."""
    include = [sysconfig.get_path(name) for name in ("include", "platinclude")]
    include += [os.path.dirname(sysconfig.get_config_h_filename())]
    include += [os.path.join(sysconfig.get_config_var("srcdir"), "Include")]
    library = os.path.join(folder, "failing" + sysconfig.get_config_var("EXT_SUFFIX"))
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "failing.c")
    command = [*shlex.split(sysconfig.get_config_var("CC")), "-O2", "-shared", "-fPIC", source, "-o", library]
    subprocess.run(command + [f"-I{path}" for path in include], check=True)
    return library


def self_test(options):
    """Memory that is taken with care must pass, that without must be found; whether one of them was not so."""
    os.environ["RUST_STDLIB"] = os.environ["ATTACKS"]
    importlib.reload(sys.modules["rooms"])
    careful, careless = parent("careful", options), parent("careless", options)
    print(f"{'FAIL' if careful else 'ok  '} what is careful passes\n{'ok  ' if careless else 'FAIL'} what is careless is found")
    return bool(careful or not careless)


def parent(name, options):
    """Tries one module; how many calls have failed."""
    start = time.monotonic()
    ended, counts, lines = child(name, options)
    failures, as_in_c, before = [], 0, []
    if ended or not counts[0]:
        failures.append(f"  FAIL {how(ended)}\n{indented(lines)}")
    for line in lines:
        if not line.startswith("FAIL "):
            before.append(line)
            continue
        number, told = line[5:].split(" ", 1)
        if fails_in_c(name, number, options):
            as_in_c += 1
            print(f"  as in C: call {number}, {told}", flush=True)
        else:
            failures.append(f"  FAIL call {number}, {told}\n{indented(before)}")
        before = []
    for failure in failures:
        print(failure.rstrip(), flush=True)
    calls, allocations, refused = counts
    seconds = time.monotonic() - start
    said = f"{calls} calls, {allocations} allocations failed, {refused} MemoryErrors, seed {options.seed}, {seconds:.1f} s"
    if as_in_c:
        said += f", {as_in_c} calls that C fails, too"
    print(f"{'ok  ' if not failures else 'FAIL'} {name}: {said}{f', {len(failures)} failures' if failures else ''}", flush=True)
    return len(failures)


def fails_in_c(name, number, options):
    """Whether the C twin fails in the same call."""
    if options.c or sys.modules["rooms"].BUILT_IN or not importlib.util.find_spec(name):
        return False
    return any(line.startswith("FAIL ") for line in child(name, options, "--c", "--only", number)[2])


def how(status):
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def child(name, options, *more):
    """Runs the calls in a process that has the library: how it ended, what it counted, what it said."""
    command = [sys.executable, "-X", "faulthandler", __file__, name, "--child", "--failing", options.failing]
    command += ["--calls", str(options.calls), "--most", str(options.most), "--seed", str(options.seed)]
    command += [] if options.only is None else ["--only", str(options.only)]
    command += [*(["--c"] if options.c else []), *more]
    ended = subprocess.run(
        command,
        env={**os.environ, "LD_PRELOAD": options.failing},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        errors="replace",
    )
    lines = ended.stdout.splitlines()
    counts = [map(int, line.split()[1:]) for line in lines if line.startswith("DID ")]
    told = [line for line in lines if not line.startswith("DID ")]
    return ended.returncode, [sum(column) for column in zip([0, 0, 0], *counts)], told


class Child:
    """Tries the calls of one module."""

    def __init__(self, options):
        import rooms

        loader = importlib.machinery.ExtensionFileLoader("failing", options.failing)
        spec = importlib.util.spec_from_file_location("failing", options.failing, loader=loader)
        self.failing = importlib.util.module_from_spec(spec)
        loader.exec_module(self.failing)
        self.options = options
        self.rooms = rooms
        self.name = options.modules[0]
        self.counts = [0, 0, 0]  # calls, allocations that failed, MemoryErrors
        self.unraisable = []
        sys.unraisablehook = lambda report: self.unraisable.append(report.exc_type)

    def run(self):
        module = importlib.import_module(self.name) if self.options.c else self.rooms.load(self.name)
        if not self.failing.watch(self.rooms.LIBRARY) and not self.options.c:
            sys.exit(f"{self.rooms.LIBRARY} is not loaded")
        self.apart(0, f"import {self.name}", lambda: (self.imported, (), {}), 10 * self.options.most)
        calls = self.rooms.calls(module, self.name, self.options.seed, self.options.calls)
        for number, (text, make) in enumerate(calls, 1):
            self.apart(number, text, make, self.options.most)

    def apart(self, number, text, make, most):
        """Tries one call in a process of its own: what it breaks, it breaks for no other."""
        if self.options.only not in (None, number):
            return
        text = text.replace("\n", "\\n")
        process = os.fork()
        if process == 0:
            try:
                self.attempt(f"{number} {text}", make, most)
                print("DID", *self.counts, flush=True)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if status:
            print(f"FAIL {number} {text}: {how(status)}", flush=True)

    def imported(self):
        """The import of a module that is not loaded."""
        again = self.rooms.BUILT_IN or self.options.c
        return sorted(vars(self.again() if again else self.rooms.load(self.name)))

    def again(self):
        before = sys.modules.pop(self.name)
        try:
            return importlib.import_module(self.name)
        finally:
            sys.modules[self.name] = before

    def attempt(self, text, make, most):
        """Lets the first allocation of a call fail, the second, ... until none of these is left or `most`.

        How many there are depends on what the calls before have left in free lists; so the end is where there has
        been nothing to fail for a while.
        """
        import twins

        expected = None
        well = 0
        for n in range(most + 1):
            for all_after in (False, True) if n else (False,):
                try:
                    call = make()
                except Exception:
                    return  # there are no such arguments
                twins.hostile.reset(call[0])
                failed, _, result, error = self.failing.call(*call, n, all_after)
                outcome = self.outcome(result, error)
                if n == 0:
                    expected = outcome
                    self.counts[0] += 1
                    continue
                if not failed:
                    well += 1
                    if well > MANY:
                        return
                    continue
                well = 0
                self.counts[1] += 1
                if isinstance(error, MemoryError):
                    self.counts[2] += 1
                elif outcome != expected:
                    mode = "all from" if all_after else "only"
                    print(f"FAIL {text}: {outcome} instead of {expected}, {mode} allocation {n}", flush=True)
                    return
                bad = [kind for kind in self.unraisable if not issubclass(kind, MemoryError)]
                del self.unraisable[:]
                if bad:
                    print(f"FAIL {text}: unraisable {bad}, allocation {n}", flush=True)

    def outcome(self, result, error):
        """What a call came to, as far as two calls agree on it."""
        if error is not None:
            return f"{type(error).__name__}"
        return f"a {type(result).__name__}"


# How often in a row nothing fails before it is believed that there is nothing more to fail.
MANY = 30


def indented(lines):
    return "\n".join(f"    {line}" for line in lines[-30:])


if __name__ == "__main__":
    main()
