"""Random conversations with `_bz2`: sound and broken streams, in pieces and with limits.

Compressed bytes must be those of C's library, and a decompressor must be in the same state after
each step: how much it gives for how much input is part of what is compared.
"""

import bz2

import hostile
from terms import Make


def bz2_case(rng):
    """One call: a function or its name, its arguments, its keywords."""
    dice = rng.random()
    if dice < 0.02:
        return "BZ2Compressor", [rng.choice(ODDITIES) for _ in range(rng.randrange(3))], {}
    if dice < 0.35:
        return compressing, [rng.randrange(1, 10), pieces(rng, text(rng))], {}
    return decompressing, [pieces(rng, stream(rng)), limits(rng), rng.choice((0, 1, 1, 5, 40))], {}


def compressing(module, level, pieces):
    """A compressor, fed piece by piece; then what it still does."""
    compressor = module.BZ2Compressor(level)
    told = hostile.Told(outcome(compressor.compress, piece) for piece in pieces)
    for use in (compressor.flush, compressor.flush, lambda: compressor.compress(b"more")):
        told.append(outcome(use))
    return told


def decompressing(module, pieces, limits, patience):
    """A decompressor, fed the next piece when it wants one; `patience` is how often it may not."""
    decompressor = module.BZ2Decompressor()
    told, turn = hostile.Told(), 0
    for piece in [*pieces, b"", b""]:
        told.append(step(decompressor, KINDS[(turn + len(piece)) % len(KINDS)](piece), limits[turn % len(limits)]))
        turn += 1
        for _ in range(patience):
            if decompressor.needs_input or decompressor.eof:
                break
            told.append(step(decompressor, b"", limits[turn % len(limits)]))
            turn += 1
    return told


def step(decompressor, data, limit):
    result = outcome(decompressor.decompress, data, limit)
    return result, decompressor.eof, decompressor.needs_input, decompressor.unused_data


def outcome(function, *args):
    try:
        return "returned", function(*args)
    except Exception as error:
        return "raised", type(error).__name__, str(error)


def stream(rng):
    """What C's library has compressed, one stream or more, often damaged."""
    data = b"".join(bz2.compress(text(rng), rng.randrange(1, 10)) for _ in range(rng.choice((1, 1, 1, 2))))
    dice = rng.random()
    if dice < 0.15:
        return data[: rng.randrange(len(data) + 1)]
    if dice < 0.3:
        return data + rng.choice((b"x", b"unused data", b"BZh", bytes(5000)))
    if dice < 0.6:
        for _ in range(rng.choice((1, 1, 3))):
            # Mostly in the header of a block, which holds all the tables.
            at = rng.randrange(min(len(data), rng.choice((4, 20, 80, 10**6))))
            data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        return data
    if dice < 0.65:
        return rng.choice((b"BZh9", b"BZh0", b"BZ", b"", MAGIC)) + rng.randbytes(rng.randrange(300))
    return data


def pieces(rng, data):
    """The data in pieces of random sizes, some of them empty, some in memory that can be written."""
    made = []
    most = rng.choice((1, 3, 50, 1000, 20_000, 10**7))
    while data and len(made) < 60:
        size = rng.choice((0, 1, rng.randrange(most + 1), most))
        made.append(Make(bytearray, data[:size]) if rng.random() < 0.2 else data[:size])
        data = data[size:]
    return [*made, data]


def limits(rng):
    return [rng.choice((-1, -1, 0, 1, 7, 100, 5000, 32768, 32769, 200_000)) for _ in range(rng.randrange(1, 4))]


def text(rng):
    """Text, noise, runs of equal bytes (which the format packs first), and what is sorted slowly."""
    dice = rng.random()
    if dice < 0.1:
        return b""
    if dice < 0.3:
        return rng.randbytes(rng.choice((1, 3, 100, 5000)))
    if dice < 0.5:
        return b"".join(
            rng.choice(LETTERS) * rng.choice((1, 3, 4, 5, 255, 258, 259, 260, 1000))
            for _ in range(rng.randrange(40))
        )
    if dice < 0.6:
        return rng.choice((b"ab", b"abcabd", bytes(range(256)))) * rng.randrange(1, 3000)
    if dice < 0.61:
        return rng.randbytes(50) * 3000 + b" ".join(rng.choices(WORDS, k=30_000))
    if dice < 0.63:
        # About as much as fits the smallest block, in which four equal bytes are five.
        return bytes(i // 4 % 50 for i in range(rng.randrange(78_000, 82_000)))
    return b" ".join(rng.choices(WORDS, k=rng.choice((3, 30, 300, 3000))))


ODDITIES = (0, 1, 9, 10, -1, 2**31, -(2**31) - 1, 10**30, 5.0, "9", None, b"")
MAGIC = b"BZh5\x31\x41\x59\x26\x53\x59"
KINDS = (bytes, bytearray, memoryview)  # of input: only the first is lent and not copied
LETTERS = (b"a", b"b", b"\0", b"\xff")
WORDS = [
    b"the", b"of", b"return", b"self.", b"if", b"not", b"(", b")", b"\n    ", b"def", b"data", b"=", b"1", b"for",
    b"'name':", b'{"id":', b"},", b"length", b"\xc3\xa9", b"0x7f", b"import",
]  # fmt: skip
