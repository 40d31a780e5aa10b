"""The module `_zoneinfo` under attack: what has crashed the C module, and what could crash another.

No time zone data is needed: the files are made here.
"""

import contextlib
import datetime
import gc
import io
import os
import pickle
import random
import struct
import sys
import tempfile
import threading
import unittest
import unittest.mock
import weakref
import zoneinfo

import _zoneinfo
from _zoneinfo import ZoneInfo

HOUR = datetime.timedelta(hours=1)


def block(version, width, changes, types, chars):
    """A header and its data."""
    counts = struct.pack(">6l", 0, 0, 0, len(changes), len(types), len(chars))
    times = b"".join(time.to_bytes(width, "big", signed=True) for time, _ in changes)
    numbers = bytes(number for _, number in changes)
    records = b"".join(struct.pack(">lbb", *kind) for kind in types)
    return b"TZif" + version + bytes(15) + counts + times + numbers + records + chars


def tzif(changes=(), types=((0, 0, 0),), chars=b"UTC\0", footer=b"UTC0", version=b"2"):
    """A file of version 2."""
    one = block(version, 4, (), types, chars)
    return one + block(version, 8, changes, types, chars) + b"\n" + footer + b"\n"


BERLIN = tzif(
    ((-1693706400, 1), (-1680483600, 0)),
    ((3600, 0, 0), (7200, 1, 4)),
    b"CET\0CEST\0",
    b"CET-1CEST,M3.5.0,M10.5.0/3",
)


