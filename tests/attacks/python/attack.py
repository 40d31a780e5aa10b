"""Loads the test modules, and runs attacks in a process of their own.

`cargo xtask test attacks` sets ATTACKS to the shared object with the modules, and PYTHONMALLOC to debug.
"""

import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name):
    """A new instance of the test module `name`."""
    path = os.environ["ATTACKS"]
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Attack(unittest.TestCase):
    """A test whose attack may end the process: it runs in a child, which can say `from attack import load`."""

    def dies(self, code, says):
        """The process must end by abort(), having said `says` on stderr; never by touching wrong memory."""
        ended = self.run_child(code)
        self.assertEqual(ended.returncode, -signal.SIGABRT, ended.stderr)
        self.assertIn(says, ended.stderr)

    def survives(self, code, prints=""):
        """The process must end by itself, having printed `prints`."""
        ended = self.run_child(code)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(ended.stdout.strip(), prints)
        return ended.stderr

    def run_child(self, code, timeout=60):
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(code)],
            env={**os.environ, "PYTHONPATH": HERE},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
