"""Lent memory: bytes that a function sees must not change or vanish, whatever Python does meanwhile."""

import array
import gc
import io
import mmap
import pickle
import sys
import threading
import unittest

from attack import Attack, load

buffers = load("buffers")
BIG = bytes(range(256)) * 300


class Exporter:
    """An exporter written in Python (PEP 688)."""

    def __init__(self, exported):
        self.exported = exported
        self.released = []

    def __buffer__(self, flags):
        return memoryview(self.exported)

    def __release_buffer__(self, view):
        self.released.append(len(view))


class BytesBelow(bytes):
    """A subclass of bytes, which a slice must not be lent from."""


class LyingBytes(bytes):
    """A subclass of bytes that exports memory of its own choice."""

    other = bytearray(b"other")

    def __buffer__(self, flags):
        return memoryview(self.other)


def mapped(data):
    memory = mmap.mmap(-1, len(data))
    memory.write(data)
    return memory


WRAPPERS = [
    bytes, bytearray, memoryview, BytesBelow, Exporter, pickle.PickleBuffer, mapped,
    lambda data: memoryview(bytearray(data)),
    lambda data: memoryview(memoryview(data)),
    lambda data: array.array("B", data),
    lambda data: memoryview(Exporter(data)),
    lambda data: memoryview(b"<" + data + b">")[1:-1],
    lambda data: io.BytesIO(data).getbuffer(),
]


class WhatArrives(unittest.TestCase):
    def test_bytes_of_every_exporter(self):
        for data in b"", b"a", b"abc", BIG[:256], BIG[:257], BIG[:16384], BIG[:16385], BIG:
            for wrap in WRAPPERS:
                if not data and wrap is mapped:
                    continue
                with self.subTest(size=len(data), wrap=wrap):
                    self.assertEqual(buffers.echo(wrap(data)), data)
                    self.assertEqual(buffers.ascii(wrap(data)), data)
                    self.assertEqual(buffers.text(wrap(data)), data)
                    self.assertEqual(buffers.pieces(wrap(data))[0], data)
                    self.assertEqual(buffers.pieces_detached(wrap(data)), sum(data))

    def test_small_copies_from_every_start(self):
        for start in range(9):
            for end in range(start, start + 300):
                data = bytearray(BIG[:end])
                self.assertEqual(buffers.echo(memoryview(data)[start:]), BIG[start:end])
                del data[:start]
                self.assertEqual(buffers.echo(data), BIG[start:end])
                self.assertEqual(buffers.pieces(data)[0], BIG[start:end])

    def test_pieces(self):
        self.assertEqual(buffers.pieces(BIG), (BIG, 1))
        self.assertEqual(buffers.pieces(bytearray(40000))[1], 3)

    def test_objects_that_are_no_arguments(self):
        parts = [wrap(BIG[:300]) for wrap in WRAPPERS] + [b"", b"end"]
        self.assertEqual(buffers.join(parts), BIG[:300] * len(WRAPPERS) + b"end")
        with self.assertRaisesRegex(TypeError, "^a bytes-like object is required, not 'str'$"):
            buffers.join([b"a", "b"])
        self.assertEqual(buffers.join_with_one_holder(parts), buffers.join(parts))
        for part in parts:
            if type(part) is bytearray:
                part.clear()
        exporter = Exporter(b"abcd")
        buffers.join([exporter, exporter])
        self.assertEqual(exporter.released, [4, 4])

    def test_text(self):
        self.assertEqual(buffers.ascii("abc"), b"abc")
        self.assertEqual(buffers.text("aé€😀"), "aé€😀".encode())
        with self.assertRaisesRegex(UnicodeEncodeError, "surrogates not allowed"):
            buffers.text("\udc80")

    def test_error_texts(self):
        strided = memoryview(b"abcd")[::2]
        released = memoryview(b"abc")
        released.release()
        for function, argument, error, text in [
            (buffers.echo, "s", TypeError, "a bytes-like object is required, not 'str'"),
            (buffers.echo, None, TypeError, "a bytes-like object is required, not 'NoneType'"),
            (buffers.echo, strided, BufferError, "memoryview: underlying buffer is not C-contiguous"),
            (buffers.echo, released, ValueError, "operation forbidden on released memoryview object"),
            (buffers.pieces, strided, BufferError, "memoryview: underlying buffer is not C-contiguous"),
            (buffers.text, 1, TypeError, "a bytes-like object is required, not 'int'"),
            (buffers.ascii, "é", ValueError, "string argument should contain only ASCII characters"),
            (buffers.ascii, 1, TypeError, "argument should be bytes, buffer or ASCII string, not 'int'"),
            (buffers.ascii, strided, TypeError, "argument should be bytes, buffer or ASCII string, not 'memoryview'"),
            (lambda x: buffers.write(x, 0, b""), b"x", TypeError,
             "write() argument 1 must be read-write bytes-like object, not bytes"),
        ]:
            with self.assertRaises(error) as caught:
                function(argument)
            self.assertEqual(str(caught.exception), text)

    def test_writing(self):
        target = bytearray(4)
        self.assertEqual(buffers.write(target, 1, b"ab"), 2)
        self.assertEqual(buffers.write(target, 3, b"cdef"), 1)
        self.assertEqual(buffers.write(target, 9, b"x"), 0)
        self.assertEqual(target, b"\0abc")
        self.assertEqual(buffers.read(target, 2, 9), b"bc")
        self.assertEqual(buffers.read(target, 5, 9), b"")
        target.append(1)  # no export is left

    def test_releases(self):
        for function in buffers.echo, buffers.ascii, buffers.pieces:
            exporter = Exporter(b"abcd")
            function(exporter)
            self.assertEqual(exporter.released, [4])

    def test_counts(self):
        data = bytes(BIG)
        before = sys.getrefcount(data)
        for _ in range(100):
            buffers.echo(data)
            buffers.echo(memoryview(data))
            buffers.pieces(memoryview(data))
        self.assertEqual(sys.getrefcount(data), before)


