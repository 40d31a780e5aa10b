"""What people install where the standard library is too slow: timed beside C, when it is installed."""

import importlib
import importlib.metadata

# By the case's module and function: the package, its function, and the line that asks the same of it.
PEERS = {
    ("binascii", "b2a_base64"): (("pybase64", "pybase64.standard_b64encode", "f(a)"),),
    ("binascii", "a2b_base64"): (("pybase64", "pybase64.b64decode", "f(a)"),),
    ("zlib", "crc32"): (("zlib-ng", "zlib_ng.zlib_ng.crc32", "f(a)"), ("isal", "isal.isal_zlib.crc32", "f(a)")),
    ("zlib", "compress"): (
        ("zlib-ng", "zlib_ng.zlib_ng.compress", "f(a, 6)"),
        ("isal", "isal.isal_zlib.compress", "f(a, 2)"),
    ),
    ("zlib", "decompress"): (
        ("zlib-ng", "zlib_ng.zlib_ng.decompress", "f(a)"),
        ("isal", "isal.isal_zlib.decompress", "f(a)"),
    ),
    ("_json", "loads"): (
        ("orjson", "orjson.loads", "f(a)"),
        ("ujson", "ujson.loads", "f(a)"),
        ("msgspec", "msgspec.json.decode", "f(a)"),
    ),
    ("_json", "dumps"): (
        ("orjson", "orjson.dumps", "f(a)"),
        ("ujson", "ujson.dumps", "f(a)"),
        ("msgspec", "msgspec.json.encode", "f(a)"),
    ),
}
GROUPS = ("micro", "bulk", "files")


def of(case):
    """The peers of a case that can be imported, and can do it: name, function, lines."""
    # Of the groups of a module, what its bars are for, when it is asked for without options.
    has_bar = case.module == "_json" and case.lines == ("f(a)",) and float(case.bar) > 1
    if case.group not in GROUPS and not has_bar:
        return
    for package, path, line in PEERS.get((case.module, case.function), ()):
        module, _, function = path.rpartition(".")
        try:
            found = getattr(importlib.import_module(module), function)
            found(case.values["a"])
        except (ImportError, AttributeError, TypeError, ValueError):
            continue
        yield package, found, (line,)


def versions():
    """Each package of the table, with its version, or None where it cannot be imported."""
    found = {}
    for rows in PEERS.values():
        for package, path, _ in rows:
            try:
                importlib.import_module(path.rpartition(".")[0])
                found[package] = importlib.metadata.version(package)
            except ImportError:
                found[package] = None
    return found
