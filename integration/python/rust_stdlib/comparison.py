"""A short comparison of each module with its C twin, on this machine."""

import datetime
import functools
import io
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from . import checks, state

type Case = Callable[[ModuleType], Callable[[], object]]


@dataclass(frozen=True)
class Result:
    """How many times as fast as C, and the middle half of what was measured."""

    module: str
    case: str
    ratio: float
    low: float
    high: float


def results(names: list[str], seconds: float) -> Iterator[Result]:
    """Measures every case of the named modules that has both twins, for `seconds` in all."""
    ready = []
    for name in names:
        rust, c = state.rust_twin(name), state.c_twin(name)
        if rust is not None and c is not None:
            ready += [(name, label, case(rust), case(c)) for label, case in CASES.get(name, {}).items()]
    for name, label, ours, theirs in ready:
        yield Result(name, label, *ratio(ours, theirs, seconds / len(ready)))


def ratio(rust: Callable[[], object], c: Callable[[], object], seconds: float) -> tuple[float, float, float]:
    """C's time over Rust's, taken in turns: the median, and the quartiles."""
    turns = 1
    while elapsed(rust, turns) + elapsed(c, turns) < min(0.004, seconds / 20):
        turns *= 2
    ratios: list[float] = []
    end = time.perf_counter() + seconds
    while len(ratios) < 5 or time.perf_counter() < end:
        mine = elapsed(rust, turns)
        ratios.append(elapsed(c, turns) / mine)
    low, middle, high = statistics.quantiles(ratios, n=4)
    return middle, low, high


def elapsed(call: Callable[[], object], turns: int) -> float:
    started = time.perf_counter()
    for _ in range(turns):
        call()
    return time.perf_counter() - started


@functools.cache
def records() -> list[dict[str, object]]:
    """What programs exchange: small dicts of mixed values."""
    dice = random.Random(20)
    return [
        {"id": i, "name": f"user {i}", "score": dice.random(), "tags": ["a", "b"], "ok": i % 3 == 0, "none": None}
        for i in range(500)
    ]


@functools.cache
def text() -> bytes:
    """Words, as often as words come."""
    dice = random.Random(21)
    words = ["".join(dice.choices("etaoinshrdlu", k=dice.randint(2, 9))) for _ in range(800)]
    return " ".join(dice.choices(words, k=20_000)).encode()


def dumps(module: ModuleType) -> Callable[[], object]:
    encode = module.make_encoder({}, None, module.encode_basestring_ascii, None, ": ", ", ", False, False, True)
    return lambda: encode(records(), 0)


def loads(module: ModuleType) -> Callable[[], object]:
    import json

    scan, document = module.make_scanner(json.JSONDecoder()), json.dumps(records())
    return lambda: scan(document, 0)


def decompress_zlib(module: ModuleType) -> Callable[[], object]:
    data = module.compress(text())
    return lambda: module.decompress(data)


def compress_bz2(module: ModuleType) -> Callable[[], object]:
    def compress() -> object:
        compressor = module.BZ2Compressor(1)
        return compressor.compress(text()), compressor.flush()

    return compress


def decompress_bz2(module: ModuleType) -> Callable[[], object]:
    compressor = module.BZ2Compressor()
    data = compressor.compress(text()) + compressor.flush()
    return lambda: module.BZ2Decompressor().decompress(data)


def read_csv(module: ModuleType) -> Callable[[], object]:
    lines = [f"{i},name {i},{i * 0.5},plain text,\r\n" for i in range(1000)]
    return lambda: [row for row in module.reader(lines)]


def write_csv(module: ModuleType) -> Callable[[], object]:
    rows = [[i, f"name {i}", i * 0.5, "plain text", ""] for i in range(1000)]
    return lambda: module.writer(io.StringIO()).writerows(rows)


def offset(module: ModuleType) -> Callable[[], object]:
    zone = module.ZoneInfo.from_file(io.BytesIO(checks.NEW_YORK))
    return functools.partial(zone.utcoffset, datetime.datetime(2024, 7, 1))


def read_zone(module: ModuleType) -> Callable[[], object]:
    return lambda: module.ZoneInfo.from_file(io.BytesIO(checks.NEW_YORK))


CASES: dict[str, dict[str, Case]] = {
    "binascii": {
        "b2a_base64, 64 KiB": lambda module: lambda: module.b2a_base64(bytes(65536)),
        "a2b_base64, 64 KiB": lambda module: functools.partial(module.a2b_base64, b"QUJD" * 16384),
        "crc32, 64 KiB": lambda module: lambda: module.crc32(bytes(65536)),
    },
    "_bisect": {"bisect of 1,000": lambda module: functools.partial(module.bisect_right, list(range(1000)), 617)},
    "_statistics": {"inv_cdf": lambda module: lambda: module._normal_dist_inv_cdf(0.3, 0.0, 1.0)},
    "_json": {"dumps, records": dumps, "loads, records": loads},
    "zlib": {
        "compress, text": lambda module: lambda: module.compress(text()),
        "decompress, text": decompress_zlib,
        "crc32, text": lambda module: lambda: module.crc32(text()),
    },
    "_bz2": {"compress, text": compress_bz2, "decompress, text": decompress_bz2},
    "_csv": {"reader": read_csv, "writer": write_csv},
    "_zoneinfo": {"utcoffset": offset, "from_file": read_zone},
}
