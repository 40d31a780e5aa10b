"""Puts the Rust modules in front of the C ones. `rust_stdlib.pth` calls `on()` when Python starts, so this is short."""

import os.path
import sys

# Where `importlib.machinery` has them from: that module costs another half millisecond.
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import EXTENSION_SUFFIXES, ExtensionFileLoader

LIBRARY = os.path.join(os.path.dirname(__file__), "_library" + EXTENSION_SUFFIXES[0])


class Finder:
    """Finds the modules that are in the library and that PYTHON_RUST_MODULES leaves on."""

    def __init__(self, names: frozenset[str]) -> None:
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


def on() -> None:
    """Finds Rust modules from now on, unless they are built into this interpreter. Calling it again does nothing."""
    if "_rust" in sys.builtin_module_names or installed() is not None:
        return
    from ._modules import NAMES

    sys.meta_path.insert(0, Finder(NAMES))


def installed() -> Finder | None:
    """The finder, when it is on."""
    return next((finder for finder in sys.meta_path if type(finder) is Finder), None)


def complain(text: str) -> None:
    """Says it on stderr: a warning could be made an error, and must not stop an import."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)
