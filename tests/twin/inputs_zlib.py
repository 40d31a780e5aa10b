"""Random calls and conversations of `zlib`: sound, broken, in pieces, with limits and copies.

Compressed bytes differ between libraries, so that what a compressor made is compared by what it
means to C's library, and by its header. What a decompressor does is compared step by step.
"""

import re
import zlib

import hostile
from terms import Make


def zlib_case(rng):
    """One call: a function or its name, its arguments, its keywords."""
    dice = rng.random()
    if dice < 0.15:
        return rng.choice(("adler32", "crc32")), [buffer(rng, text(rng)), start(rng)], {}
    if dice < 0.2:
        return rng.choice(("adler32_combine", "crc32_combine")), [start(rng), start(rng), length(rng)], {}
    if dice < 0.35:
        return packed, [text(rng), level(rng), rng.choice(WBITS)], {}
    if dice < 0.55:
        return compressing, [options(rng), zdict(rng), steps(rng), rng.random() < 0.3], {}
    data, wbits, dictionary = stream(rng)
    if dice < 0.7:
        return "decompress", [buffer(rng, data), wbits, rng.choice((0, 1, 100, 16384, 70000))], {}
    pieces = cut(rng, data)
    if dice < 0.85:
        return decompressing, [wbits, dictionary, pieces, limits(rng), rng.randrange(8)], {}
    return reading, [wbits, pieces, limits(rng)], {}


def packed(module, data, level, wbits):
    """What `compress` makes: its header, and what C's library makes of it."""
    made = module.compress(data, level, wbits)
    return header(made, wbits), unpacked(made, wbits, b"") == data


def compressing(module, options, zdict, steps, copied):
    """A compressor, fed and flushed step by step, perhaps through copies."""
    given = {"zdict": zdict} if zdict and options["wbits"] < 16 else {}
    compressor = module.compressobj(**options, **given)
    made, data, told = hostile.Told(), hostile.Told(), hostile.Told()
    for step in [*steps, zlib.Z_FINISH]:
        if copied:
            compressor = compressor.copy()
        if isinstance(step, int):
            made.append(compressor.flush(step))
        else:
            made.append(compressor.compress(step))
            data.append(step)
    for use in (compressor.flush, compressor.copy, lambda: compressor.compress(b"x")):
        told.append(outcome(use))
    made, wbits = b"".join(made), options["wbits"]
    return header(made, wbits), unpacked(made, wbits, zdict) == b"".join(data), told


def decompressing(module, wbits, zdict, pieces, limits, copy_at):
    """A decompressor of the old kind: what is left over is passed in again."""
    told = hostile.Told()
    decompressor = module.decompressobj(wbits, **({"zdict": zdict} if zdict else {}))
    for i, piece in enumerate(pieces):
        if i == copy_at:
            decompressor = decompressor.copy()
        limit = limits[i % len(limits)]
        data = KINDS[(i + len(piece)) % len(KINDS)](decompressor.unconsumed_tail + piece)
        told.append(outcome(decompressor.decompress, data, limit))
        told.append(state(decompressor))
        if told[-2][0] == "raised":
            # How many bits were taken when something was found wrong is the library's own affair.
            return told[:-1], outcome(decompressor.decompress, b"more")
    for _ in range(2):
        told += [outcome(decompressor.flush), state(decompressor)]
    if decompressor.eof:
        told += [outcome(decompressor.decompress, b"more"), state(decompressor)]
    return told, outcome(decompressor.copy)[0]


def reading(module, wbits, pieces, limits):
    """A decompressor of the new kind, as `gzip` uses it."""
    told = hostile.Told()
    decompressor = module._ZlibDecompressor(wbits)
    for i, piece in enumerate(pieces):
        limit = limits[i % len(limits)] or -1
        told.append(outcome(decompressor.decompress, KINDS[(i + len(piece)) % len(KINDS)](piece), limit))
        told.append((decompressor.eof, decompressor.unused_data))
        if limit < 0:
            # At a limit, a library may have taken a byte more or less.
            told.append(decompressor.needs_input)
    told.append(outcome(decompressor.decompress, b"", 1000))
    return told


def state(decompressor):
    return decompressor.eof, decompressor.unused_data, decompressor.unconsumed_tail


def outcome(function, *args):
    try:
        value = function(*args)
        return "returned", value if type(value) is bytes else type(value).__name__
    except SystemError:
        # C's `_ZlibDecompressor` forgets to say that it wants a dictionary.
        return "raised", "zlib.error", "Error 2 while decompressing data"
    except Exception as error:
        # Of a stream in pieces, Rust's library has no words for what its fast loop finds.
        words = VAGUE.sub("invalid input data", str(error))
        return "raised", f"{type(error).__module__}.{type(error).__qualname__}", words


