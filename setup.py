"""Builds the shared object with every Rust module against the headers of this very Python, and what names it."""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tomllib

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools_rust import Binding, RustExtension

ROOT = pathlib.Path(__file__).parent
MADE = ROOT / "build/wheel" / sysconfig.get_config_var("SOABI")


class BuildPy(build_py):
    """Adds the file that turns the switch on when Python starts, with the modules that are in the library."""

    def run(self):
        folder = pathlib.Path(self.build_lib)
        shutil.rmtree(folder, ignore_errors=True)  # what an earlier build left must not get into the wheel
        super().run()
        names = ", ".join(map(repr, sorted([*rooms(), "_rust"])))
        (folder / "rust_stdlib.pth").write_text(f"import rust_stdlib; rust_stdlib.on({{{names}}})\n")


def rooms():
    """The names of the modules, as each room says."""
    return [tomllib.loads(file.read_text())["name"] for file in ROOT.glob("modules/*/room.toml")]


def environment():
    """What the build scripts ask for: this Python's headers, and libclang with the compiler's own headers."""
    found = {"CPYTHON_INCLUDE": os.pathsep.join(includes())}
    if "LIBCLANG_PATH" not in os.environ:
        import clang.native

        found["LIBCLANG_PATH"] = clang.native.__path__[0]
        told = subprocess.run(["cc", "-print-file-name=include"], capture_output=True, text=True)
        found["BINDGEN_EXTRA_CLANG_ARGS"] = f"-idirafter {told.stdout.strip()}"
    return found


def includes():
    """The folders with `Python.h` and `pyconfig.h`: of an installation, or of a build folder and its source."""
    known = [
        sysconfig.get_path("include"),
        sysconfig.get_path("platinclude"),
        os.path.join(sysconfig.get_config_var("srcdir"), "Include"),
        os.path.dirname(sysconfig.get_config_h_filename()),
    ]
    has = lambda folder: any(os.path.exists(os.path.join(folder, name)) for name in ("Python.h", "pyconfig.h"))
    return dict.fromkeys(filter(has, known))


if sys.implementation.name != "cpython":
    sys.exit("These modules are for CPython; this is another Python.")
os.environ |= environment()
MADE.mkdir(parents=True, exist_ok=True)
setup(
    version=tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"],
    rust_extensions=[
        RustExtension(
            "rust_stdlib._library", path="integration/Cargo.toml", binding=Binding.NoBinding, debug=False, strip="all"
        )
    ],
    cmdclass={"build_py": BuildPy},
    options={"build": {"build_base": str(MADE)}, "egg_info": {"egg_base": str(MADE)}},
    zip_safe=False,
)
