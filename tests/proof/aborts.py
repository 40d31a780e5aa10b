"""Panics in a build with panic=abort: the process ends, in each place with the same sentence and Python's traceback.

    ATTACKS=... python aborts.py

ATTACKS names the shared object with the test modules, compiled with panic=abort.
"""

import os
import pathlib
import signal
import subprocess
import sys

ATTACKS = pathlib.Path(__file__).resolve().parents[1] / "attacks" / "python"


def main():
    failed = 0
    for where, (code, message) in PLACES.items():
        ended = subprocess.run(
            [sys.executable, "-c", f"from attack import load\n{code}\nprint('went on')"],
            env={**os.environ, "PYTHONPATH": str(ATTACKS), "RUST_BACKTRACE": "0"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        told = (*BOTH, message) if message else ()
        missing = [text for text in told if text not in ended.stderr]
        well = ended.returncode == (-signal.SIGABRT if message else 0) and not missing
        print(f"{'ok  ' if well else 'FAIL'} {where}: exit status {ended.returncode}", flush=True)
        if not well:
            print("\n".join(f"    {line}" for line in (*missing, *ended.stderr.splitlines()[-20:])))
        failed += not well
    sys.exit(failed > 0)


# Where, how to get there, and what Rust says of it; nothing of what does not panic.
PLACES = {
    "no panic": ("load('panics').alive()", ""),
    "a function": ("load('panics').panics()", "in a function"),
    "detached": ("load('panics').panics_detached()", "while detached"),
    "a handle is held": ("load('panics').panics_with_handle([object()])", "with a handle"),
    "a payload that would panic, too": ("load('panics').panics_with_evil()", "Box<dyn Any>"),
    "a destructor": ("load('panics').Dropped()", "in a destructor"),
    "exec": (
        "module = load('panics'); import importlib.machinery, importlib.util, os\n"
        "loader = importlib.machinery.ExtensionFileLoader('panics', os.environ['ATTACKS'])\n"
        "module = importlib.util.module_from_spec(importlib.util.spec_from_loader('panics', loader))\n"
        "module.panic = True; loader.exec_module(module)",
        "while building the state",
    ),
}

BOTH = (
    "Fatal Python error: Rust: Rust code panicked; this is a bug in the module",
    'File "<string>", line ',
)

if __name__ == "__main__":
    main()