@contextlib.contextmanager
def zone_files(**files):
    """A folder of time zones in place of the system's, and empty caches."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        before = zoneinfo.TZPATH
        zoneinfo.reset_tzpath([folder])
        ZoneInfo.clear_cache()
        try:
            yield folder
        finally:
            ZoneInfo.clear_cache()
            zoneinfo.reset_tzpath(before)


def loaded(data, key="Test"):
    return ZoneInfo.from_file(io.BytesIO(data), key)


class Ours(unittest.TestCase):
    def test_is_rust(self):
        self.assertIs(zoneinfo.ZoneInfo, ZoneInfo)
        if "_rust" in sys.builtin_module_names:
            self.assertIn("_zoneinfo", sys.builtin_module_names)


class DuckTyped(unittest.TestCase):
    """gh-125318, gh-111306: objects that only look like a datetime were read as if they were."""

    class Duck:
        year, month, day, hour, minute, second, fold = 1995, 9, 2, 14, 34, 56, 0

        def toordinal(self):
            return 728538

    def test_all_fields(self):
        zone = loaded(BERLIN)
        for method in (zone.utcoffset, zone.dst, zone.tzname):
            with self.assertRaisesRegex(TypeError, "a datetime or None is required, not 'Duck'"):
                method(self.Duck())
        with self.assertRaisesRegex(TypeError, "fromutc: argument must be a datetime"):
            zone.fromutc(self.Duck())

    def test_any_fold(self):
        for fold in (-1, 2, 255, 256, 10**30, None):
            duck = self.Duck()
            duck.fold = fold
            with self.assertRaises(TypeError):
                loaded(BERLIN).tzname(duck)

    def test_no_memory_behind(self):
        class Small:
            __slots__ = ()
            hour = minute = second = 0

            def toordinal(self):
                return 1

        for _ in range(1000):
            with self.assertRaises(TypeError):
                loaded(BERLIN).utcoffset(Small())

    def test_what_lacks_something_says_so(self):
        zone = loaded(BERLIN)
        for value, text in (
            (5, "'int' object has no attribute 'toordinal'"),
            ("now", "'str' object has no attribute 'toordinal'"),
            (datetime.date(2020, 1, 1), "'datetime.date' object has no attribute 'hour'"),
            (datetime.time(1), "'datetime.time' object has no attribute 'toordinal'"),
        ):
            with self.subTest(value=value), self.assertRaises(AttributeError) as caught:
                zone.utcoffset(value)
            self.assertEqual(str(caught.exception), text)

    def test_subclasses_may_say_anything(self):
        class Liar(datetime.datetime):
            day_number = 10**9
            clock = -1

            def toordinal(self):
                return self.day_number

            hour = minute = second = property(lambda self: self.clock)

        zone = loaded(BERLIN)
        for Liar.day_number in (-(2**31), -1, 0, 2**31 - 1, 2**40, 2**63 - 1):
            for Liar.clock in (-(2**31), -1, 0, 2**62):
                self.assertIn(zone.utcoffset(Liar(2020, 1, 1)), (HOUR, 2 * HOUR))
        Liar.day_number = 2**64
        with self.assertRaisesRegex(OverflowError, "Python int too large to convert to C long"):
            zone.utcoffset(Liar(2020, 1, 1))
        Liar.day_number = None
        with self.assertRaises(TypeError):
            zone.utcoffset(Liar(2020, 1, 1))

    def test_fields_out_of_range(self):
        """Pickles are trusted: only the month of a datetime is checked."""
        zone = loaded(BERLIN)
        for data in (b"\xff\xff\x0c\xff\xff\xff\xff\xff\xff\xff", b"\0\0\x01\0" + bytes(6), b"\0\0\x8c" + bytes(7)):
            moment = datetime.datetime(data)
            self.assertIn(zone.utcoffset(moment), (HOUR, 2 * HOUR))
            with self.assertRaises((ValueError, OverflowError)):
                zone.fromutc(datetime.datetime(data, zone)).replace(year=1)


class HostileCaches(unittest.TestCase):
    """gh-142781, gh-142783, gh-146076: a subclass's `_weak_cache` is whatever the program says."""

    def setUp(self):
        self.enterContext(zone_files(A=BERLIN, UTC=tzif()))

        class Sub(ZoneInfo):
            pass

        self.Sub = Sub

    def test_gives_what_is_no_zone(self):
        class Cache(dict):
            def setdefault(self, key, value):
                return 1337

        self.Sub._weak_cache = Cache()
        for _ in range(3):
            with self.assertRaises(RuntimeError) as caught:
                self.Sub("UTC")
            text = "Unexpected instance of int in Sub weak cache for key 'UTC'"
            self.assertEqual(str(caught.exception), text)

    def test_gives_a_zone_of_another_class(self):
        class Cache(dict):
            def get(self, key, default=None):
                return ZoneInfo("UTC")

        self.Sub._weak_cache = Cache()
        with self.assertRaisesRegex(RuntimeError, "Unexpected instance of zoneinfo.ZoneInfo in Sub weak"):
            self.Sub("UTC")

    def test_lives_for_one_lookup(self):
        class Cache:
            def get(self, *args):
                gc.collect()

            setdefault = clear = pop = get

        class Bomb:
            def __get__(self, obj, owner):
                return Cache()

        self.Sub._weak_cache = Bomb()
        with self.assertRaisesRegex(RuntimeError, "Unexpected instance of NoneType"):
            self.Sub("UTC")
        self.Sub.clear_cache()
        self.Sub.clear_cache(only_keys=["UTC"])

    def test_is_not_there(self):
        del self.Sub._weak_cache
        for act in (lambda: self.Sub("UTC"), self.Sub.clear_cache, lambda: self.Sub.clear_cache(only_keys=[1])):
            with self.assertRaisesRegex(AttributeError, "_weak_cache"):
                act()

    def test_changes_the_class(self):
        Sub = self.Sub

        class Cache:
            def get(self, key):
                Sub._weak_cache = None
                Sub.__bases__ = (datetime.tzinfo,)

        Sub._weak_cache = Cache()
        with self.assertRaises((RuntimeError, TypeError, AttributeError)):
            Sub("UTC")

    def test_without_a_payload(self):
        """No way leads to an instance that has not been set up."""
        for make in (datetime.tzinfo.__new__, object.__new__):
            for kind in (ZoneInfo, self.Sub):
                with self.assertRaises(TypeError):
                    make(kind)
        with self.assertRaises(TypeError):
            ZoneInfo.__new__(datetime.tzinfo, "UTC")


