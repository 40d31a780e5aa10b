"""An interpreter of plain C in which the wheel is installed: everything that was C is Rust, and can be C again."""

import contextlib
import importlib.metadata
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import unittest
import zipapp

ROOMS = {
    facts["name"]: facts
    for path in pathlib.Path(__file__).parents[2].glob("modules/*/room.toml")
    for facts in [tomllib.loads(path.read_text())]
}
PURELIB = pathlib.Path(sysconfig.get_path("purelib"))
PTH = PURELIB / "rust_stdlib.pth"
WHOSE = "import sys, importlib, json; print(json.dumps({n: importlib.import_module(n).__file__ for n in sys.argv[1:]}))"


def python(*arguments, value=None, check=True, folder=None):
    """Starts this interpreter anew, as a user who has set nothing would."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    if value is not None:
        environment["PYTHON_RUST_MODULES"] = value
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=check, cwd=folder
    )


def rust_modules(*options, names=tuple(ROOMS), value=None):
    """Which modules are Rust in a new interpreter."""
    files = json.loads(python(*options, "-c", WHOSE, *names, value=value).stdout)
    return {name for name, file in files.items() if "rust_stdlib" in file}


OLD = {name for name, facts in ROOMS.items() if "replaces" in facts}


class Switch(unittest.TestCase):
    def test_is_on_for_every_program(self):
        self.assertEqual(rust_modules(), set(ROOMS))

    def test_is_on_in_isolation(self):
        self.assertEqual(rust_modules("-I"), set(ROOMS))
        self.assertEqual(rust_modules("-I", value="0"), set(ROOMS))

    def test_is_off_without_site(self):
        self.assertEqual(rust_modules("-S", names=OLD), set())

    def test_follows_the_variable(self):
        self.assertEqual(rust_modules(names=OLD, value="0"), set())
        self.assertEqual(rust_modules(value="-binascii"), set(ROOMS) - {"binascii"})
        self.assertEqual(rust_modules(names=OLD, value="=binascii,=_bisect"), {"binascii", "_bisect"})

    def test_warns_of_what_means_nothing(self):
        for options in ((), ("-W", "error")):
            done = python(*options, "-c", "import binascii; print(binascii.__file__)", value="-nothing")
            self.assertIn("rust_stdlib", done.stdout)
            self.assertIn("PYTHON_RUST_MODULES: '-nothing' means nothing", done.stderr)

    def test_says_nothing_otherwise(self):
        done = python("-W", "error", "-X", "dev", "-c", ";".join(f"import {name}" for name in ROOMS))
        self.assertEqual((done.stdout, done.stderr), ("", ""))


class Places(unittest.TestCase):
    """Where programs run besides `python file`."""

    CODE = "import binascii; print(binascii.__file__)"

    def test_zipapp(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "app")
            source.mkdir()
            source.joinpath("__main__.py").write_text(self.CODE)
            zipapp.create_archive(source, compressed=True)
            self.assertIn("rust_stdlib", python(f"{source}.pyz").stdout)

    def test_environment_below_this_one(self):
        with tempfile.TemporaryDirectory() as folder:
            python("-m", "venv", "--without-pip", folder)
            inner = pathlib.Path(folder, "bin/python")
            done = subprocess.run([inner, "-c", self.CODE], capture_output=True, text=True, check=True)
            self.assertNotIn("rust_stdlib", done.stdout, "another environment has not installed it")

    def test_multiprocessing(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program.py")
            program.write_text(
                "import multiprocessing, binascii, sys\n"
                "def whose(_):\n"
                "    import binascii, _bisect\n"
                "    return [binascii.__file__, _bisect.__file__]\n"
                "if __name__ == '__main__':\n"
                "    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:\n"
                "        print(pool.map(whose, range(4)))\n"
            )
            for method in ("fork", "forkserver", "spawn"):
                for value, expected in ((None, 8), ("0", 0)):
                    with self.subTest(method=method, value=value):
                        told = python("-W", "ignore", str(program), method, value=value).stdout
                        self.assertEqual(told.count("rust_stdlib"), expected, told)

    def test_interpreters(self):
        code = (
            "from concurrent import interpreters\n"
            "for _ in range(3):\n"
            "    other = interpreters.create()\n"
            f"    other.exec({self.CODE!r})\n"
            "    other.close()\n"
        )
        self.assertEqual(python("-c", code).stdout.count("rust_stdlib"), 3)
        self.assertEqual(python("-c", code, value="0").stdout.count("rust_stdlib"), 0)

    def test_reload(self):
        code = "import importlib, binascii as one; two = importlib.reload(one); print(two.hexlify(b'a'), two.__file__)"
        self.assertRegex(python("-c", code).stdout, "b'61' .*rust_stdlib")


class Compatible(unittest.TestCase):
    """Objects that cross the switch."""

    DUMP = """
import binascii, pickle, sys, importlib
things = [binascii.crc32, binascii.Error("x")]
for name, attribute in (("zoneinfo", "ZoneInfo"), ("csv", "Error"), ("zlib", "error"), ("bisect", "insort_left")):
    things.append(getattr(importlib.import_module(name), attribute))
