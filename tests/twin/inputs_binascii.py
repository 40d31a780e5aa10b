"""Random calls of `binascii` and `_base64`: sound, nearly sound, and nonsense."""

import binascii

import hostile
from terms import Make


def binascii_case(rng):
    """One call: a function's name, its arguments, its keywords."""
    return rng.choice(BINASCII)(rng)


def base64_case(rng):
    return "standard_b64encode", [lent(rng, data(rng))], {}


def b2a_base64(rng):
    options = some(rng, padded=flag, wrapcol=width, newline=flag, alphabet=alphabet(64))
    return "b2a_base64", [lent(rng, data(rng))], options


def a2b_base64(rng):
    options = some(
        rng, strict_mode=flag, padded=flag, alphabet=alphabet(64), ignorechars=ignored, canonical=flag
    )
    written = binascii.b2a_base64(data(rng), padded=rng.random() < 0.9, newline=rng.random() < 0.3)
    return "a2b_base64", [text(rng, recoded(rng, written, options, binascii.BASE64_ALPHABET))], options


def b2a_base32(rng):
    return "b2a_base32", [lent(rng, data(rng))], some(rng, padded=flag, wrapcol=width, alphabet=alphabet(32))


def a2b_base32(rng):
    options = some(rng, padded=flag, alphabet=alphabet(32), ignorechars=ignored, canonical=flag)
    written = binascii.b2a_base32(data(rng), padded=rng.random() < 0.9)
    return "a2b_base32", [text(rng, recoded(rng, written, options, binascii.BASE32_ALPHABET))], options


def b2a_base85(rng):
    return "b2a_base85", [lent(rng, data(rng))], some(rng, pad=flag, wrapcol=width, alphabet=alphabet(85))


def a2b_base85(rng):
    options = some(rng, alphabet=alphabet(85), ignorechars=ignored, canonical=flag)
    written = binascii.b2a_base85(data(rng), pad=rng.random() < 0.3)
    return "a2b_base85", [text(rng, recoded(rng, written, options, binascii.BASE85_ALPHABET))], options


def b2a_ascii85(rng):
    options = some(rng, foldspaces=flag, wrapcol=width, pad=flag, adobe=flag)
    return "b2a_ascii85", [lent(rng, data(rng))], options


def a2b_ascii85(rng):
    options = some(rng, foldspaces=flag, adobe=flag, ignorechars=ignored, canonical=flag)
    written = binascii.b2a_ascii85(
        data(rng), foldspaces=rng.random() < 0.4, adobe=rng.random() < 0.4, pad=rng.random() < 0.2
    )
    return "a2b_ascii85", [text(rng, broken(rng, written))], options


def b2a_hex(rng):
    args = [lent(rng, data(rng))]
    options = {}
    if rng.random() < 0.6:
        place(rng, args, options, "sep", separator(rng))
        if rng.random() < 0.8:
            place(rng, args, options, "bytes_per_sep", group(rng))
    return rng.choice(("b2a_hex", "hexlify")), args, options


def a2b_hex(rng):
    written = binascii.b2a_hex(data(rng))
    if rng.random() < 0.5:
        written = bytes(b ^ 32 if 97 <= b and rng.random() < 0.5 else b for b in written)
    options = some(rng, ignorechars=ignored)
    return rng.choice(("a2b_hex", "unhexlify")), [text(rng, broken(rng, written))], options


def b2a_uu(rng):
    return "b2a_uu", [lent(rng, data(rng)[: rng.choice((45, 45, 46, 80))])], some(rng, backtick=flag)


def a2b_uu(rng):
    written = binascii.b2a_uu(data(rng)[:45], backtick=rng.random() < 0.3)
    written += rng.choice((b"", b"", b" ", b"  `", b"\n\n", b" x"))
    return "a2b_uu", [text(rng, broken(rng, written))], {}


def b2a_qp(rng):
    args = [lent(rng, prose(rng))]
    options = {}
    for name in ("quotetabs", "istext", "header"):
        if rng.random() < 0.5:
            place(rng, args, options, name, flag(rng))
    return "b2a_qp", args, options


