"""Objects that cross the switch: made in a process with C and used in one with Rust, and back; and both in one process."""

import json
import pathlib
import tempfile
import unittest

from starting import python

# Run in every process. Each thing is of a module that can be C or Rust, or has something of it inside.
THINGS = """
import base64, binascii, bisect, bz2, copy, csv, datetime, io, json, pickle, statistics, sys, zipfile, zlib, zoneinfo
import _bisect, _csv, _json, _statistics, _zoneinfo

class Zone(zoneinfo.ZoneInfo):
    "A subclass, with something of its own."
    def __init__(self, key):
        self.own = key.lower()

class Trouble(zlib.error, csv.Error):
    "Of two exceptions at once, if they have the same shape."

york = zoneinfo.ZoneInfo("Test/York")
summer = datetime.datetime(2024, 7, 1, 12, tzinfo=york)
things = {
    "functions": [binascii.crc32, zlib.crc32, zlib.compress, bisect.insort_left, _bisect.bisect_right, csv.reader,
                  csv.writer, _json.scanstring, _json.encode_basestring_ascii, _statistics._normal_dist_inv_cdf],
    "classes": [binascii.Error, binascii.Incomplete, csv.Error, csv.Dialect, csv.excel, zlib.error, bz2.BZ2Compressor,
                bz2.BZ2Decompressor, _csv.Dialect, zoneinfo.ZoneInfo],
    "exceptions": [binascii.Error("a"), binascii.Incomplete(), csv.Error("b", 2), zlib.error("c"), Trouble("d")],
    "zone": york,
    "other zone": zoneinfo.ZoneInfo.no_cache("Test/York"),
    "own zone": Zone("Test/York"),
    "times": [summer, summer.astimezone(datetime.UTC), summer.timetz()],
    "methods": [york.utcoffset, zoneinfo.ZoneInfo.no_cache],
}
"""

DUMP = f"""
{THINGS}
dumped = {{name: [pickle.dumps(thing, protocol).hex() for protocol in range(6)] for name, thing in things.items()}}
print(json.dumps(dumped))
"""

LOAD = f"""
{THINGS}
import unittest
check = unittest.TestCase()
for name, pickles in json.load(sys.stdin).items():
    mine = things[name]
    for text in pickles:
        theirs = pickle.loads(bytes.fromhex(text))
        check.assertIs(type(theirs), type(mine))
        if name in ("functions", "classes"):
            for one, other in zip(theirs, mine, strict=True):
                check.assertIs(one, other)
        elif name == "exceptions":
            for one, other in zip(theirs, mine, strict=True):
                check.assertIs(type(one), type(other))
                check.assertEqual((one.args, str(one)), (other.args, str(other)))
                check.assertIsInstance(one, (zlib.error, csv.Error, ValueError, Exception))
        elif name == "zone":
            check.assertIs(theirs, mine, "a zone is in the cache once")
        elif name == "other zone":
            check.assertIsNot(theirs, york)
            check.assertEqual((theirs.key, str(theirs)), (mine.key, str(mine)))
            check.assertEqual(summer.replace(tzinfo=theirs).utcoffset(), summer.utcoffset())
        elif name == "own zone":
            check.assertEqual((theirs.key, theirs.own), (mine.key, mine.own))
            check.assertIsInstance(theirs, zoneinfo.ZoneInfo)
        elif name == "times":
            check.assertEqual(theirs, mine)
            check.assertIs(theirs[0].tzinfo, york)
            check.assertEqual(theirs[0].utcoffset(), datetime.timedelta(hours=-4))
        else:
            check.assertEqual(theirs[0](summer), mine[0](summer))
            check.assertIs(theirs[1]("Test/York").__class__, zoneinfo.ZoneInfo)
"""

