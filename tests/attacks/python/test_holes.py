"""Holes that other bindings have or had, each tried here; `ledgers/holes.tsv` says where the others are tried."""

import sys
import threading
import unittest

from attack import Attack, load
from test_tokens import NOT_ATTACHED

holes = load("holes")


class PyO3(Attack):
    def test_pyo3_2141_send_wrapper_used_detached(self):
        self.dies(
            """
            from attack import load
            load("holes").wrapped_into_detach(object())
            """,
            NOT_ATTACHED,
        )

    def test_pyo3_4736_bytearray_changed_while_copied(self):
        """What arrives has one size, whatever other threads do to the object; they get BufferError meanwhile."""
        data = bytearray(b"a") * 100_000
        refused = []
        stop = threading.Event()

        def change():
            while not stop.is_set():
                try:
                    data.extend(b"bb")
                    del data[-2:]
                    data[5:9] = b"cc"
                    data[5:7] = b"aaaa"
                except BufferError:
                    refused.append(1)

        threads = [threading.Thread(target=change) for _ in range(3)]
        for thread in threads:
            thread.start()
        sizes = {holes.copied(data)[0] for _ in range(300)}
        stop.set()
        for thread in threads:
            thread.join()
        # Refused steps make it longer or shorter by and by; a size that never was would be far off.
        self.assertLessEqual(sizes, {*range(80_000, 120_000)})
        self.assertEqual(holes.copied(b"aab"), (3, 1))

    def test_pyo3_6267_buffer_written_by_other_threads(self):
        """Bytes that change are copied out, and whoever reads the copy reads each byte once."""
        data = bytearray(200_000)
        stop = threading.Event()

        def write():
            while not stop.is_set():
                for value in range(256):
                    data[:] = bytes([value]) * len(data)

        thread = threading.Thread(target=write)
        thread.start()
        for view in (data, memoryview(data), memoryview(data).toreadonly()) * 30:
            size, odd = holes.copied(view)
            self.assertEqual(size, len(data))
            self.assertLessEqual(odd, size)
        stop.set()
        thread.join()

    def test_pyo3_5907_pieces_beyond_the_room(self):
        for room in 0, 1, 7, 1000:
            for sizes in ([], [0], [1], [0, 3, 0], [5, 1, 300], [1] * 70, [100_000, 1]):
                parts = [bytes([n % 251]) * size for n, size in enumerate(sizes)]
                with self.subTest(room=room, sizes=sizes):
                    self.assertEqual(holes.writes_in_pieces(parts, room), b"".join(parts))

    def test_pyo3_6086_nth_beyond_the_end(self):
        for n in 0, 1, 2, 3, sys.maxsize - 1, sys.maxsize, 2 * sys.maxsize, 2 * sys.maxsize + 1:
            expected = tuple(items[0] if items else None for items in ("abc"[n:], "abc"[2 * n + 1 :]))
            with self.subTest(n=n):
                self.assertEqual(holes.nth_of_tuple(tuple("abc"), n), expected)
                self.assertEqual(holes.nth_of_list(list("abc"), n), expected)

    def test_pyo3_6404_threads_attach_while_python_ends(self):
        for size in 3, 3, 3, 5_000_000, 5_000_000:
            self.survives(
                f"""
                data = bytes({size})
                import threading, time
                from attack import load
                handles, holes = load("handles"), load("holes")
                def spin():
                    while True:
                        handles.detach_for(0)
                        holes.copied(data)
                for _ in range(8):
                    threading.Thread(target=spin, daemon=True).start()
                time.sleep(0.05)
                """
            )

    def test_pyo3_4764_waiting_for_python_under_a_lock(self):
        """Threads that wait for each other's lock and for Python: C lets go of Python while it waits."""
        self.survives(
            """
            import threading
            from attack import load
            locks = load("locks")
            lock = locks.Shelf()
            def work():
                for n in range(2000):
                    lock.push(n)
                    lock.pop()
            threads = [threading.Thread(target=work) for _ in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """
        )


class Sketch(unittest.TestCase):
    """The public sketch of Rust for CPython."""

    def test_sketch_uninitialised_bytes(self):
        for asked in 0, 1, 2, 10, 100_000:
            for written in 0, 1, 5, 255:
                with self.subTest(asked=asked, written=written):
                    expected = bytes(range(min(asked, written)))
                    self.assertEqual(holes.writes_too_little(asked, written), expected)


class Forgotten(unittest.TestCase):
    def test_forget_everything(self):
        """What is never dropped leaks, and breaks nothing."""
        for data in b"abc", bytearray(b"abc"), memoryview(b"abc")[1:]:
            with self.subTest(data=data):
                x = [1, 2]
                before = sys.getrefcount(x)
                holes.forgotten(x, data)
                self.assertGreater(sys.getrefcount(x), before)
                self.assertEqual(x, [1, 2])
                self.assertEqual(bytes(data)[-1:], b"c")


if __name__ == "__main__":
    unittest.main()
