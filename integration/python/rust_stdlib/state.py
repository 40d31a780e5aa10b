"""What each module is in this process, and why."""

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib.machinery import BuiltinImporter, PathFinder
from types import ModuleType

from . import LIBRARY

VARIABLE = "PYTHON_RUST_MODULES"


@dataclass(frozen=True)
class State:
    """One module: `language` is "Rust", "C", or "none" when it cannot be imported."""

    name: str
    language: str
    why: str
    version: str
    replaces: str


def states() -> list[State]:
    """The state of every module of the library. Imports them: nothing else shows what an import gives.

    Raises ImportError when there is no Rust library in this interpreter.
    """
    import _rust

    return [
        State(facts["name"], *language(facts["name"], facts["on"]), facts["version"], facts["replaces"])
        for facts in _rust.modules()
    ]


def language(name: str, on: bool) -> tuple[str, str]:
    """What a module is here, and why."""
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        return "none", str(error)
    if is_rust(module, on):
        where = "built into the interpreter" if "_rust" in sys.builtin_module_names else "from the wheel"
        return "Rust", where
    if not on:
        return "C", f"{VARIABLE}={os.environ.get(VARIABLE, '')}"
    return "C", "imported before the switch, or another finder comes first"


def is_rust(module: ModuleType, on: bool) -> bool:
    """Whether this very module object comes from the library."""
    spec = module.__spec__
    if spec is None:
        return False
    if spec.origin == "built-in":
        return on and "_rust" in sys.builtin_module_names
    return spec.origin == LIBRARY


def c_twin(name: str) -> ModuleType | None:
    """A new instance of the C module, beside the one in `sys.modules`; none when this Python has none."""
    in_rust = "_rust" in sys.builtin_module_names
    spec = (None if in_rust else BuiltinImporter.find_spec(name)) or PathFinder.find_spec(name)
    return made(spec)


def rust_twin(name: str) -> ModuleType | None:
    """A new instance of the Rust module, whatever PYTHON_RUST_MODULES says; none when it is not to be had."""
    import _rust

    if "_rust" in sys.builtin_module_names:
        return importlib.import_module(name) if _rust.chosen(name) else None
    return made(importlib.util.spec_from_file_location(name, LIBRARY))


def made(spec: importlib.machinery.ModuleSpec | None) -> ModuleType | None:
    """The module of a spec, executed and put nowhere."""
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