class LentMemory(Attack):
    def test_memoryview_release_while_lent(self):
        for make in bytes, bytearray:
            for size in 3, 1000:
                view = memoryview(make(b"q" * size))

                def work():
                    with self.assertRaisesRegex(BufferError, "memoryview has 1 exported buffer"):
                        view.release()

                self.assertTrue(buffers.unchanged(view, work))
                view.release()

    def test_memoryview_of_bytes_nobody_else_holds(self):
        views = [memoryview(bytes(BIG[:1000]))]

        def work():
            views.clear()
            gc.collect()
            return [bytes([i]) * 1000 for i in range(100)]

        self.assertTrue(buffers.unchanged(views[0], work))

    def test_memoryview_readonly_over_bytearray(self):
        for size in 3, 1000, 100000:
            data = bytearray(size)
            view = memoryview(data).toreadonly()
            self.assertTrue(view.readonly)

            def work():
                data[:] = b"x" * size

            self.assertTrue(buffers.unchanged(view, work))

    def test_buffer_lying_subclass(self):
        lying = LyingBytes(b"claimed")
        self.assertEqual(buffers.echo(lying), b"other")

        def work():
            LyingBytes.other[:] = b"OTHER"

        self.assertTrue(buffers.unchanged(lying, work))
        LyingBytes.other[:] = b"other"

    def test_exporter_changes_what_it_has_exported(self):
        data = bytearray(BIG)
        exporter = Exporter(data)

        def work():
            data[:] = bytes(len(data))
            with self.assertRaises(BufferError):
                data.clear()

        self.assertTrue(buffers.unchanged(exporter, work))
        self.assertEqual(exporter.released, [len(BIG)])
        data.clear()

    def test_small_copies_keep_the_size(self):
        for size in 1, 40, 256, 257:
            data = bytearray(b"q" * size)

            def work():
                data[:] = b"x" * size
                for change in data.clear, data.pop, lambda: data.extend(b"1"), lambda: data.resize(1 << 16):
                    self.assertRaises(BufferError, change)
                self.assertTrue(buffers.unchanged(data, lambda: None))
                self.assertRaises(BufferError, data.clear)
                view = memoryview(data)
                self.assertTrue(buffers.unchanged(view, view.tobytes))
                self.assertRaises(BufferError, data.clear)

            before = sys.getrefcount(data)
            self.assertTrue(buffers.unchanged(data, work))
            with self.assertRaises(ZeroDivisionError):
                buffers.unchanged(data, lambda: 1 / 0)
            self.assertEqual(sys.getrefcount(data), before)
            data.clear()

    def test_holder_outlives_the_object(self):
        for wrap in WRAPPERS:
            for size in 1, 40, 300:
                parts = [wrap(BIG[:size])]

                def work():
                    parts.clear()
                    gc.collect()

                self.assertEqual(buffers.hold_longer(parts, work), size)

    def test_pieces_keep_the_size(self):
        data = bytearray(40000)

        def work():
            with self.assertRaises(BufferError):
                data.clear()
            data[:] = b"x" * 40000

        self.assertEqual(buffers.unchanged_pieces(data, work), 40000)
        data.clear()

    def test_pieces_of_a_released_view(self):
        view = memoryview(bytearray(40000))

        def work():
            with self.assertRaises(BufferError):
                view.release()

        self.assertEqual(buffers.unchanged_pieces(view, work), 40000)
        view.release()

    def test_bytesio_all_sharing_paths(self):
        for size in 1, 5, 1000, 100000:
            for take in (
                lambda stream: stream.getvalue(),
                lambda stream: stream.read(),
                lambda stream: stream.read1(),
                lambda stream: stream.__getstate__()[0],
                lambda stream: stream.getbuffer().tobytes(),
            ):
                stream = io.BytesIO(b"q" * size)
                data = take(stream)

                def work():
                    stream.seek(0)
                    stream.write(b"Z" * size)
                    stream.truncate(0)

                self.assertTrue(buffers.unchanged(data, work))
            data = b"q" * size
            stream = io.BytesIO(data)
            self.assertTrue(buffers.unchanged(data, lambda: (stream.write(b"Z" * size), stream.close())))

    def test_bytesio_when_the_argument_is_the_last_reference(self):
        holder = [b"q" * 1000 + bytes([1])]
        stream = io.BytesIO(holder[0])

        def work():
            holder.clear()
            stream.write(b"Z" * 1001)

        self.assertTrue(buffers.unchanged(holder[0], work))

    def test_bytearray_take_bytes_live_export(self):
        data = bytearray(b"q" * 40000)

        def work():
            with self.assertRaises(BufferError):
                data.take_bytes()

        self.assertTrue(buffers.unchanged(data, work))
        buffers.unchanged_pieces(data, work)
        taken = data.take_bytes()
        self.assertTrue(buffers.unchanged(taken, lambda: data.extend(b"Z" * 40000)))

    def test_bytes_grown_in_place(self):
        scope = {"data": bytes(1000), "buffers": buffers}

        def work():
            scope["data"] += b"Z" * 100000

        scope["work"] = work
        exec("same = buffers.unchanged(data, work)", scope)
        self.assertTrue(scope["same"])

    def test_str_grown_in_place(self):
        scope = {"text": "é" * 1000}

        def work():
            scope["text"] += "Z" * 100000

        self.assertTrue(buffers.unchanged_text(scope["text"], work))

    def test_other_threads_write_while_it_is_copied(self):
        data = bytearray(1 << 16)
        stop = threading.Event()

        def scribble():
            while not stop.is_set():
                data[:] = b"\1" * (1 << 16)
                data[:] = b"\2" * (1 << 16)

        thread = threading.Thread(target=scribble)
        thread.start()
        try:
            for _ in range(200):
                self.assertLessEqual(set(buffers.echo(data)), {0, 1, 2})
                buffers.pieces_detached(data)
                self.assertTrue(buffers.unchanged(data, lambda: None))
        finally:
            stop.set()
            thread.join()

    def test_detach_daemon_interned_finalize(self):
        self.survives(
            """
            import sys, threading
            from attack import load
            buffers = load("buffers")
            names = [sys.intern("setdefault"), sys.intern("a name of my own"), "aé"]
            for name in names:
                threading.Thread(target=buffers.unchanged_detached, args=(name, 500), daemon=True).start()
            """,
            "unchanged\nunchanged\nunchanged",
        )

    def test_detach_daemon_constant_bytes_finalize_ft(self):
        self.survives(
            """
            import threading
            from attack import load
            buffers = load("buffers")
            def work():
                buffers.unchanged_detached(b"a constant of this code object", 500)
            threading.Thread(target=work, daemon=True).start()
            threading.Thread(target=buffers.unchanged_detached, args=(bytes(1000), 500), daemon=True).start()
            """,
            "unchanged\nunchanged",
        )

    def test_detach_during_finalization_runs_attached(self):
        self.survives(
            """
            from attack import load
            class Last:
                def __init__(self):
                    self.work = load("buffers").unchanged_detached
                def __del__(self):
                    self.work(b"at the end", 1)
            import sys
            sys.last = Last()
            """,
            "unchanged",
        )


