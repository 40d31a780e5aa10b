"""A self-test for each module: published vectors, and round trips. Each takes the module, and raises when it is wrong."""

import datetime
import io
import struct
from types import ModuleType


def base64(module: ModuleType) -> None:
    assert module.standard_b64encode(b"foobar") == b"Zm9vYmFy"  # RFC 4648, section 10


def binascii(module: ModuleType) -> None:
    for plain, coded in ((b"f", b"Zg==\n"), (b"fo", b"Zm8=\n"), (b"foo", b"Zm9v\n"), (b"foobar", b"Zm9vYmFy\n")):
        assert module.b2a_base64(plain) == coded  # RFC 4648, section 10
        assert module.a2b_base64(coded) == plain
    assert module.crc32(b"123456789") == 0xCBF43926  # the check value of CRC-32/ISO-HDLC
    assert module.crc_hqx(b"123456789", 0) == 0x31C3  # the check value of CRC-16/XMODEM
    assert module.unhexlify(module.hexlify(bytes(range(256)))) == bytes(range(256))


def bisect(module: ModuleType) -> None:
    items = [10, 20, 20, 30]
    assert [module.bisect_left(items, 20), module.bisect_right(items, 20)] == [1, 3]
    module.insort_right(items, 25)
    assert items == sorted(items)


def statistics(module: ModuleType) -> None:
    assert abs(module._normal_dist_inv_cdf(0.975, 0.0, 1.0) - 1.959963984540054) < 1e-15


def json(module: ModuleType) -> None:
    from json.decoder import JSONDecoder

    text = '{"a": [1, -2.5e3, true, null, "\\u20ac\\ud834\\udd1e"]} '
    value = {"a": [1, -2500.0, True, None, "€𝄞"]}
    assert module.make_scanner(JSONDecoder())(text, 0) == (value, len(text) - 1)
    assert module.encode_basestring_ascii("€𝄞") == '"\\u20ac\\ud834\\udd1e"'  # RFC 8259, section 7
    assert module.scanstring('x"', 0, True) == ("x", 2)


def zlib(module: ModuleType) -> None:
    assert module.adler32(b"Wikipedia") == 0x11E60398
    assert module.crc32(b"123456789") == 0xCBF43926
    data = bytes(range(256)) * 300
    for level in range(10):
        assert module.decompress(module.compress(data, level)) == data
    # A stored block, as RFC 1950 and RFC 1951 say it.
    stored = b"\x78\x01\x01\x03\x00\xfc\xff" + b"abc" + struct.pack(">I", module.adler32(b"abc"))
    assert module.decompress(stored) == b"abc"


def bz2(module: ModuleType) -> None:
    empty = bytes.fromhex("425a683917724538509000000000")
    assert module.BZ2Decompressor().decompress(empty) == b""
    compressor = module.BZ2Compressor()
    data = bytes(range(256)) * 300
    packed = compressor.compress(data) + compressor.flush()
    assert module.BZ2Decompressor().decompress(packed) == data


def csv(module: ModuleType) -> None:
    row = ["a", 'b "c"', "d\r\ne", "€,𝄞"]
    file = io.StringIO()
    module.writer(file).writerow(row)
    assert file.getvalue() == 'a,"b ""c""","d\r\ne","€,𝄞"\r\n'  # RFC 4180, section 2
    assert list(module.reader(io.StringIO(file.getvalue(), newline=""))) == [row]


def zoneinfo(module: ModuleType) -> None:
    zone = module.ZoneInfo.from_file(io.BytesIO(NEW_YORK))
    offsets = [datetime.datetime(2024, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]
    assert offsets == [datetime.timedelta(hours=-5), datetime.timedelta(hours=-4)]


def new_york() -> bytes:
    """A TZif file (RFC 9636) that has one type and a footer, and nothing else."""
    header = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    body = struct.pack(">lBB", -5 * 3600, 0, 0) + b"EST\0"
    return header + body + header + body + b"\nEST5EDT,M3.2.0,M11.1.0\n"


NEW_YORK = new_york()
CHECKS = {
    "_base64": base64,
    "binascii": binascii,
    "_bisect": bisect,
    "_statistics": statistics,
    "_json": json,
    "zlib": zlib,
    "_bz2": bz2,
    "_csv": csv,
    "_zoneinfo": zoneinfo,
}
