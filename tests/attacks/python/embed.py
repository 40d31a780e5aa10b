"""Runs attacks in an application that outlives its Python: `../embed/driver.c`, built like the interpreter."""

import os
import shlex
import signal
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import unittest

from attack import HERE

SOURCE = os.path.join(os.path.dirname(HERE), "embed", "driver.c")


def build(folder):
    """Compiles the driver with the flags of this interpreter and its static library."""

    def flags(*names):
        return [flag for name in names for flag in shlex.split(sysconfig.get_config_var(name) or "")]

    build_dir = os.path.dirname(sysconfig.get_makefile_filename())
    library = os.path.join(build_dir, sysconfig.get_config_var("LIBRARY"))
    if not os.path.exists(library):
        raise unittest.SkipTest(f"no {library}")
    driver = os.path.join(folder, "driver")
    include = [f"-I{sysconfig.get_path(name)}" for name in ("include", "platinclude")]
    include += [f"-I{build_dir}", f"-I{os.path.join(sysconfig.get_config_var('srcdir'), 'Include')}"]
    command = flags("CC") + include + [SOURCE, "-o", driver, *flags("LINKFORSHARED"), library]
    command += flags("MODLIBS", "LIBS", "SYSLIBS")
    subprocess.run(command, check=True, cwd=build_dir)
    return driver


class Embedded(unittest.TestCase):
    """A test whose attack goes on after the interpreter has ended."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.driver = build(folder.name)

    def dies_embedded(self, code, says, times=1):
        """The process must end by abort(), having said `says` on stderr."""
        ended = self.run_embedded(code, times)
        self.assertEqual(ended.returncode, -signal.SIGABRT, ended.stderr)
        self.assertIn(says, ended.stderr)

    def survives_embedded(self, code, times=1):
        """The process must end by itself. Gives what it said on stderr."""
        ended = self.run_embedded(code, times)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stderr

    def run_embedded(self, code, times):
        return subprocess.run(
            [self.driver, sys.executable, str(times), textwrap.dedent(code)],
            env={**os.environ, "PYTHONPATH": HERE},
            capture_output=True,
            text=True,
            timeout=120,
        )
