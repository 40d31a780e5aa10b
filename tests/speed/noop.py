"""Compiles noop.c for the interpreter that runs this, with the flags of its own build.

python noop.py OUTPUT.so
"""

import os
import shlex
import subprocess
import sys
import sysconfig


def compile_noop(output):
    """Makes the shared object; the interpreter must be one in its build directory."""
    build = os.path.dirname(sysconfig.get_makefile_filename())
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "noop.c")
    words = [sysconfig.get_config_var(name) for name in ("LDSHARED", "CCSHARED", "PY_STDMODULE_CFLAGS")]
    command = [*shlex.split(" ".join(words)), source, "-o", os.path.abspath(output)]
    subprocess.run(command, cwd=build, check=True)
    return output


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    compile_noop(sys.argv[1])
