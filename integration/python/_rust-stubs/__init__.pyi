"""Which modules of this interpreter are written in Rust."""

from typing import Literal, TypedDict

class _Module(TypedDict):
    name: str
    version: str
    replaces: str
    on: bool

type _Level = Literal["scalar", "avx2", "avx512"]

def modules() -> list[_Module]: ...
def chosen(name: str, /) -> bool: ...
def vectors(limit: _Level | None = None) -> _Level: ...
