"""The C functions of `datetime`: what is one, what only looks like one, and where they are used."""

import datetime
import sys
import unittest
from datetime import UTC

from attack import Attack, load

dates = load("dates")


class Sub(datetime.datetime):
    year = 7


class Fields(unittest.TestCase):
    def test_told(self):
        moment = datetime.datetime(2026, 11, 21, 13, 14, 15, 161718, UTC, fold=1)
        self.assertEqual(dates.told(moment), "true 2026 11 21 13 14 15 161718 true")
        self.assertEqual(dates.told(datetime.datetime.min), "true 1 1 1 0 0 0 0 false")
        self.assertEqual(dates.told(datetime.datetime.max), "true 9999 12 31 23 59 59 999999 false")

    def test_subclass(self):
        """Its own fields, whatever its attributes say."""
        self.assertEqual(dates.told(Sub(2000, 1, 2)), "false 2000 1 2 0 0 0 0 false")
        self.assertIs(dates.zone_of(Sub(2000, 1, 2, tzinfo=UTC)), UTC)

    def test_anything_else(self):
        class Duck:
            __class__ = datetime.datetime
            year = month = day = hour = minute = second = microsecond = fold = 1

        for other in (None, 5, object(), datetime.date(1, 1, 1), datetime.time(1), datetime.timedelta(1), Duck()):
            self.assertIsNone(dates.told(other))
            self.assertIsNone(dates.zone_of(other))

    def test_unchecked(self):
        """What a pickle is made into may be out of range."""
        moment = datetime.datetime(b"\xff\xfe\x0c\xfd\xfc\xfb\xfa\xf9\xf8\xf7")
        self.assertEqual(dates.told(moment), f"true 65534 12 253 252 251 250 {0xf9f8f7} false")

    def test_zone_is_counted(self):
        class Zone(datetime.tzinfo):
            pass

        zone = Zone()
        before = sys.getrefcount(zone)
        moment = datetime.datetime(2000, 1, 1, tzinfo=zone)
        for _ in range(100):
            dates.zone_of(moment)
        self.assertEqual(sys.getrefcount(zone), before + 1)
        self.assertIsNone(dates.zone_of(datetime.datetime(2000, 1, 1)))


class Made(unittest.TestCase):
    def test_timedelta(self):
        for parts in ((0, 0, 0), (1, -1, 1), (0, 2**31 - 1, -(2**31)), (-5, 86400, 10**6)):
            self.assertEqual(dates.delta(*parts), datetime.timedelta(*parts))
        with self.assertRaises(OverflowError):
            dates.delta(2**31 - 1, 0, 0)

    def test_sum(self):
        """As the operator gives it, for whoever may have changed it, too."""

        class Delta(datetime.timedelta):
            def __radd__(self, other):
                return "mine"

        for moment in (datetime.datetime(2026, 11, 21, 13, tzinfo=UTC, fold=1), Sub(1, 1, 1)):
            for delta in (datetime.timedelta(0), datetime.timedelta(5, 86399, 999999), Delta(1)):
                made = dates.later(moment, delta)
                self.assertEqual((made, type(made)), (moment + delta, type(moment + delta)))
        with self.assertRaises(OverflowError):
            dates.later(datetime.datetime.max, datetime.timedelta(microseconds=1))
        for other in (None, 5, datetime.datetime.min):
            with self.assertRaises(TypeError):
                dates.later(datetime.datetime.min, other)
        self.assertIsNone(dates.later(datetime.date.min, datetime.timedelta(1)))

    def test_sum_of_anything(self):
        """Fields that are out of range, which only a pickle can have."""
        moment = datetime.datetime(b"\xff\xfe\x0c\xfd\xfc\xfb\xfa\xf9\xf8\xf7")
        with self.assertRaises(OverflowError):
            dates.later(moment, datetime.timedelta(1))

    def test_datetime(self):
        made = dates.moment(2026, 11, 21, 13, 14, 15, 161718, True, UTC)
        self.assertEqual((made, made.fold), (datetime.datetime(2026, 11, 21, 13, 14, 15, 161718, UTC), 1))
        good = [2026, 11, 21, 13, 14, 15, 161718]
        for place, values in enumerate(((0, 10000, 65535), (0, 13), (0, 31, 255), (24,), (60,), (60,), (10**6, 2**31, 2**32 - 1))):
            for value in values:
                with self.assertRaises(ValueError):
                    dates.moment(*good[:place], value, *good[place + 1 :], False, None)
        with self.assertRaises(TypeError):
            dates.moment(*good, False, object())

    def test_fold(self):
        """Given to the object itself when nobody else has it, else to another."""
        day = datetime.timedelta(1)
        for moment in (datetime.datetime(2000, 1, 1), datetime.datetime(2000, 1, 1, tzinfo=UTC)):
            folded, done = dates.folded(moment, day)
            self.assertEqual((folded, folded.fold, done), (moment + day, 1, True))
            self.assertEqual(hash(folded), hash(moment + day))
            folded, done = dates.folded(moment, None)
            self.assertEqual((folded.fold, moment.fold, done), (1, 0, True))
            self.assertIs(folded.tzinfo, moment.tzinfo)
        for other in (Sub(2000, 1, 1), 5):
            folded, done = dates.folded(other, None)
            self.assertEqual((folded is other, done), (True, False))


class Interpreters(Attack):
    def test_own(self):
        self.survives(
            """
            from concurrent import interpreters
            interp = interpreters.create()
            interp.exec("from attack import load; load('dates').delta(1, 2, 3)")
            interp.close()
            print("done")
            """,
            "done",
        )

    def test_foreign(self):
        self.dies(
            """
            from concurrent import interpreters
            from attack import load
            load("dates").stash()
            interp = interpreters.create()
            interp.exec("from attack import load; load('dates').use_stashed()")
            """,
            "interpreter that does not own it",
        )

    def test_without_the_module_in_c(self):
        self.survives(
            """
            import sys
            sys.modules["_datetime"] = None
            from attack import load
            try:
                load("dates")
            except AttributeError:
                print("refused")
            """,
            "refused",
        )


if __name__ == "__main__":
    unittest.main()
