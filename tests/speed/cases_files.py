"""Every module on files as programs meet them, a quarter of a megabyte each: see corpus.py."""

import binascii
import bz2
import csv
import datetime
import json
import re
import zlib

import corpus
from cases_json import json_over
from cases_sizes import Nowhere, compressed, utcoffset


def cases(make):
    """Every case; `make` is the class of cases."""
    files = corpus.files()
    for file, data in files.items():
        for name, module, function, line, values, *more in of_any(data):
            yield make("files", f"{name} {file}", module, function, (line,), values, "1", **dict(*more))
    for name, module, function, line, values, *more in of_their_own(files):
        yield make("files", name, module, function, (line,), values, "1", **dict(*more))


def of_any(data):
    """What takes any bytes."""
    a = {"a": data}
    yield "b2a_base64", "binascii", "b2a_base64", "f(a, newline=False)", a
    yield "a2b_base64", "binascii", "a2b_base64", "f(a)", {"a": binascii.b2a_base64(data, newline=False)}
    of_c = {"c_module": "binascii", "c_function": "b2a_base64", "c_lines": ("f(a, newline=False)",)}
    yield "standard_b64encode", "_base64", "standard_b64encode", "f(a)", a, of_c
    yield "zlib.crc32", "zlib", "crc32", "f(a)", a
    yield "zlib.compress", "zlib", "compress", "f(a, 6)", a
    yield "zlib.decompress", "zlib", "decompress", "f(a)", {"a": zlib.compress(data)}
    yield "bz2 compress", "_bz2", "BZ2Compressor", "do(f, a)", {"a": data, "do": compressed}
    yield "bz2 decompress", "_bz2", "BZ2Decompressor", "f().decompress(a)", {"a": bz2.compress(data)}


def of_their_own(files):
    """What is for one sort of file."""
    over = {"through": json_over}
    for file in ("records.json", "numbers.json"):
        text = files[file].decode()
        yield f"json.loads {file}", "_json", "loads", "f(a)", {"a": text}, over
        yield f"json.dumps {file}", "_json", "dumps", "f(a)", {"a": json.loads(text)}, over
    lines = files["export.csv"].decode().splitlines(keepends=True)
    yield "csv reader export.csv", "_csv", "reader", "all(f(a))", {"a": lines, "all": list}
    yield "csv writer export.csv", "_csv", "writer", "f(w).writerows(a)", {"a": list(csv.reader(lines)), "w": Nowhere}

    words = re.findall(r"\w+", files["text.txt"].decode())
    values = {"a": sorted(set(words)), "b": words[:2000]}
    yield "bisect words of text.txt", "_bisect", "bisect_left", "for x in b: f(a, x)", values
    shares = [(abs(row[1]) + 0.001) % 1 or 0.5 for row in json.loads(files["numbers.json"])]
    values = {"a": shares, "b": [0.0] * len(shares), "c": [1.0] * len(shares), "all": list, "map": map}
    yield "inv_cdf of numbers.json", "_statistics", "_normal_dist_inv_cdf", "all(map(f, a, b, c))", values
    seen = [datetime.datetime.fromisoformat(row["seen"]).replace(tzinfo=None) for row in json.loads(files["records.json"])]
    yield "utcoffset of records.json", "_zoneinfo", utcoffset, "all(map(f, a))", {"a": seen, "all": list, "map": map}