class Reentrant(unittest.TestCase):
    """gh-142782: keys whose `__eq__` and `__hash__` clear the caches that are being searched."""

    def setUp(self):
        self.enterContext(zone_files(**{name: BERLIN for name in "ABCDEFGHIJKL"}))

    def key_class(self, act):
        class Key(str):
            busy = False

            def run(self):
                if not Key.busy:
                    Key.busy = True
                    try:
                        act(self)
                    finally:
                        Key.busy = False

            def __eq__(self, other):
                self.run()
                return str.__eq__(self, other)

            def __hash__(self):
                self.run()
                return str.__hash__(self)

        return Key

    def test_clearing(self):
        for act in (
            lambda key: ZoneInfo.clear_cache(),
            lambda key: ZoneInfo.clear_cache(only_keys=(key,)),
            lambda key: [ZoneInfo(name) for name in "ABCDEFGHIJ"],
            lambda key: (ZoneInfo.clear_cache(), gc.collect(), ZoneInfo("B")),
            lambda key: ZoneInfo(key),
        ):
            Key = self.key_class(act)
            for _ in range(20):
                for name in "ABCA":
                    self.assertEqual(ZoneInfo(Key(name)).key, name)
                ZoneInfo.clear_cache(only_keys=[Key("A"), Key("L"), "B"])

    def test_raising(self):
        class Key(str):
            __hash__ = str.__hash__

            def __eq__(self, other):
                raise ZeroDivisionError

        ZoneInfo("A")
        with self.assertRaises(ZeroDivisionError):
            ZoneInfo(Key("A"))
        with self.assertRaises(ZeroDivisionError):
            ZoneInfo.clear_cache(only_keys=[Key("A")])

    def test_files_that_construct(self):
        class File(io.BytesIO):
            def read(self, n=-1):
                ZoneInfo.clear_cache()
                ZoneInfo("A")
                return super().read(n)

        self.assertEqual(ZoneInfo.from_file(File(BERLIN), key="B").utcoffset(None), None)

    def test_keys_in_cycles(self):
        class Key(str):
            pass

        key = Key("A")
        key.zone = ZoneInfo(key)
        seen = weakref.ref(key.zone)
        del key
        ZoneInfo.clear_cache()
        gc.collect()
        self.assertIsNone(seen())

    def test_the_list_of_the_strong_cache(self):
        """The collector shows it, and anybody may change it then."""
        for kept in (o for o in gc.get_referents(_zoneinfo) if type(o) is list):
            for junk in ([None], [()], [("A",)], [("A", 5)], [5, "x", ("A", ZoneInfo), kept]):
                kept[:] = junk
                self.assertEqual(ZoneInfo("A").key, "A")
                ZoneInfo.clear_cache(only_keys="AB")
                kept[:] = junk * 20
                self.assertEqual(ZoneInfo("B").key, "B")
                ZoneInfo.clear_cache()


