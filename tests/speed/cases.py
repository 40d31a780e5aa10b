"""What is timed, and the bar each case must reach."""

import binascii
import glob
import io
import json
import os
import random
import runpy
import zlib
from _csv import writer as csv_writer
from bz2 import compress
from collections.abc import Callable
from typing import NamedTuple

import cases_files
import cases_json
import cases_sizes
from cases_zoneinfo import zoneinfo_cases


class Case(NamedTuple):
    """One line of the table: the same statements, with the C function and with the Rust one.

    `function` is its name, or a function that makes it of the module. `lines` call `f` with the
    names in `values`; `c_lines`, when given, are C's own, for a Rust
    function that C has under another name. The bar is a speed ratio C / Rust, or, when it ends in
    "ns", what a call may cost more than C's.
    """

    group: str
    name: str
    module: str
    function: str | Callable
    lines: tuple
    values: dict
    bar: str
    c_module: str = ""
    c_function: str = ""
    c_lines: tuple = ()
    # From a module to what has the function, where that is not the module itself.
    through: object = None


def all_cases(simd):
    """Every case; `simd` is what the processor offers: "avx512", "avx2" or "none"."""
    one_by_one = [*large(simd), *whole(), *small(), *bisect(), *bz2(), *csv(), *deflate()]
    in_files = [cases_json.cases, zoneinfo_cases, cases_sizes.cases, cases_files.cases, *of_rooms()]
    return [*one_by_one, *(case for made in in_files for case in made(Case)), *calls()]


def of_rooms():
    """What rooms bring themselves: `cases` in `modules/*/speed.py`."""
    for path in sorted(glob.glob(os.path.join(HERE, "../../modules/*/speed.py"))):
        yield runpy.run_path(path)["cases"]


def large(simd):
    """1 MiB, with the bars that the project has set itself."""
    data = random.Random(1).randbytes(1 << 20)
    encode, decode = {"avx512": ("7", "6"), "avx2": ("4", "3.5"), "none": ("1", "1")}[simd]
    written = binascii.b2a_base64(data, newline=False)
    plain = {"lines": ("f(a, newline=False)",), "values": {"a": data}}
    yield Case("large", "b2a_base64", "binascii", "b2a_base64", **plain, bar=encode)
    yield stand_in("large", "standard_b64encode", data, encode)
    yield one("large", "a2b_base64", written, decode)
    yield one("large", "hexlify", data, "1")
    yield one("large", "unhexlify", binascii.hexlify(data), "4")
    yield one("large", "crc32", data, "2")
    yield one("large", "crc_hqx", data, "4", "f(a, 0)")


def whole():
    """1 MiB through everything else: never slower than C."""
    data = random.Random(2).randbytes(1 << 20)
    text = b"Some words of a letter, 8-bit \xe9, and a = sign.  \n" * 20_000
    yield one("whole", "b2a_base64 in lines", data, "1", "f(a, wrapcol=76)")
    yield one("whole", "a2b_base64 in lines", binascii.b2a_base64(data, wrapcol=76), "1")
    yield one("whole", "a2b_base64 of str", binascii.b2a_base64(data).decode(), "1")
    yield one(
        "whole", "a2b_base64 strict", binascii.b2a_base64(data, newline=False), "1", "f(a, strict_mode=True)"
    )
    yield one("whole", "hexlify with sep", data, "1", "f(a, ':')")
    for function in ("base32", "base85", "ascii85"):
        yield one("whole", f"b2a_{function}", data, "1")
        yield one("whole", f"a2b_{function}", getattr(binascii, f"b2a_{function}")(data), "1")
    yield one("whole", "b2a_qp", text, "1")
    yield one("whole", "a2b_qp", binascii.b2a_qp(text), "1")


def small():
    """32 bytes: what a call costs around the work."""
    data = random.Random(3).randbytes(32)
    bar = "0.97"
    for function in ("base64", "base32", "base85", "ascii85", "hex", "uu", "qp"):
        yield one("small", f"b2a_{function}", data, bar)
        written = getattr(binascii, f"b2a_{function}")(data)
        yield one("small", f"a2b_{function}", written, bar)
        yield one("small", f"a2b_{function} of str", written.decode(), bar)
    yield one("small", "b2a_base64 newline=False", data, bar, "f(a, newline=False)")
    yield stand_in("small", "standard_b64encode", data, bar)
    yield one("small", "b2a_base64 of bytearray", bytearray(data), bar)
    yield one(
        "small", "a2b_base64 strict", binascii.b2a_base64(data, newline=False), bar, "f(a, strict_mode=True)"
    )
    yield one("small", "hexlify", data, bar)
    yield one("small", "hexlify with sep", data, bar, "f(a, ':', 2)")
    yield one("small", "unhexlify", binascii.hexlify(data), bar)
    yield one("small", "crc32", data, bar)
    yield one("small", "crc32 with start", data, bar, "f(a, 12345)")
    yield one("small", "crc_hqx", data, bar, "f(a, 0)")
    for part, share in (("centre", 0.3), ("tail", 0.01), ("far tail", 1e-20)):
        values = {"a": share, "b": 100.0, "c": 15.0}
        yield Case(
            "small", f"inv_cdf {part}", "_statistics", "_normal_dist_inv_cdf", ("f(a, b, c)",), values, bar
        )


