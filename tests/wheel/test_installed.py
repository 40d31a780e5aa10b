"""An interpreter of plain C in which the wheel is installed: everything that was C is Rust, and can be C again."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipapp

from starting import OLD, PTH, PURELIB, ROOMS, python

WHOSE = "import sys, importlib, json; print(json.dumps({n: importlib.import_module(n).__file__ for n in sys.argv[1:]}))"


def rust_modules(*options, names=tuple(ROOMS), value=None):
    """Which modules are Rust in a new interpreter."""
    files = json.loads(python(*options, "-c", WHOSE, *names, value=value).stdout)
    return {name for name, file in files.items() if "rust_stdlib" in file}


class Switch(unittest.TestCase):
    def test_is_on_for_every_program(self):
        self.assertEqual(rust_modules(), set(ROOMS))

    def test_is_on_in_isolation(self):
        self.assertEqual(rust_modules("-I"), set(ROOMS))
        self.assertEqual(rust_modules("-I", value="0"), set(ROOMS))

    def test_is_on_with_lazy_imports(self):
        self.assertEqual(rust_modules("-X", "lazy_imports=all"), set(ROOMS))

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

    def test_bench(self):
        """The same measuring as in ten seconds, in less than one."""
        code = (
            "import sys; from rust_stdlib import __main__, comparison; whole = comparison.results\n"
            "comparison.results = lambda names, seconds: whole(names, seconds / 100)\n"
            "sys.argv[0] = 'x'; sys.exit(__main__.main())"
        )
        told = json.loads(python("-c", code, "--bench", "--json").stdout)
        self.assertEqual({one["module"] for one in told}, OLD, "every module that has a twin is compared")
        for one in told:
            self.assertTrue(0 < one["low"] <= one["ratio"] <= one["high"], one)
        bars = python("-c", code, "--bench").stdout.splitlines()
        self.assertEqual(len(bars), len(told))
        for bar, one in zip(bars, told):
            self.assertRegex(bar, rf"^{one['module']} {one['case']} +[\d.]+x \([\d.]+-[\d.]+\) █{{1,60}}$")

    def test_help(self):
        self.assertIn("PYTHON_RUST_MODULES", python("-m", "rust_stdlib", "--help").stdout)


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


if __name__ == "__main__":
    unittest.main()