class Caches(unittest.TestCase):
    def setUp(self):
        self.enterContext(zone_files(**{name: BERLIN for name in "ABCDEFGHIJKL"}))

    def test_eight_are_kept(self):
        ids = {name: weakref.ref(ZoneInfo(name)) for name in "ABCDEFGHIJ"}
        gc.collect()
        self.assertEqual([name for name, seen in ids.items() if seen()], list("CDEFGHIJ"))
        ZoneInfo("C")
        ZoneInfo("K")
        gc.collect()
        self.assertEqual([name for name, seen in ids.items() if seen()], list("CEFGHIJ"))

    def test_pickling_by_key(self):
        for make, cached in ((ZoneInfo, True), (ZoneInfo.no_cache, False)):
            zone = make("A")
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                again = pickle.loads(pickle.dumps(zone, protocol))
                self.assertEqual((again is zone, again.key), (cached, "A"))

    def test_threads(self):
        """Eight of them construct, look up and clear, while the collector runs."""
        errors = []
        moment = datetime.datetime(2026, 7, 1)

        def work(seed):
            rng = random.Random(seed)
            try:
                for _ in range(300):
                    name = rng.choice("ABCDEFGHIJKL")
                    dice = rng.random()
                    zone = ZoneInfo(name) if dice < 0.8 else ZoneInfo.no_cache(name)
                    if zone.key != name or zone.utcoffset(moment) != 2 * HOUR:
                        errors.append(zone)
                    if dice < 0.05:
                        ZoneInfo.clear_cache()
                    elif dice < 0.15:
                        ZoneInfo.clear_cache(only_keys=[name, rng.choice("ABC")])
                    elif dice < 0.17:
                        gc.collect()
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def test_collecting_while_constructing(self):
        before = gc.get_threshold()
        gc.set_threshold(1)
        try:
            for _ in range(20):
                for name in "ABCDEFGHIJ":
                    self.assertEqual(str(ZoneInfo(name)), name)
        finally:
            gc.set_threshold(*before)