def bisect():
    """Sorted lists of 1000, searched for sixteen items in turn."""
    lists = {
        "ints": [3 * i for i in range(1000)],
        "floats": [1.5 * i for i in range(1000)],
        "strings": [f"item {i:05d}" for i in range(1000)],
    }
    for kind, items in lists.items():
        wanted = random.Random(4).sample(items, 16)
        values = {"a": items, **{f"b{i}": item for i, item in enumerate(wanted)}}
        for function in ("bisect_left", "bisect_right"):
            lines = tuple(f"f(a, b{i})" for i in range(16))
            yield Case("bisect", f"{function} {kind}", "_bisect", function, lines, values, "1")
        for function in ("insort_left", "insort_right"):
            lines = ("f(a, b); pop()",)
            grown = {"a": (own := list(items)), "b": items[-1] * 2, "pop": own.pop}
            yield Case("bisect", f"{function} {kind}", "_bisect", function, lines, grown, "1")
    ints = lists["ints"]
    values = {"a": ints, "b": 1234, "k": abs}
    for name, line in (("lo, hi", "f(a, b, 100, 900)"), ("key", "f(a, b, key=k)")):
        yield Case("bisect", f"bisect_left {name}", "_bisect", "bisect_left", (line,), values, "1")


def bz2():
    """Source code, JSON and a hundred bytes: compressed and decompressed, at the fastest and the usual level."""
    source = sorted(os.listdir(LIB))
    source = b"".join(open(os.path.join(LIB, name), "rb").read() for name in source if name.endswith(".py"))[:300_000]
    rows = [{"id": i, "name": f"name {i * 7919 % 1000}", "value": i * 0.37} for i in range(6000)]
    for kind, data in (("source", source), ("json", json.dumps(rows).encode()), ("100 bytes", source[:100])):
        for level in (1, 9):
            values = {"do": compressed, "a": data, "b": level}
            yield Case("bz2", f"compress {kind}, {level}", "_bz2", "BZ2Compressor", ("do(f, a, b)",), values, "1")
            values = {"do": decompressed, "a": compress(data, level)}
            yield Case("bz2", f"decompress {kind}, {level}", "_bz2", "BZ2Decompressor", ("do(f, a)",), values, "1")


def compressed(new, data, level):
    compressor = new(level)
    compressor.compress(data)
    compressor.flush()


def decompressed(new, data):
    new().decompress(data)



def csv():
    """Five hundred rows of ten fields (some of other shapes), read from a list and written to nothing."""
    random_ = random.Random(5)

    def rows(letters, least=1, most=11, fields=10, count=500):
        def word():
            return "".join(random_.choices(letters, k=random_.randint(least, most)))

        return [[word() for _ in range(fields)] for _ in range(count)]

    plain = rows(LETTERS)
    numbers = [[random_.choice((random_.random(), random_.randrange(10**4))) for _ in range(10)] for _ in plain]
    quoted = [[field + random_.choice(("", ",", '"', "x\n")) + field for field in row] for row in plain]
    for name, table, options, read, write in (
        ("plain", plain, "", "1.5", "2"),
        ("tabs", plain, ", delimiter='\\t'", "1.5", "2"),
        ("wide", rows(LETTERS, 30, 120), "", "1.5", "2"),
        ("one character", rows(LETTERS, 1, 1), "", "1", "1"),
        ("300 columns", rows(LETTERS, 5, 5, 300, 30), "", "1", "1"),
        ("all quoted", plain, ", quoting=1", "1", "1"),
        ("quoted", quoted, "", "1", "1"),
        ("escaped", quoted, ", quoting=3, escapechar='\\\\'", "1", "1"),
        ("Latin-1", rows(LETTERS + "\xe9\xe8\xfc" * 5), "", "1", "1"),
        ("UCS-2", rows(LETTERS + "\u20ac\u0416" * 9), "", "1", "1"),
        ("UCS-4", rows(LETTERS + "\U0001f40d\u20ac" * 9), "", "1", "1"),
        ("QUOTE_NONNUMERIC", numbers, ", quoting=2", "1", "1"),
        ("QUOTE_NONNUMERIC text", plain, ", quoting=2", "1", "1"),
        ("QUOTE_STRINGS", numbers, ", quoting=4", "1", "1"),
        ("QUOTE_NOTNULL", plain, ", quoting=5", "1", "1"),
    ):
        text = io.StringIO(newline="")
        eval(f"writer(text{options}).writerows(table)", {"writer": csv_writer, "text": text, "table": table})
        lines = text.getvalue().splitlines(keepends=True)
        values = {"a": lines, "all": list}
        yield Case("csv", f"reader {name}", "_csv", "reader", (f"all(f(a{options}))",), values, read)
        values = {"a": table, "w": Nowhere}
        yield Case("csv", f"writer {name}", "_csv", "writer", (f"f(w{options}).writerows(a)",), values, write)


