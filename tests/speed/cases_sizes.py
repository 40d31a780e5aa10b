"""Every module at three sizes: 32 bytes, where the call counts; 1 KiB; 1 MiB, where the work counts."""

import binascii
import bz2
import csv
import datetime
import functools
import io
import json
import random
import struct
import zlib

import corpus
from cases_json import json_over

SIZES = (("micro", "32 B", 32), ("micro", "1 KiB", 1 << 10), ("bulk", "1 MiB", 1 << 20))


def cases(make):
    """Every case; `make` is the class of cases."""
    for group, label, size in SIZES:
        for of_module in (codecs, streams, documents, tables, numbers, moments):
            for name, module, function, line, values, *more in of_module(size):
                bar = "0.97" if group == "micro" else "1"
                yield make(group, f"{name} {label}", module, function, (line,), values, bar, **dict(*more))


def codecs(size):
    data = random.Random(7).randbytes(size)
    a = {"a": data}
    yield "b2a_base64", "binascii", "b2a_base64", "f(a, newline=False)", a
    yield "a2b_base64", "binascii", "a2b_base64", "f(a)", {"a": binascii.b2a_base64(data, newline=False)}
    yield "hexlify", "binascii", "hexlify", "f(a)", a
    yield "unhexlify", "binascii", "unhexlify", "f(a)", {"a": data.hex()}
    yield "crc32", "binascii", "crc32", "f(a)", a
    of_c = {"c_module": "binascii", "c_function": "b2a_base64", "c_lines": ("f(a, newline=False)",)}
    yield "standard_b64encode", "_base64", "standard_b64encode", "f(a)", a, of_c


def streams(size):
    """Text through the compressors."""
    data = corpus.files(1 << 20)["text.txt"][:size]
    yield "zlib.crc32", "zlib", "crc32", "f(a)", {"a": data}
    yield "zlib.compress", "zlib", "compress", "f(a, 6)", {"a": data}
    yield "zlib.decompress", "zlib", "decompress", "f(a)", {"a": zlib.compress(data)}
    yield "bz2 compress", "_bz2", "BZ2Compressor", "do(f, a)", {"a": data, "do": compressed}
    yield "bz2 decompress", "_bz2", "BZ2Decompressor", "f().decompress(a)", {"a": bz2.compress(data)}


def documents(size):
    """A list of mixed values as JSON."""
    dice, values = random.Random(8), []
    while len(text := json.dumps(values)) < size:
        some = [dice.random(), dice.randrange(10**6), "some words", True, None, {"key": "value"}, [1, 2]]
        values += dice.choices(some, k=max(1, size // 200))
    over = {"through": json_over}
    yield "json.loads", "_json", "loads", "f(a)", {"a": text}, over
    yield "json.dumps", "_json", "dumps", "f(a)", {"a": values}, over


def tables(size):
    """Rows of five fields."""
    dice, rows = random.Random(9), []
    while len(rows) * 40 < size:
        rows.append([str(dice.randrange(10**6)), "some words", f"{dice.random():.6f}", "", corpus.word(dice)])
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    yield "csv reader", "_csv", "reader", "all(f(a))", {"a": file.getvalue().splitlines(keepends=True), "all": list}
    yield "csv writer", "_csv", "writer", "f(w).writerows(a)", {"a": rows, "w": Nowhere}


def numbers(size):
    """Eight bytes are a number, or a place in a list."""
    count = size // 8
    dice = random.Random(10)
    items = sorted(dice.sample(range(10 * count), count))
    wanted = dice.choices(items, k=16)
    line = "; ".join(f"f(a, b{i})" for i in range(16))
    values = {"a": items, **{f"b{i}": item for i, item in enumerate(wanted)}}
    yield "bisect, 16 times in", "_bisect", "bisect_left", line, values
    many = {"a": [dice.uniform(0.001, 0.999) for _ in items], "b": [100.0] * count, "c": [15.0] * count}
    many.update(all=list, map=map)
    yield "inv_cdf of", "_statistics", "_normal_dist_inv_cdf", "all(map(f, a, b, c))", many


def moments(size):
    """Moments in a zone with 236 changes and a rule, which is made here."""
    dice, first = random.Random(11), datetime.datetime(1950, 1, 1)
    times = [first + datetime.timedelta(seconds=dice.randrange(3 * 10**9)) for _ in range(size // 8)]
    values = {"a": times, "all": list, "map": map}
    yield "utcoffset of", "_zoneinfo", utcoffset, "all(map(f, a))", values
    values = {"a": [time.replace(tzinfo=datetime.UTC) for time in times], "all": list, "map": map}
    yield "fromutc of", "_zoneinfo", fromutc, "all(map(f, a))", values


def utcoffset(module):
    return module.ZoneInfo.from_file(io.BytesIO(zone())).utcoffset


def fromutc(module):
    """Moments in UTC as local time, by the zone alone."""
    made = module.ZoneInfo.from_file(io.BytesIO(zone()))
    convert = made.fromutc
    replace = functools.partial(datetime.datetime.replace, tzinfo=made)
    return lambda moment: convert(replace(moment))


def zone():
    """A time zone file: summer and winter time for 118 years, then a rule for ever (RFC 9636)."""
    changes = [-(2**31) + 1000 + 15_778_800 * i for i in range(236)]
    kinds = [1 - i % 2 for i in range(236)]
    types = struct.pack(">lBBlBB", -18000, 0, 0, -14400, 1, 4)
    names = b"EST\0EDT\0"

    def part(width, changes, kinds):
        counts = struct.pack(">6l", 0, 0, 0, len(changes), 2, len(names))
        times = struct.pack(f">{len(changes)}{width}", *changes)
        return b"TZif2" + bytes(15) + counts + times + bytes(kinds) + types + names

    return part("l", [], []) + part("q", changes, kinds) + b"\nEST5EDT,M3.2.0,M11.1.0\n"


def compressed(new, data):
    compressor = new()
    return compressor.compress(data) + compressor.flush()


class Nowhere:
    """A file whose `write` does nothing."""

    write = len