def a2b_qp(rng):
    written = binascii.b2a_qp(prose(rng), rng.random() < 0.3, rng.random() < 0.7, rng.random() < 0.3)
    args = [text(rng, broken(rng, written))]
    options = {}
    if rng.random() < 0.5:
        place(rng, args, options, "header", flag(rng))
    return "a2b_qp", args, options


def crc32(rng):
    return "crc32", [lent(rng, data(rng)), *([checksum(rng)] if rng.random() < 0.5 else [])], {}


def crc_hqx(rng):
    return "crc_hqx", [lent(rng, data(rng)), checksum(rng)], {}


def data(rng):
    """Bytes: mostly short, often around the sizes that vector code works in, seldom long."""
    dice = rng.random()
    if dice < 0.4:
        size = rng.randrange(10)
    elif dice < 0.6:
        size = rng.randrange(100)
    elif dice < 0.95:
        size = rng.choice((16, 24, 32, 45, 48, 57, 64, 76, 96, 128, 192, 256, 320, 512)) + rng.randrange(
            -3, 4
        )
    else:
        size = rng.randrange(3000)
    dice = rng.random()
    if dice < 0.7:
        return rng.randbytes(size)
    if dice < 0.85:
        return bytes(rng.choices(b"\0\0\0\0 \xff", k=size))
    return rng.randbytes(1) * size


def prose(rng):
    """Bytes as mails have them: words, blanks at line ends, dots, long lines, 8-bit letters."""
    pieces = rng.choices(PROSE, k=rng.choice((1, 3, 10, 30, 80)))
    return b"".join(pieces) + (rng.randbytes(rng.randrange(20)) if rng.random() < 0.2 else b"")


def broken(rng, written):
    """Text with nothing, or a few things, wrong in it."""
    if rng.random() < 0.4:
        return written
    spoiled = bytearray(written)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(spoiled) + 1)
        deed = rng.randrange(5)
        if deed == 0:
            spoiled[at:at] = rng.choice(SPOILERS)
        elif deed == 1:
            spoiled[at : at + 1] = rng.choice(SPOILERS)
        elif deed == 2:
            del spoiled[at : at + rng.choice((1, 1, 2, 5))]
        elif deed == 3:
            spoiled[at:at] = rng.randbytes(1)
        else:
            spoiled[at:at] = spoiled[at : at + rng.randrange(6)]
    return bytes(spoiled)


def recoded(rng, written, options, usual):
    """Text in the alphabet that the options ask for, then perhaps broken."""
    chosen = options.get("alphabet")
    if type(chosen) is bytes and len(chosen) == len(usual):
        written = written.translate(bytes.maketrans(usual, chosen))
    return broken(rng, written)


def some(rng, **options):
    """Each option with even odds, in an order of its own."""
    chosen = [name for name in options if rng.random() < 0.45]
    if len(chosen) > 1 and rng.random() < 0.2:
        rng.shuffle(chosen)
    return {name: options[name](rng) for name in chosen}


def place(rng, args, options, name, value):
    """By position while that is still possible, else by keyword."""
    if not options and rng.random() < 0.6:
        args.append(value)
    else:
        options[name] = value


def flag(rng):
    return rng.choice(FLAGS) if rng.random() < 0.1 else rng.random() < 0.6


def width(rng):
    dice = rng.random()
    if dice < 0.7:
        return rng.randrange(1, 90)
    return rng.choice(WIDTHS)


def group(rng):
    dice = rng.random()
    if dice < 0.8:
        return rng.randrange(-12, 13)
    return rng.choice(GROUPS)


def separator(rng):
    dice = rng.random()
    if dice < 0.4:
        return rng.choice(":-_\0\x7f ")
    if dice < 0.8:
        return rng.choice((b":", b"-", b"\n", b"\x80", b"\xff"))
    return rng.choice(
        ("", "::", "\xe9", "\u20ac", b"", b"ab", 1, None, bytearray(b"-"), Make(memoryview, b"-"))
    )


def ignored(rng):
    dice = rng.random()
    if dice < 0.6:
        return rng.choice(
            (b"\n", b" \n\r\t", b"=", b"", b"z", b"y~", bytes(range(128, 256)), bytes(range(256)))
        )
    if dice < 0.95:
        return rng.randbytes(rng.randrange(1, 6))
    return rng.choice((" \n", None, 1, Make(bytearray, b"\n "), Make(hostile.every_second, b"\n -")))