# What a program can ask about an object and what it can make of it, beside calling it.
FACTS = f"""
{THINGS}
zone_file = io.BytesIO(open(sys.argv[1], "rb").read())
ours = {{
    "dialect": csv.get_dialect("excel"),
    "reader": csv.reader([]),
    "writer": csv.writer(io.StringIO()),
    "compressobj": zlib.compressobj(),
    "decompressobj": zlib.decompressobj(),
    "decompressor": zlib._ZlibDecompressor(),
    "bz2 compressor": bz2.BZ2Compressor(),
    "bz2 decompressor": bz2.BZ2Decompressor(),
    "scanner": _json.make_scanner(json.JSONDecoder()),
    "encoder": _json.make_encoder({{}}, None, _json.encode_basestring_ascii, None, ":", ",", False, False, True),
    "zone of a file": zoneinfo.ZoneInfo.from_file(zone_file, key="a key"),
    "zone": york,
    "own zone": Zone("Test/York"),
    "error": binascii.Error("x"),
}}

def attempt(call, *arguments):
    "What comes of a call, without addresses."
    try:
        result = call(*arguments)
    except Exception as error:
        return [type(error).__module__, type(error).__qualname__, str(error)]
    if isinstance(result, bytes):
        return result.hex()
    return [type(result).__module__, type(result).__qualname__, result is (arguments or [None])[0]]

facts = {{}}
for name, thing in ours.items():
    kind = type(thing)
    facts[name] = [
        [(base.__module__, base.__qualname__) for base in kind.__mro__],
        *(isinstance(thing, base) for base in (datetime.tzinfo, Exception, ValueError, csv.Dialect, _csv.Dialect)),
        *(attempt(way, thing) for way in (copy.copy, copy.deepcopy, hash)),
        *(attempt(pickle.dumps, thing, protocol) for protocol in (0, 2, 5)),
        attempt(type, "Below", (kind,), {{}}),
        attempt(setattr, thing, "something", 1),
        attempt(setattr, kind, "something", 1),
        attempt(setattr, thing, "__class__", kind),
    ]
facts["the same object"] = [
    bisect.bisect is _bisect.bisect_right, json.decoder.scanstring is _json.scanstring, csv.Error is _csv.Error,
    json.encoder.c_make_encoder is _json.make_encoder, zoneinfo.ZoneInfo is _zoneinfo.ZoneInfo,
    bz2.BZ2Compressor.__module__, zipfile.crc32 is zlib.crc32 or zipfile.crc32 is binascii.crc32,
    statistics._normal_dist_inv_cdf is _statistics._normal_dist_inv_cdf, type(york) is zoneinfo.ZoneInfo,
    zoneinfo.ZoneInfo("Test/York") is york, copy.deepcopy(summer).tzinfo is york,
]
facts["types of results"] = [
    type(one).__qualname__
    for one in (york.utcoffset(summer), york.dst(summer), york.tzname(summer), york.fromutc(summer))
]
class Moment(datetime.datetime):
    pass
moment = Moment(2024, 7, 1, tzinfo=york)
facts["a subclass stays"] = [type(moment.astimezone(zoneinfo.ZoneInfo.no_cache("Test/York"))).__qualname__, str(moment)]
facts["copies go on"] = []
half = zlib.compressobj()
begun = half.compress(b"abc" * 1000)
for again in (half.copy(), copy.copy(half), copy.deepcopy(half)):
    facts["copies go on"].append(zlib.decompress(begun + again.compress(b"d") + again.flush())[-4:].decode())
print(json.dumps(facts, indent=0, default=repr))
"""

