"""Every module that has a room is there, is the Rust one, and works in an interpreter with its own GIL."""

import importlib.machinery
import os
import pathlib
import sys
import sysconfig
import tomllib
import unittest
from concurrent import interpreters

import _rust

ROOMS = {
    facts["name"]: facts
    for path in pathlib.Path(__file__).parents[2].glob("modules/*/room.toml")
    for facts in [tomllib.loads(path.read_text())]
}
BUILD = pathlib.Path(sysconfig.get_makefile_filename()).parent


class Told(unittest.TestCase):
    """What `_rust.modules()` says."""

    def test_agrees_with_the_rooms(self):
        told = {module["name"]: module["replaces"] for module in _rust.modules()}
        self.assertEqual(told, {name: facts.get("replaces", "") for name, facts in ROOMS.items()})

    def test_says_what_a_program_needs(self):
        for module in _rust.modules():
            self.assertIs(type(module), dict)
            self.assertRegex(module["version"], r"^\d+\.\d+\.\d+")

    def test_gives_a_new_list_each_time(self):
        _rust.modules().clear()
        self.assertEqual(len(_rust.modules()), len(ROOMS))


class Present(unittest.TestCase):
    """Which modules are in this interpreter."""

    def test_are_built_in(self):
        for name in [*ROOMS, "_rust"]:
            with self.subTest(name=name):
                self.assertIn(name, sys.builtin_module_names)
                self.assertEqual(importlib.import_module(name).__spec__.origin, "built-in")

    def test_the_c_twin_is_kept(self):
        """Beside the built-in module, where an import finds it only when PYTHON_RUST_MODULES asks for it."""
        for name, facts in ROOMS.items():
            if "replaces" in facts:
                with self.subTest(name=name):
                    origin = importlib.machinery.PathFinder.find_spec(name).origin
                    self.assertTrue(os.path.samefile(pathlib.Path(origin).parent.parent.parent, BUILD), origin)


class Interpreters(unittest.TestCase):
    """More than one interpreter in a process."""

    def test_own_gil(self):
        """Imported by an isolated interpreter while the main one has the module too."""
        for name in [*ROOMS, "_rust"]:
            with self.subTest(name=name):
                importlib.import_module(name)
                in_another(f"import {name}\nassert {name}.__spec__.origin == 'built-in'")

    def test_modules_are_not_shared(self):
        for name in ROOMS:
            with self.subTest(name=name):
                module = importlib.import_module(name)
                in_another(f"import {name}\n{name}.only_here = True")
                self.assertFalse(hasattr(module, "only_here"))

    def test_used_one_after_the_other_and_at_once(self):
        """Each interpreter imports, uses and drops every module; then ten of them at the same time."""
        code = "\n".join(f"import {name}" for name in ROOMS) + USE
        for _ in range(5):
            in_another(code)
        several = [interpreters.create() for _ in range(10)]
        try:
            threads = [interpreter.call_in_thread(run, code) for interpreter in several]
            for thread in threads:
                thread.join()
        finally:
            for interpreter in several:
                interpreter.close()

    def test_reloaded(self):
        """Taken out of sys.modules and imported again: a second instance, and both work."""
        for name in ROOMS:
            with self.subTest(name=name):
                code = f"import sys, {name} as first\ndel sys.modules['{name}']\nimport {name} as second\n"
                in_another(code + "assert sorted(vars(first)) == sorted(vars(second))")


def in_another(code):
    """Runs code in a new interpreter with its own GIL; its exception is raised here."""
    interpreter = interpreters.create()
    try:
        interpreter.exec(code)
    finally:
        interpreter.close()


def run(code):
    exec(code, {})


USE = """
import base64, bisect, statistics
assert base64.b64decode(base64.b64encode(b"abc")) == b"abc"
bisect.insort(items := [1, 3], 2)
assert items == [1, 2, 3]
assert abs(statistics.NormalDist().inv_cdf(0.5)) < 1e-12
try:
    base64.b16decode("1")
except ValueError as error:
    assert str(error)
"""

if __name__ == "__main__":
    unittest.main()