class WhatIsMade(unittest.TestCase):
    SIZES = 0, 1, 2, 63, 64, 65, 255, 256, 257, 5000, 100000

    def test_sizes(self):
        for size in self.SIZES:
            for written in {0, min(1, size), size // 2, size}:
                self.assertEqual(buffers.build(size, written), b"x" * written)
                self.assertEqual(buffers.build_ascii(120, size, written), "x" * written)

    def test_the_shortest_are_shared(self):
        self.assertIs(buffers.build(1, 1), bytes([120]))  # no literal: those of a .pyc file are objects of their own
        self.assertIs(buffers.build(0, 0), b"")
        self.assertIs(buffers.build(9, 0), b"")
        self.assertIs(buffers.build_ascii(120, 1, 1), "x")
        self.assertIs(buffers.build_ascii(120, 9, 0), "")

    def test_too_much(self):
        for size in self.SIZES:
            with self.assertRaisesRegex(ValueError, "more bytes were produced"):
                buffers.build(size, size + 1)

    def test_not_ascii(self):
        for size in 3, 3000:
            with self.assertRaisesRegex(SystemError, "ASCII"):
                buffers.build_ascii(200, size, size)

    def test_failures(self):
        for size in self.SIZES:
            with self.assertRaisesRegex(ValueError, "no"):
                buffers.build_failing(size)
            with self.assertRaisesRegex(SystemError, "panicked"):
                buffers.build_panicking(size)

    def test_no_memory(self):
        for size in sys.maxsize, sys.maxsize + 1, 2**64 - 1, 2**62:
            with self.assertRaises(MemoryError):
                buffers.build(size, 0)
            with self.assertRaises(MemoryError):
                buffers.build_ascii(120, size, 0)

    def test_swapped_sinks(self):
        for size in 10, 1000, 4096:
            with self.assertRaises(SystemError):
                buffers.swap_sinks(size)

    def test_growing(self):
        for data in b"", b"a", b"abc", BIG:
            for times in 0, 1, 2, 100:
                self.assertEqual(buffers.grow(data, times), data * times)
                self.assertEqual(buffers.grow_by_sink(data, times), data * times)
        self.assertIs(buffers.grow(b"a", 1), bytes([97]))


if __name__ == "__main__":
    unittest.main()
