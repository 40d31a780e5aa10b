"""PYTHON_RUST_MODULES chooses between each Rust module and its C twin, and never stops an interpreter."""

import json
import os
import pathlib
import subprocess
import sys
import tomllib
import unittest

TWINS = {
    facts["name"]: facts
    for path in pathlib.Path(__file__).parents[2].glob("modules/*/room.toml")
    for facts in [tomllib.loads(path.read_text())]
    if "replaces" in facts
}

# The docstrings tell the twins apart: ours are our own words.
ASK = """
import importlib, json, sys, types
def told(name):
    module = importlib.import_module(name)
    return {key: value.__doc__ for key, value in sorted(vars(module).items())
            if isinstance(value, (types.BuiltinFunctionType, type))}
import _rust
print(json.dumps({name: [_rust.chosen(name), told(name)] for name in sys.argv[1:]}))
"""


def ask(value, *options, names=tuple(TWINS)):
    """What a new interpreter says of each module, and what it writes to stderr."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHON_RUST_MODULES"}
    if value is not None:
        environment["PYTHON_RUST_MODULES"] = value
    done = subprocess.run(
        [sys.executable, *options, "-c", ASK, *names], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout), done.stderr


class Switch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rust, cls.silence = ask(None)
        cls.c, _ = ask("0")

    def test_all_are_rust_when_nothing_is_said(self):
        self.assertEqual(self.silence, "")
        self.assertTrue(all(chosen for chosen, _ in self.rust.values()))
        for value in ("", "1", " , "):
            with self.subTest(value=value):
                self.assertEqual(ask(value), (self.rust, ""))

    def test_all_are_c(self):
        self.assertFalse(any(chosen for chosen, _ in self.c.values()))
        for name in TWINS:
            with self.subTest(name=name):
                self.assertEqual(self.rust[name][1].keys(), self.c[name][1].keys())
        self.assertNotEqual(self.rust["binascii"][1], self.c["binascii"][1], "not the C module")

    def test_one_is_c(self):
        told, errors = ask("-binascii")
        self.assertEqual(told, self.rust | {"binascii": self.c["binascii"]})
        self.assertEqual(errors, "")

    def test_two_are_rust(self):
        told, errors = ask("=binascii, =_bisect")
        self.assertEqual(told, self.c | {name: self.rust[name] for name in ("binascii", "_bisect")})
        self.assertEqual(errors, "")

    def test_what_means_nothing_is_a_warning(self):
        for value in ("-nothing", "binascii", "=", "yes", "\udcff"):
            for options in ((), ("-W", "error")):
                with self.subTest(value=value, options=options):
                    told, errors = ask(value, *options)
                    self.assertEqual(told, ask(None if value[0] != "=" else "0")[0])
                    self.assertIn("RuntimeWarning: PYTHON_RUST_MODULES: '", errors)
                    self.assertIn("binascii", errors)

    def test_is_ignored_with_the_environment(self):
        for option in ("-E", "-I"):
            self.assertEqual(ask("0", option), (self.rust, ""))

    def test_is_known_before_site(self):
        self.assertEqual(ask("0", "-S")[0], self.c)

    def test_a_module_without_a_twin_stays(self):
        told, errors = ask("0", names=["_base64"])
        self.assertIn("standard_b64encode", told["_base64"][1])
        self.assertIn("_base64 stays Rust", errors)

    def test_holds_in_other_interpreters(self):
        code = (
            "from concurrent import interpreters\n"
            "import binascii\n"
            "other = interpreters.create()\n"
            "other.prepare_main(doc=binascii.hexlify.__doc__)\n"
            "other.exec('import binascii, _rust; assert not _rust.chosen(\"binascii\")')\n"
            "other.exec('assert binascii.hexlify.__doc__ == doc')\n"
            "other.close()\n"
        )
        environment = os.environ | {"PYTHON_RUST_MODULES": "0"}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)


class Tool(unittest.TestCase):
    """`python -m rust_stdlib`, as `make` puts it into the build folder."""

    def test_tells_what_is_rust(self):
        for value, language in (("1", "Rust"), ("0", "C")):
            with self.subTest(value=value):
                environment = os.environ | {"PYTHON_RUST_MODULES": value}
                done = subprocess.run(
                    [sys.executable, "-m", "rust_stdlib", "--json"], env=environment, stdout=subprocess.PIPE, check=True
                )
                told = {one["name"]: one["language"] for one in json.loads(done.stdout)}
                self.assertEqual({name: told[name] for name in TWINS}, dict.fromkeys(TWINS, language))

    def test_checks_every_module(self):
        for value in ("1", "0"):
            done = subprocess.run(
                [sys.executable, "-m", "rust_stdlib", "--check", "--json"],
                env=os.environ | {"PYTHON_RUST_MODULES": value},
                stdout=subprocess.PIPE,
            )
            told = json.loads(done.stdout)
            self.assertEqual({name: told[name] for name in TWINS}, dict.fromkeys(TWINS, "ok"))


if __name__ == "__main__":
    unittest.main()