def header(made, wbits):
    return made[:2] if 0 < wbits < 16 else made[:10] if wbits > 16 else b""


def unpacked(made, wbits, zdict):
    wbits = max(wbits, 9) if wbits > 0 else min(wbits, -9)
    decompressor = zlib.decompressobj(wbits, zdict=zdict) if zdict and wbits < 16 else zlib.decompressobj(wbits)
    data = decompressor.decompress(made) + decompressor.flush()
    assert decompressor.eof and not decompressor.unused_data
    return data


def stream(rng):
    """What C's library has compressed, often damaged, and how to read it."""
    given = options(rng)
    dictionary = zdict(rng) if given["wbits"] < 16 else b""
    compressor = zlib.compressobj(**given, **({"zdict": dictionary} if dictionary else {}))
    data = b"".join(
        compressor.flush(step) if isinstance(step, int) else compressor.compress(step)
        for step in [*steps(rng), zlib.Z_FINISH]
    )
    # Rust's library always remembers 32 KiB: it sees no fault in a distance beyond a smaller window.
    largest = given["wbits"] in (15, -15, 31)
    dice = rng.random()
    if dice < 0.15:
        data = data[: rng.randrange(len(data) + 1)]
    elif dice < 0.35:
        data += rng.choice((b"x", b"unused data", data))
    elif dice < 0.5 and data and largest:
        at = rng.randrange(len(data))
        data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    elif dice < 0.55 and largest:
        data = rng.randbytes(rng.randrange(30))
    wbits = given["wbits"]
    if wbits > 0 and rng.random() < 0.1:
        wbits = rng.choice((15, 31, 47, 0, 32, 9))
    if dictionary and rng.random() < 0.2:
        dictionary = rng.choice((b"", b"another"))
    return data, wbits, dictionary


def options(rng):
    return {
        "level": level(rng),
        "wbits": rng.choice(WBITS),
        "memLevel": rng.choice((8, 8, 1, 5, 9)),
        "strategy": rng.choice((0, 0, 0, 1, 2, 3, 4)),
    }


def steps(rng):
    """Pieces of data, and flush modes between them."""
    return [
        rng.choice(FLUSHES) if rng.random() < 0.2 else text(rng) for _ in range(rng.randrange(6))
    ]


def cut(rng, data):
    """The data in pieces of random sizes, some of them empty."""
    pieces = []
    while data:
        size = rng.choice((0, 1, 2, 10, 100, 5000, len(data)))
        pieces.append(data[:size])
        data = data[size:]
        if len(pieces) > 40:
            break
    return [*pieces, data]


def limits(rng):
    return [rng.choice((0, 0, 1, 5, 50, 1000, 100_000)) for _ in range(3)]


def text(rng):
    dice = rng.random()
    if dice < 0.1:
        return b""
    if dice < 0.2:
        return rng.randbytes(rng.randrange(300))
    if dice < 0.3:
        return rng.choice((b"\0", b"ab", b"abcde ")) * rng.randrange(1, 3000)
    words = [rng.choice(WORDS) for _ in range(rng.choice((3, 30, 300, 3000)))]
    return b" ".join(words)


def buffer(rng, data):
    return Make(bytearray, data) if rng.random() < 0.2 else data


def zdict(rng):
    return b" ".join(rng.choice(WORDS) for _ in range(50)) if rng.random() < 0.2 else b""


def level(rng):
    return rng.choice((-1, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9))


def start(rng):
    return rng.choice((0, 1, 0xFFFF, 65520, rng.getrandbits(32) % (65521 << 16), -1, 2**40 + 7))


def length(rng):
    return rng.choice((0, 1, 65521, rng.getrandbits(20), rng.getrandbits(50), 2**63 - 1, 2**63))


VAGUE = re.compile("invalid distance too far back|invalid distance code|invalid literal/length code")
WBITS = (15, 15, -15, 31, 12, 9, -9, -12, 25)
FLUSHES = (0, 1, 2, 3, 5)
KINDS = (bytes, bytearray, memoryview)  # of input: only the first is lent and not copied
WORDS = [
    b"the", b"of", b"return", b"self.", b"if", b"not", b"(", b")", b"\n    ", b"def", b"data", b"zlib", b"=", b"1",
    b"for", b"in", b"None", b"'name':", b'{"id":', b"},", b"length", b"wbits", b"\xc3\xa9", b"0x7f", b"import",
]  # fmt: skip
