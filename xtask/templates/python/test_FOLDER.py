"""The module `NAME`, as Python sees it."""

import inspect
import unittest

import NAME


class LongestRun(unittest.TestCase):
    def test_counts(self):
        for data, length in (
            (b"", 0),
            (b"abbbccd", 3),
            (bytearray(b"aa"), 2),
            (memoryview(b"xyyyz")[1:3], 2),
        ):
            with self.subTest(data=data):
                self.assertEqual(NAME.longest_run(data), length)

    def test_refuses_what_has_no_bytes(self):
        for value in ("aa", 1, None):
            with self.subTest(value=value):
                with self.assertRaisesRegex(TypeError, "a bytes-like object is required, not "):
                    NAME.longest_run(value)

    def test_signature(self):
        self.assertEqual(str(inspect.signature(NAME.longest_run)), "(data, /)")


if __name__ == "__main__":
    unittest.main()
