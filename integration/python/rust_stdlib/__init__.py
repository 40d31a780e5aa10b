"""Modules of CPython's standard library, written in safe Rust.

`rust_stdlib.pth` calls `on()` whenever Python starts, so this file is short and imports nothing that is not there.
"""

import os.path
import sys
from _frozen_importlib_external import EXTENSION_SUFFIXES

# Where `importlib.machinery` has them from: that module costs another half millisecond.
lazy from _frozen_importlib import ModuleSpec
lazy from _frozen_importlib_external import ExtensionFileLoader

LIBRARY = os.path.join(os.path.dirname(__file__), "_library" + EXTENSION_SUFFIXES[0])


class Finder:
    """Finds the modules that are in the library and that PYTHON_RUST_MODULES leaves on."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.broken = False

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self.names or self.broken:
            return None
        if name != "_rust":
            try:
                import _rust
            except ImportError as error:  # another machine's library, or half of an upgrade: C works as ever
                self.broken = True
                complain(f"rust_stdlib: the Rust modules cannot be loaded, so all are C: {error}")
                return None
            if not _rust.chosen(name):
                return None
        spec = ModuleSpec(name, ExtensionFileLoader(name, LIBRARY), origin=LIBRARY)
        spec.has_location = True
        return spec


def on(names: set[str]) -> None:
    """Finds these modules in the library from now on, unless they are built into this interpreter."""
    if "_rust" not in sys.builtin_module_names and not any(type(finder) is Finder for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder(names))


def complain(text: str) -> None:
    """Says it on stderr: a warning could be made an error, and must not stop an import."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)