def alphabet(size):
    """A maker of alphabets of one size, with a few that are none."""

    def choose(rng):
        dice = rng.random()
        if dice < 0.4:
            return rng.choice([known for known in ALPHABETS if len(known) == size])
        if dice < 0.7:
            return bytes(rng.sample(range(33, 127), size))
        if dice < 0.8:
            return bytes(rng.sample(range(256), size))
        if dice < 0.9:
            return rng.randbytes(size)
        known = rng.choice(ALPHABETS)
        return rng.choice((known[:-1], known + b"~", b"", Make(bytearray, known), known.decode(), None, 1))

    return choose


def lent(rng, content):
    """An object that lends the bytes."""
    dice = rng.random()
    if dice < 0.8:
        return content
    if dice < 0.98:
        return Make(rng.choice(LENDERS), content)
    return rng.choice(
        (None, 1, "text", 1.5, [1], Make(hostile.every_second, content), Make(hostile.released, content))
    )


def text(rng, content):
    """An object that lends the bytes, or a `str` of them."""
    if rng.random() < 0.4:
        return content.decode("latin-1" if rng.random() < 0.7 else "cp437")
    return lent(rng, content)


def checksum(rng):
    dice = rng.random()
    if dice < 0.6:
        return rng.getrandbits(rng.choice((1, 8, 16, 17, 31, 32, 33, 64, 65, 200)))
    if dice < 0.8:
        return -rng.getrandbits(rng.choice((1, 16, 31, 32, 33, 64, 65)))
    return rng.choice(CHECKSUMS)


BINASCII = (
    b2a_base64, a2b_base64, a2b_base64, b2a_base32, a2b_base32, b2a_base85, a2b_base85, b2a_ascii85,
    a2b_ascii85, b2a_hex, a2b_hex, b2a_uu, a2b_uu, b2a_qp, a2b_qp, crc32, crc_hqx,
)  # fmt: skip
LENDERS = (
    bytearray, memoryview, hostile.SubBytes, hostile.Buffer, hostile.emptied, hostile.square,
    hostile.watched_bytes, hostile.watched_bytes,
)  # fmt: skip
ALPHABETS = [value for name, value in sorted(vars(binascii).items()) if name.endswith("_ALPHABET")]
FLAGS = (
    0,
    1,
    None,
    "",
    "x",
    2**70,
    Make(hostile.BoolRaises),
    Make(hostile.BoolIs, 1),
    [],
    0.0,
    Make(hostile.Grows),
)
WIDTHS = (
    0, 1, 2, 3, 4, 5, 76, 2**31, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -1, 1.5, None, Make(hostile.Grows),
)  # fmt: skip
GROUPS = (
    0, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, -(2**63), 2**63, 1.0, None, Make(hostile.Grows),
)  # fmt: skip
CHECKSUMS = (
    0, 0xFFFF, 0xFFFFFFFF, True, Make(hostile.Index, 77), Make(hostile.Grows), 1.5, None, "1",
    Make(hostile.IndexRaises),
)  # fmt: skip
SPOILERS = (
    b"=", b"==", b"===", b"====", b"\n", b"\r\n", b" ", b"\t", b"-", b"_", b"+", b"/", b"z", b"y", b"~>",
    b"<~", b"\0", b"\x80", b"\xff", b"~", b"s8W-!", b"s8W-\"", b"uuuuu", b"|NsC0", b"|NsC1", b"`", b"0",
    b"=\n", b"=0", b"=4G",
)  # fmt: skip
PROSE = (
    b"word", b" ", b"  ", b"\t", b" \n", b"\t\n", b"\n", b"\r\n", b"\r", b" \r\n", b".", b"\n.\n", b"=",
    b"_", b"a" * 30, b"b" * 75, b"c" * 76, b"d" * 77, b"\xe9", b"\0", b"=3D", b"\n.", b"?", b"\x7f",
    b"e" * 70 + b"\t\n",
)  # fmt: skip
