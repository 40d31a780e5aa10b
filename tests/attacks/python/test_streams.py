"""Work behind a lock while others run Python, and output that grows meanwhile."""

import gc
import itertools
import sys
import threading
import time
import unittest

from attack import Attack, load
from test_locks import Item, Unraisable, in_threads

streams = load("streams")
Stream = streams.Stream

KIB = 1024


def sums(data):
    """What `add` gives for an exact `bytes`, and for anything else: its pieces end at 16 KiB."""

    def after(piece):
        total, texts = 0, []
        for start in range(0, len(data), piece):
            for at in range(start, min(start + piece, len(data)), 1000):
                total += sum(data[at : min(at + 1000, start + piece)])
                texts.append(b"%d " % total)
        texts.append(b"%d " % total)  # the last step has found nothing
        return b"".join(texts)

    return after(len(data) or 1), after(16 * KIB)


class Input(unittest.TestCase):
    def test_pieces(self):
        for size in 0, 1, 999, 1000, 16 * KIB - 1, 16 * KIB, 16 * KIB + 1, 100_000:
            data = bytes(i * i % 251 for i in range(size))
            whole, pieces = sums(data)
            self.assertEqual(Stream().add(data), whole)
            self.assertEqual(Stream().add(bytearray(data)), pieces)
            self.assertEqual(Stream().add(memoryview(data)), pieces)

    def test_brief_steps(self):
        for size in 0, 1, 2, 511, 512, 513, 1024, 40 * KIB, 100_000:
            data = bytes(i * i % 251 for i in range(size))
            for first in 0, 1, 512, 513, 32 * KIB:
                self.assertEqual(streams.copy(data, -1, first, True), data)
                self.assertEqual(streams.copy(bytearray(data), -1, first, True), data)
                for most in 0, 1, 511, 512, 513, 1024:
                    self.assertEqual(streams.copy(data, most, first, True), data[:most])

    def test_bytes_left_out(self):
        for size in 0, 1, 20, 16 * KIB, 16 * KIB + 1, 100_000:
            data = bytes(i * i % 251 for i in range(size))
            for skipped in {0, 1, 2, size // 2, size, size + 1, 32 * KIB, 32 * KIB + 1, sys.maxsize}:
                for kind in bytes, bytearray, memoryview:
                    self.assertEqual(streams.copy(kind(data), -1, 0, False, skipped), data[skipped:])

    def test_bytes_joined_inside(self):
        stream, total = Stream(), 0
        for size in 0, 1, 100, 100_000:
            data = bytes(i * i % 251 for i in range(size))
            self.assertEqual(stream.doubled(data), (data * 2, True))
            self.assertEqual(stream.doubled(bytearray(data)), (data * 2, False))
            total += 4 * size
        self.assertEqual(stream.total(), total)

    def test_input_that_others_change(self):
        data = bytearray(b"a" * 200_000)
        stop = threading.Event()

        def change():
            for letter in itertools.cycle((b"a", b"b")):
                data[:] = letter * len(data)
                if stop.is_set():
                    return

        def read():
            try:
                for _ in range(200):
                    self.assertLessEqual(set(streams.copy(data, -1, 0)), set(b"ab"))
            finally:
                stop.set()

        in_threads(change, read)

    def test_input_cannot_be_resized(self):
        data = bytearray(20_000)
        stream = Stream()

        def add():
            stream.add(data, 20)

        thread = threading.Thread(target=add)
        thread.start()
        refused = 0
        while thread.is_alive():
            try:
                data.append(1)
                data.pop()
            except BufferError:
                refused += 1
            time.sleep(0.001)
        thread.join()
        self.assertGreater(refused, 0)
        data.append(1)


class Output(unittest.TestCase):
    def test_sizes(self):
        for size in 0, 1, 2, 32 * KIB - 1, 32 * KIB, 32 * KIB + 1, 96 * KIB, 10_000_000:
            data = bytes(i & 255 for i in range(256)) * (size // 256 + 1)
            data = data[:size]
            for first in 0, 1, size, size + 1, 32 * KIB:
                self.assertEqual(streams.copy(data, -1, first), data)
            for most in {0, 1, size // 2, size, size + 1}:
                self.assertEqual(streams.copy(data, most, 32 * KIB), data[:most])

    def test_blocks_are_those_of_c(self):
        blocks = [32, 64, 256, KIB, 4 * KIB, 8 * KIB, 16 * KIB, 16 * KIB]
        blocks = [block * KIB for block in blocks]
        self.assertEqual(streams.count_up(-1, 8), repr(blocks))
        self.assertEqual(streams.count_up(100 * KIB, 8), repr([32 * KIB, 64 * KIB, 4 * KIB]))
        self.assertEqual(streams.count_up(10, 8), repr([10]))
        self.assertEqual(streams.count_up(0, 8), repr([0]))

    def test_more_than_there_is(self):
        for first in sys.maxsize, sys.maxsize // 2:
            with self.assertRaises(MemoryError):
                streams.copy(b"abc", -1, first)

    def test_another_sink(self):
        for size in 1, 1000, 100_000:
            with self.assertRaises(SystemError):
                streams.swap_grown(size)


class Held(Attack):
    def test_others_run_meanwhile(self):
        stream = Stream()
        thread = threading.Thread(target=stream.hold, args=(300,))
        thread.start()
        count, end = 0, time.monotonic() + 0.2
        while time.monotonic() < end:
            count += 1
        self.assertTrue(thread.is_alive())
        self.assertGreater(count, 100)
        self.assertEqual(stream.total(), 0)  # waits
        thread.join(10)

    def test_one_after_the_other(self):
        stream = Stream()
        data = bytes([1]) * 50_000

        def add():
            for _ in range(20):
                stream.add(data)

        in_threads(add, add, add, add)
        self.assertEqual(stream.total(), 4 * 20 * len(data))

    def test_many_wait_for_one(self):
        stream = Stream()

        def hold():
            for _ in range(10):
                stream.hold(1)
                sum(range(1000))

        in_threads(*[hold] * 8)

    def test_collecting_meanwhile(self):
        stream = Stream()
        stop = threading.Event()

        def collect():
            while not stop.is_set():
                gc.collect()

        def hold():
            try:
                for _ in range(30):
                    stream.keep([stream])
                    stream.hold(2)
                    stream.drop_kept()
            finally:
                stop.set()

        in_threads(collect, hold)

    def test_dropping_inside(self):
        stream = Stream()
        runs = []

        def work():
            gc.collect()
            stream.keep(None)
            runs.append(stream.total())

        for _ in range(20):
            stream.keep(Item(work))
        with Unraisable() as raised:
            stream.drop_kept()
            stream.total()
        self.assertEqual(raised, [])
        self.assertEqual(len(runs), 20)
        stream.drop_kept()

    def test_a_panic(self):
        stream = Stream()
        for total in 150_000, 150_000:
            with self.assertRaises(SystemError):
                stream.panic_inside()
            self.assertEqual(stream.total(), total)

    def test_python_inside(self):
        stream = Stream()
        for attempt in stream.total, lambda: stream.hold(0), lambda: stream.add(b"abc"):
            with self.assertRaisesRegex(RuntimeError, "inside the lock already"):
                stream.smuggle(attempt, False)
        self.assertEqual(stream.smuggle(lambda: 42, False), 42)
        self.dies(
            """
            from attack import load
            load("streams").Stream().smuggle(print, True)
            """,
            "not attached",
        )

    def test_fork(self):
        self.survives(
            """
            import os, threading, time, warnings
            from attack import load
            warnings.simplefilter("ignore", DeprecationWarning)
            stream = load("streams").Stream()
            thread = threading.Thread(target=stream.hold, args=(1000,))
            thread.start()
            time.sleep(0.2)
            if os.fork() == 0:
                try:
                    stream.total()
                except RuntimeError as error:
                    os._exit(7 if "did not survive a fork" in str(error) else 8)
                os._exit(9)
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            thread.join()
            print(stream.total())
            """,
            "7\n0",
        )

    def test_the_end_meanwhile(self):
        self.survives(
            """
            import threading, time
            from attack import load
            stream = load("streams").Stream()
            for _ in range(3):
                threading.Thread(target=stream.hold, args=(300,), daemon=True).start()
            time.sleep(0.1)
            print("end")
            """,
            "end",
        )


if __name__ == "__main__":
    unittest.main()
