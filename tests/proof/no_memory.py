"""Every allocation of every call fails once: MemoryError or what the call does otherwise, never a dead process.

    python no_memory.py --failing LIBRARY [MODULE...] [--calls N] [--seed S]

    python no_memory.py --failing LIBRARY --self-test

LIBRARY is `failing.c` beside this file, compiled; the program starts itself again with it preloaded. A module is
tried in a process of its own, which says on a pipe what it is about to do: when it dies, that call has failed, and
the next process goes on behind it. A call on which the C twin dies as well, or does the same, is CPython's own
mistake (in what the arguments do, mostly): it is told, and is no failure.
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
import threading
import time


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
    parser.add_argument("--skip", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--progress", type=int, help=argparse.SUPPRESS)
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
    failures, as_in_c, totals = [], [], [0, 0, 0]
    skip = 0
    while True:
        ended, last, text, counts, output = child(name, options, skip=skip)
        totals = [a + b for a, b in zip(totals, counts)]
        for line in output.splitlines():
            if line.startswith("FAIL "):
                number, told = line[5:].split(" ", 1)
                note(int(number), told, name, options, failures, as_in_c)
        if ended == 0:
            break
        note(last, f"{text}: {how(ended)}\n{indented(output)}", name, options, failures, as_in_c)
        if last < skip:
            break
        skip = last + 1
    calls, allocations, refused = totals
    seconds = time.monotonic() - start
    said = f"{calls} calls, {allocations} allocations failed, {refused} MemoryErrors, seed {options.seed}, {seconds:.1f} s"
    if as_in_c:
        said += f", {len(as_in_c)} calls that C fails, too"
    print(f"{'ok  ' if not failures else 'FAIL'} {name}: {said}{f', {len(failures)} failures' if failures else ''}", flush=True)
    return len(failures)


def note(number, told, name, options, failures, as_in_c):
    """Tells of a call that failed; looks first whether the C twin fails, too."""
    if not options.c and not sys.modules["rooms"].BUILT_IN and importlib.util.find_spec(name):
        ended, _, _, _, output = child(name, options, "--c", "--only", str(number))
        if ended < 0 or "FAIL " in output:
            as_in_c.append(number)
            print(f"  as in C: call {number}, {told.splitlines()[0]}", flush=True)
            return
    failures.append(number)
    print(f"  FAIL call {number}, {told}", flush=True)


def how(status):
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def child(name, options, *more, skip=0):
    """Runs calls from number `skip` on until all are done or the process dies."""
    read, write = os.pipe()
    command = [sys.executable, "-X", "faulthandler", __file__, name, "--child", "--failing", options.failing]
    command += ["--calls", str(options.calls), "--most", str(options.most), "--seed", str(options.seed)]
    command += ["--skip", str(skip), "--progress", str(write), *(["--c"] if options.c else []), *more]
    environment = {**os.environ, "LD_PRELOAD": options.failing}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[write]
    )
    os.close(write)
    outputs = []
    reader = threading.Thread(target=lambda: outputs.append(process.stdout.read()))
    reader.start()
    last, text, counts = -1, "start", [0, 0, 0]
    with os.fdopen(read, encoding="utf-8", errors="replace") as progress:
        for line in progress:
            number, *numbers, text = line.rstrip("\n").split("\t")
            last, counts = int(number), [int(n) for n in numbers]
    reader.join()
    process.stdout.close()
    return process.wait(), last, text, counts, outputs[0].decode(errors="replace")


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
        self.number = 0
        sys.unraisablehook = lambda report: self.unraisable.append(report.exc_type)

    def run(self):
        module = importlib.import_module(self.name) if self.options.c else self.rooms.load(self.name)
        if not self.failing.watch(self.rooms.LIBRARY) and not self.options.c:
            sys.exit(f"{self.rooms.LIBRARY} is not loaded")
        if self.wanted(0, f"import {self.name}"):
            self.attempt("import", lambda: (self.imported, (), {}), 10 * self.options.most)
        calls = self.rooms.calls(module, self.name, self.options.seed, self.options.calls)
        for number, (text, make) in enumerate(calls, 1):
            if self.wanted(number, text):
                self.attempt(text, make, self.options.most)
        if self.options.only is None:
            self.tell(self.options.calls + 1, "the end")

    def wanted(self, number, text):
        """Whether a call is to be made; it is told first."""
        if number < self.options.skip or self.options.only not in (None, number):
            return False
        self.number = number
        self.tell(number, text)
        return True

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
                    print(f"FAIL {self.number} {text}: {outcome} instead of {expected}, {mode} allocation {n}", flush=True)
                    return
                bad = [kind for kind in self.unraisable if not issubclass(kind, MemoryError)]
                del self.unraisable[:]
                if bad:
                    print(f"FAIL {self.number} {text}: unraisable {bad}, allocation {n}", flush=True)

    def outcome(self, result, error):
        """What a call came to, as far as two calls agree on it."""
        if error is not None:
            return f"{type(error).__name__}"
        return f"a {type(result).__name__}"

    def tell(self, number, text):
        line = "\t".join(map(str, (number, *self.counts, text.replace("\n", "\\n").replace("\t", "\\t")[:300])))
        os.write(self.options.progress, f"{line}\n".encode(errors="replace"))


# How often in a row nothing fails before it is believed that there is nothing more to fail.
MANY = 30


def indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines()[-30:])


if __name__ == "__main__":
    main()