# Both modules in one process, as after a switch in the middle of a program's life.
BOTH = """
import csv, datetime, io, json, sys, zlib
from rust_stdlib.state import c_twin, rust_twin

def pairs(name):
    rust, c = rust_twin(name), c_twin(name)
    assert rust.__spec__.origin != c.__spec__.origin and "rust_stdlib" in rust.__spec__.origin, (rust, c)
    return ((rust, c), (c, rust))

for one, other in pairs("_csv"):
    one.register_dialect("odd", delimiter=";", quotechar="'", skipinitialspace=True)
    dialect = one.get_dialect("odd")
    assert not isinstance(dialect, other.Dialect)
    assert [*other.reader(["a; 'b;c'"], dialect)] == [["a", "b;c"]]
    file = io.StringIO()
    other.writer(file, dialect).writerow(["a", "b;c"])
    assert file.getvalue() == "a;'b;c'\\r\\n"
    other.register_dialect("from the other", dialect)
    assert other.get_dialect("from the other").quotechar == "'"
    try:
        [*one.reader(['"'], strict=True)]
    except other.Error:
        raise AssertionError("an exception of the other module")
    except one.Error as error:
        assert isinstance(error, Exception)

for one, other in pairs("zlib"):
    data = b"".join(b"%d " % i for i in range(50_000))
    for bits in (-15, -9, 9, 15, 31):
        maker = one.compressobj(6, one.DEFLATED, bits)
        packed = maker.compress(data[:99]) + maker.flush(one.Z_FULL_FLUSH) + maker.compress(data[99:]) + maker.flush()
        assert other.decompress(packed, bits) == data
    maker = one.compressobj(zdict=data[:500])
    taker = other.decompressobj(zdict=data[:500])
    assert taker.decompress(maker.compress(data) + maker.flush()) == data and taker.eof
    assert one.crc32(data[9:], other.crc32(data[:9])) == other.crc32(data)
    assert one.adler32(data[9:], other.adler32(data[:9])) == other.adler32(data)
    try:
        one.decompress(b"x")
    except other.error:
        raise AssertionError("an exception of the other module")
    except one.error:
        pass

for one, other in pairs("_bz2"):
    maker = one.BZ2Compressor()
    assert other.BZ2Decompressor().decompress(maker.compress(data) + maker.flush()) == data

for one, other in pairs("binascii"):
    assert other.a2b_base64(one.b2a_base64(data)) == data
    assert other.a2b_uu(one.b2a_uu(data[:45])) == data[:45]
    assert other.a2b_qp(one.b2a_qp(data, quotetabs=True)) == data

for one, other in pairs("_json"):
    value = {"a": ["€\\n", 1, 2.5, None, True], "b": {}}
    encode = one.make_encoder({}, None, other.encode_basestring_ascii, None, ":", ",", False, False, True)
    assert json.loads("".join(encode(value, 0))) == value
    decoder = json.JSONDecoder()
    decoder.scan_once = one.make_scanner(decoder)
    decoder.parse_string = other.scanstring
    assert decoder.decode(json.dumps(value)) == value

for one, other in pairs("_bisect"):
    items = []
    for number in (5, 1, 4, 1, 3):
        one.insort_right(items, number)
        other.insort_left(items, number)
    assert items == sorted(items) and len(items) == 10

for one, other in pairs("_zoneinfo"):
    mine, theirs = (module.ZoneInfo("Test/York") for module in (one, other))
    assert type(mine) is not type(theirs) and not isinstance(mine, other.ZoneInfo)
    assert isinstance(mine, datetime.tzinfo) and isinstance(theirs, datetime.tzinfo)
    for month in (1, 7):
        time = datetime.datetime(2024, month, 1, 12, tzinfo=mine)
        moved = time.astimezone(theirs)
        assert moved == time and moved.utcoffset() == time.utcoffset() and moved.tzinfo is theirs
        assert moved.astimezone(mine) - time == datetime.timedelta()
        assert theirs.utcoffset(time.replace(tzinfo=theirs)) == mine.utcoffset(time)

# What `datetime` offers to other C code is the same before and after, and both use it.
import ctypes
valid = ctypes.pythonapi.PyCapsule_IsValid
valid.argtypes = [ctypes.py_object, ctypes.c_char_p]
assert valid(datetime.datetime_CAPI, b"datetime.datetime_CAPI")
assert type(mine.utcoffset(time)) is datetime.timedelta
print("compatible")
"""


class Compatible(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A time zone of our own: machines differ in those that they have."""
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.zone = cls.folder / "Test/York"
        cls.zone.parent.mkdir()
        code = "import sys; from rust_stdlib.checks import NEW_YORK; open(sys.argv[1], 'wb').write(NEW_YORK)"
        python("-c", code, str(cls.zone))

    def program(self, code, *arguments, value="1", given=None):
        done = python("-c", code, *arguments, value=value, given=given, check=False, PYTHONTZPATH=str(self.folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_pickles(self):
        """Every pickle of C and of Rust, read by C and by Rust, in every protocol."""
        made = {value: self.program(DUMP, value=value) for value in ("1", "0")}
        self.assertEqual(json.loads(made["1"]), json.loads(made["0"]))
        for maker in made:
            for reader in made:
                with self.subTest(maker=maker, reader=reader):
                    self.program(LOAD, value=reader, given=made[maker])

    def test_identity_copies_and_subclasses(self):
        rust, c = (json.loads(self.program(FACTS, str(self.zone), value=value)) for value in ("1", "0"))
        for name in c:
            with self.subTest(name=name):
                self.assertEqual(rust[name], c[name])
        self.assertEqual(rust.keys(), c.keys())

    def test_both_at_once(self):
        for value in ("1", "0"):
            self.assertEqual(self.program(BOTH, value=value), "compatible\n")


if __name__ == "__main__":
    unittest.main()