class Nowhere:
    """A file whose `write` does nothing."""

    write = len


def deflate():
    """1 MiB of source code and of JSON through `zlib`, and 100 bytes of each."""
    source = standard_library()
    names = [
        {"name": name, "size": len(name) / 7, "line": i, "seen": i % 3 == 0}
        for i, name in enumerate(source.split()[:20_000])
    ]
    for kind, data in (("source", source.encode()), ("JSON", json.dumps(names).encode()[: 1 << 20])):
        made = zlib.compress(data)
        for level, bar in ((1, "1.5"), (6, "1.6"), (9, "3")):
            line = (f"f(a, {level})",)
            yield Case("zlib", f"compress {level} {kind}", "zlib", "compress", line, {"a": data}, bar)
        yield Case("zlib", f"decompress {kind}", "zlib", "decompress", ("f(a)",), {"a": made}, "2.5")
        short = data[5000:5100]
        made = zlib.compress(short)
        for level in (1, 6, 9):
            line = (f"f(a, {level})",)
            yield Case("zlib", f"compress {level} 100 bytes of {kind}", "zlib", "compress", line, {"a": short}, "1")
        for function in ("decompressobj", "_ZlibDecompressor"):
            values = {"a": made, "use": lambda make, data: make().decompress(data)}
            line = ("use(f, a)",)
            yield Case("zlib", f"{function} 100 bytes of {kind}", "zlib", function, line, values, "1")
        values = {"a": short, "use": deflated}
        line = ("use(f, a)",)
        yield Case("zlib", f"compressobj 100 bytes of {kind}", "zlib", "compressobj", line, values, "1")
        for function, value in (("decompress", made), ("adler32", short), ("crc32", short)):
            yield Case("zlib", f"{function} 100 bytes of {kind}", "zlib", function, ("f(a)",), {"a": value}, "1")
    data = random.Random(6).randbytes(1 << 20)
    yield Case("zlib", "adler32", "zlib", "adler32", ("f(a)",), {"a": data}, "8")
    yield Case("zlib", "crc32", "zlib", "crc32", ("f(a)",), {"a": data}, "2")


def deflated(make, data):
    compressor = make()
    return compressor.compress(data) + compressor.flush()


def standard_library():
    """1 MiB of the standard library's source code."""
    text = []
    for path in sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "*.py"))):
        with open(path, encoding="utf-8") as file:
            text.append(file.read())
    return "".join(text)[: 1 << 20]


def calls():
    """Functions that do nothing, in every calling convention."""
    values = {"a": object(), "b": object()}
    for function, line, bar in (
        ("noargs", "f()", "0.5 ns"),
        ("one", "f(a)", "0.5 ns"),
        ("fast", "f(a, b)", "0.5 ns"),
        ("keywords", "f(a, b)", "0.5 ns"),
        ("keywords", "f(a, b=b)", "0.5 ns"),
        ("token_and_object", "f(a)", "1.5 ns"),
    ):
        yield Case("calls", f"{function} {line}", "attacks", function, (line,), values, bar, "noop")


def one(group, name, value, bar, line="f(a)"):
    """A `binascii` function, the first word of the name, on one value."""
    return Case(group, name, "binascii", name.split()[0], (line,), {"a": value}, bar)


def stand_in(group, name, data, bar):
    """`_base64` has no C twin: `binascii.b2a_base64` without a newline does the same."""
    c_lines = ("f(a, newline=False)",)
    return Case(group, name, "_base64", name, ("f(a)",), {"a": data}, bar, "binascii", "b2a_base64", c_lines)


HERE = os.path.dirname(os.path.abspath(__file__))
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 "


LIB = os.path.dirname(os.__file__)