from zoneinfo import ZoneInfo
try:
    things += [ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")]
except KeyError:
    pass
sys.stdout.buffer.write(pickle.dumps(things))
"""

    def test_pickles(self):
        def dumped(value):
            environment = os.environ | {"PYTHON_RUST_MODULES": value}
            return subprocess.run(
                [sys.executable, "-c", self.DUMP], env=environment, stdout=subprocess.PIPE, check=True
            ).stdout

        rust, c = dumped("1"), dumped("0")
        self.assertEqual(rust, c)
        for value in ("1", "0"):
            code = "import pickle, sys; print([type(x).__name__ for x in pickle.load(sys.stdin.buffer)])"
            environment = os.environ | {"PYTHON_RUST_MODULES": value}
            done = subprocess.run([sys.executable, "-c", code], input=rust, env=environment, stdout=subprocess.PIPE)
            self.assertEqual(done.returncode, 0)


class Tool(unittest.TestCase):
    """`python -m rust_stdlib`."""

    def test_table(self):
        told = python("-m", "rust_stdlib").stdout
        for name in ROOMS:
            self.assertRegex(told, rf"(?m)^{name} +Rust +from the wheel +\d")

    def test_json(self):
        told = json.loads(python("-m", "rust_stdlib", "--json", value="-binascii").stdout)
        languages = {one["name"]: one["language"] for one in told}
        self.assertEqual(languages, dict.fromkeys(ROOMS, "Rust") | {"binascii": "C"})
        self.assertEqual(next(one for one in told if one["name"] == "binascii")["why"], "PYTHON_RUST_MODULES=-binascii")

    def test_check(self):
        for value, new in (("1", "ok"), ("0", "not there")):
            told = json.loads(python("-m", "rust_stdlib", "--check", "--json", value=value).stdout)
            self.assertEqual(told, dict.fromkeys(ROOMS, new) | dict.fromkeys(OLD, "ok"))

    def test_check_fails(self):
        code = (
            "import binascii, sys; binascii.crc32 = lambda data: 1; sys.argv = ['x', '--check']\n"
            "from rust_stdlib.__main__ import main; sys.exit(main())"
        )
        done = python("-c", code, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "binascii +Rust +FAILED: AssertionError")

    def test_help(self):
        self.assertIn("PYTHON_RUST_MODULES", python("-m", "rust_stdlib", "--help").stdout)

    def test_metadata(self):
        facts = importlib.metadata.metadata("rust-stdlib")
        self.assertEqual(facts["Requires-Python"], "==3.15.*")
        tag = "cp315t" if "t" in sys.abiflags else "cp315"
        wheel = importlib.metadata.distribution("rust-stdlib").read_text("WHEEL")
        self.assertRegex(wheel, rf"(?m)^Tag: cp315-{tag}-manylinux_2_\d+_")


class Robust(unittest.TestCase):
    def test_a_broken_library_leaves_c(self):
        """Half an upgrade, or a file of another machine: a line on stderr, and every program works."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(PURELIB / "rust_stdlib", pathlib.Path(folder, "rust_stdlib"))
            (library,) = pathlib.Path(folder, "rust_stdlib").glob("_library*")
            code = (
                f"import sys; sys.path.insert(0, {folder!r})\n"
                f"{PTH.read_text()}\n"
                "import binascii, _bisect; print('rust' in binascii.__file__ + _bisect.__file__)"
            )
            self.assertEqual(python("-S", "-c", code).stdout, "True\n")
            library.write_bytes(b"nonsense")
            done = python("-S", "-c", code)
            self.assertEqual(done.stdout, "False\n")
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertIn("the Rust modules cannot be loaded, so all are C", done.stderr)
            library.unlink()
            self.assertEqual(python("-S", "-c", code).stdout, "False\n")


class Start(unittest.TestCase):
    """What having it installed costs at each start of Python."""

    @staticmethod
    @contextlib.contextmanager
    def off():
        """The file that turns it on is not seen in here."""
        hidden = PTH.with_suffix(".hidden")
        PTH.rename(hidden)
        try:
            yield
        finally:
            hidden.rename(PTH)

    def test_imports_one_module(self):
        """What is done, counted: one small module, and the codec in which `site` reads any `.pth` file."""
        code = "import sys; print(*sys.modules); print('_library' in open('/proc/self/maps').read())"
        on, mapped = python("-c", code).stdout.splitlines()
        with self.off():
            off = python("-c", code).stdout.splitlines()[0]
        self.assertEqual({*on.split()} - {*off.split()}, {"rust_stdlib", "encodings.utf_8_sig"})
        self.assertEqual(mapped, "False", "the library is loaded by the first import of one of its modules")

    def test_takes_little_time(self):
        """Less than two milliseconds of processor time, the issue's bar.

        Load and noise only ever add, so of many starts in turns with it and without it, the quickest of each are
        compared, and there are more turns before it is said to fail. A machine on which Python's bare start takes
        longer than 12 ms is slower than those that the bar is meant for, and has that much more.
        """
        on, off = [], []
        for turns in (30, 60, 120):
            for _ in range(turns):
                on.append(self.processor_time())
                with self.off():
                    off.append(self.processor_time())
            cost, bar = min(on) - min(off), 0.002 * max(1, min(off) / 0.012)
            if cost < bar:
                break
        print(f"{cost * 1000:.2f} ms more than {min(off) * 1000:.2f} ms, after {len(on)} starts", file=sys.stderr)
        self.assertLess(cost, bar)

    @staticmethod
    def processor_time():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python("-c", "pass")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    unittest.main()