class Malformed(unittest.TestCase):
    """gh-145883 and its kin: no count and no index of a file is believed."""

    def test_indices(self):
        with self.assertRaisesRegex(ValueError, "Invalid transition index found while reading TZif: 7"):
            loaded(tzif(((0, 7),)))

    def test_lookahead(self):
        """The last change, to a daylight saving time that nothing follows."""
        types = ((0, 0, 0), (3600, 1, 4), (3600, 0, 8))
        zone = loaded(tzif(((0, 2), (100, 1)), types, b"STD\0DST\0EXT\0", b"STD0"))
        self.assertEqual(zone.dst(datetime.datetime(1970, 1, 1, 1, 1, 40)), HOUR)

    def test_counts(self):
        good = tzif(((0, 0),))
        second = good.index(b"TZif", 4) + 20
        for header in (20, second):
            for place in range(6):
                for count in (-(2**31), -1, 5, 2**20, 2**31 - 1):
                    data = bytearray(good)
                    struct.pack_into(">l", data, header + 4 * place, count)
                    with self.subTest(header=header, place=place, count=count), contextlib.suppress(
                        ValueError, struct.error, AssertionError, UnicodeDecodeError
                    ):
                        zone = loaded(bytes(data))
                        zone.utcoffset(datetime.datetime(2000, 1, 1))

    def test_a_count_asks_for_no_memory(self):
        asked = []

        class File(io.BytesIO):
            def read(self, n=-1):
                asked.append(n)
                return super().read(n)

        data = bytearray(tzif())
        struct.pack_into(">l", data, data.index(b"TZif", 4) + 20 + 12, 2**31 - 1)
        with self.assertRaisesRegex(struct.error, "unpack requires a buffer of 17179869176 bytes"):
            ZoneInfo.from_file(File(data))
        self.assertLessEqual(max(asked), 1 << 20)

    def test_every_cut(self):
        for end in range(len(BERLIN)):
            with self.assertRaises((ValueError, struct.error, AssertionError)):
                loaded(BERLIN[:end])

    def test_files_that_give_anything(self):
        good = (b"TZif", b"2", bytes(15), bytes(24))
        for at in range(4):
            for value in (None, 5, "TZif", "", [], bytearray(b"2"), memoryview(b"TZif"), b"x" * 100, object()):
                answers = iter(good[:at] + (value,) + (b"",) * 100)

                class File:
                    def read(self, n):
                        return next(answers)

                    def seek(self, n, how):
                        pass

                with self.assertRaises((TypeError, ValueError, struct.error)):
                    ZoneInfo.from_file(File())

    def test_random_damage(self):
        rng = random.Random(5)
        moments = [datetime.datetime(year, 6, 1, fold=fold) for year in (1, 1917, 2026, 9999) for fold in (0, 1)]
        for _ in range(3000):
            data = bytearray(BERLIN)
            for _ in range(rng.randrange(1, 5)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            try:
                zone = loaded(bytes(data))
            except (ValueError, struct.error, AssertionError):
                continue
            for moment in moments:
                self.assertIsInstance(zone.utcoffset(moment), datetime.timedelta)
                self.assertIsInstance(zone.tzname(moment), str)

    def test_footers(self):
        for footer, text in (
            (b"EST", "Invalid STD offset in b'EST'"),
            (b"'\"", "Invalid STD format in b'\\'\"'"),
            (b"EST5EDT", "Invalid DST offset in b'EST5EDT'"),
            (b"EST5EDT,J1,J366", "Malformed transition rule in TZ string: b'EST5EDT,J1,J366'"),
        ):
            with self.assertRaises(ValueError) as caught:
                loaded(tzif(footer=footer))
            self.assertEqual(str(caught.exception), text)


class Surroundings(unittest.TestCase):
    def test_the_file_is_closed_whatever_happens(self):
        class File(io.BytesIO):
            def close(self):
                super().close()
                raise OSError("close")

        opened = []

        class Common:
            @staticmethod
            def load_tzdata(key):
                opened.append(File(b"nothing"))
                return opened[-1]

        common = sys.modules["zoneinfo._common"]
        with zone_files(), unittest.mock.patch.object(common, "load_tzdata", Common.load_tzdata):
            with self.assertRaisesRegex(OSError, "close") as caught:
                ZoneInfo("Nowhere")
        self.assertIsInstance(caught.exception.__context__, ValueError)
        self.assertTrue(opened[0].closed)

    def test_key_cannot_be_changed(self):
        zone = loaded(BERLIN)
        for act in (lambda: setattr(zone, "key", 1), lambda: delattr(zone, "key")):
            with self.assertRaisesRegex(AttributeError, "^readonly attribute$"):
                act()

    def test_wrong_calls(self):
        """Texts of C, in which these methods ask for their defining class."""
        zone = loaded(BERLIN)
        for call, text in (
            (zone.utcoffset, "utcoffset() takes exactly 1 positional argument (0 given)"),
            (lambda: zone.dst(1, 2), "dst() takes at most 1 argument (2 given)"),
            (lambda: zone.tzname(dt=None), "tzname() takes exactly 1 positional argument (0 given)"),
            (lambda: ZoneInfo._unpickle("A"), "_unpickle() takes exactly 2 positional arguments (1 given)"),
            (zone.fromutc, "ZoneInfo.fromutc() takes exactly one argument (0 given)"),
            (ZoneInfo, "ZoneInfo() missing required argument 'key' (pos 1)"),
            (ZoneInfo.from_file, "from_file() takes at least 1 positional argument (0 given)"),
        ):
            with self.assertRaises(TypeError) as caught:
                call()
            self.assertEqual(str(caught.exception), text)

    def test_leaks_nothing(self):
        zone = loaded(BERLIN)
        seen = weakref.ref(zone)
        key_count = sys.getrefcount(zone.key)
        zone.fromutc(datetime.datetime(2026, 10, 25, 1, 30, tzinfo=zone))
        self.assertEqual(sys.getrefcount(zone.key), key_count)
        del zone
        gc.collect()
        self.assertIsNone(seen())

    def test_fold_of_a_subclass(self):
        class Moment(datetime.datetime):
            pass

        zone = loaded(BERLIN)
        local = zone.fromutc(Moment(2026, 10, 25, 1, 30, tzinfo=zone))
        self.assertEqual((type(local), local.fold, local.hour), (Moment, 1, 2))


if __name__ == "__main__":
    unittest.main()
