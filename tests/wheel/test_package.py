"""What the wheel says of itself: to type checkers, to pip, to a Python that it is not for."""

import importlib.metadata
import json
import pathlib
import sys
import tempfile
import unittest

from starting import PURELIB, ROOMS, python

PACKAGE = importlib.metadata.distribution("rust-stdlib")


class Types(unittest.TestCase):
    """mypy finds every module: in its own stubs of the standard library, else in those of the wheel."""

    def mypy(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            done = python("-m", *arguments, check=False, folder=folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_module_has_types(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program.py")
            program.write_text("".join(f"import {name}\n" for name in [*ROOMS, "_rust", "rust_stdlib"]))
            self.mypy("mypy", "--strict", str(program))

    def test_the_package_is_typed(self):
        self.mypy("mypy", "--strict", "--package", "rust_stdlib")

    def test_stubs_are_true(self):
        """They have the names and the signatures of the modules."""
        names = [path.name.removesuffix("-stubs") for path in PURELIB.glob("*-stubs") if path.match("_*")]
        self.assertIn("_rust", names)
        self.mypy("mypy.stubtest", *names)


class Metadata(unittest.TestCase):
    def test_metadata(self):
        self.assertEqual(PACKAGE.metadata["Requires-Python"], "==3.15.*")
        self.assertEqual(PACKAGE.metadata["License-Expression"], "MIT OR Apache-2.0")
        self.assertIn("PYTHON_RUST_MODULES", PACKAGE.read_text("METADATA"))
        abi = "cp315t" if "t" in sys.abiflags else "cp315"
        self.assertRegex(PACKAGE.read_text("WHEEL"), rf"(?m)^Tag: cp315-{abi}-manylinux_2_\d+_")

    def test_every_file_is_known(self):
        """pip removes the files that the wheel names; there are no others."""
        named = {pathlib.Path(file.locate()) for file in PACKAGE.files}
        for folder in PURELIB.glob("*rust_stdlib*"):
            for path in [folder] if folder.is_file() else folder.rglob("*.*"):
                if path.is_file() and path.suffix != ".pyc":
                    self.assertIn(path, named)


class Refused(unittest.TestCase):
    """Another Python is told at the installation, and nothing is installed."""

    def pip(self, version, abi, *what):
        with tempfile.TemporaryDirectory() as folder:
            done = python(
                *("-m", "pip", "install", "--no-index", "--no-deps", "--only-binary=:all:", "--target", folder),
                *("--implementation", "cp", "--python-version", version, "--abi", abi, *what),
                check=False,
            )
            return done, [*pathlib.Path(folder).iterdir()]

    def test_other_versions(self):
        url = json.loads(PACKAGE.read_text("direct_url.json"))["url"]
        mine, other = ("cp315t", "cp315") if "t" in sys.abiflags else ("cp315", "cp315t")
        for version, abi in (("3.14", "cp314"), ("3.14", "cp314t"), ("3.16", "cp316"), ("3.15", other)):
            with self.subTest(version=version, abi=abi):
                done, files = self.pip(version, abi, url)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("is not a supported wheel on this platform", done.stderr)
                self.assertEqual(files, [])
        done, files = self.pip("3.15", mine, url)
        self.assertIn("rust_stdlib.pth", [file.name for file in files], done.stderr)

    def test_a_library_of_another_python(self):
        """Copied by hand beside another Python's, it is not even looked for: the name has the version in it."""
        names = [file.name for file in PACKAGE.files if "_library" in file.name]
        self.assertEqual(len(names), 1)
        self.assertIn("cpython-315", names[0])


if __name__ == "__main__":
    unittest.main()
