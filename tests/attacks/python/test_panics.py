"""Panics wherever there is code of a module: an exception, or the end of the process with a sentence."""

import importlib.machinery
import importlib.util
import os
import sys
import threading
import unittest

from attack import Attack, load

panics = load("panics")
PANICKED = "Rust code panicked; this is a bug in the module"


class Raised(unittest.TestCase):
    def panicking(self, call, *arguments):
        with self.assertRaises(SystemError) as caught:
            call(*arguments)
        self.assertEqual(str(caught.exception), PANICKED)

    def test_panic_in_function(self):
        self.panicking(panics.panics)
        self.assertIs(panics.alive(), True)

    def test_panic_in_detach(self):
        self.panicking(panics.panics_detached)
        self.assertIs(panics.alive(), True)
        thread = threading.Thread(target=panics.alive)
        thread.start()
        thread.join()

    def test_panic_gives_references_back(self):
        argument = object()
        before = sys.getrefcount(argument), sys.getrefcount(panics)
        for _ in range(10):
            self.panicking(panics.panics, argument)
        self.assertEqual((sys.getrefcount(argument), sys.getrefcount(panics)), before)

    def test_panic_while_dropping_handle(self):
        seen = []

        class Nested:
            def __del__(self):
                try:
                    panics.panics()
                except SystemError as error:
                    seen.append(str(error))

        self.panicking(panics.panics_with_handle, [Nested()])
        self.assertEqual(seen, [PANICKED])

    def test_panic_in_exec(self):
        path = os.environ["ATTACKS"]
        loader = importlib.machinery.ExtensionFileLoader("panics", path)
        module = importlib.util.module_from_spec(
            importlib.util.spec_from_file_location("panics", path, loader=loader)
        )
        module.panic = True
        self.panicking(loader.exec_module, module)
        with self.assertRaisesRegex(SystemError, "module is not initialized"):
            module.alive()

    def test_panic_in_payload_drop(self):
        reports = []
        hook, sys.unraisablehook = sys.unraisablehook, lambda report: reports.append(str(report.exc_value))
        try:
            for _ in range(3):
                panics.Dropped()
            # An exception that is being raised is not lost.
            with self.assertRaises(ZeroDivisionError):
                [panics.Dropped(), 1 / 0]
        finally:
            sys.unraisablehook = hook
        self.assertEqual(reports, [PANICKED] * 4)

    def test_panic_in_payload_drop_that_runs_python(self):
        reports, calls = [], []
        hook, sys.unraisablehook = sys.unraisablehook, lambda report: reports.append(str(report.exc_value))
        try:
            callback = lambda: calls.append(1)
            before = sys.getrefcount(callback)
            panics.DroppedHolding(callback)
            self.assertEqual(sys.getrefcount(callback), before)
        finally:
            sys.unraisablehook = hook
        self.assertEqual((reports, calls), ([PANICKED], [1]))


class Fatal(Attack):
    def test_panic_payload_evil_drop(self):
        self.dies(
            """
            from attack import load
            load("panics").panics_with_evil()
            """,
            "the payload of a panic panicked when it was dropped",
        )


if __name__ == "__main__":
    unittest.main()
