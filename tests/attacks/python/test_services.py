"""Services of the runtime: what C modules get from it, by the token."""

import ctypes
import errno
import gc
import importlib.machinery
import os
import signal
import sys
import time
import unittest
import warnings

from attack import Attack, load

services = load("services")


class Imports(unittest.TestCase):
    def test_imports(self):
        self.assertIs(services.import_dotted(), importlib.machinery)
        self.assertIs(services.import_attr(), importlib.machinery.ModuleSpec)
        with self.assertRaisesRegex(ModuleNotFoundError, "^No module named 'no_module_has_this_name'$"):
            services.import_missing()
        with self.assertRaisesRegex(AttributeError, "module 'math' has no attribute 'no_such_name'"):
            services.import_attr_missing()

    def test_names(self):
        for name, text in zip(services.names(), ("read", "__class__", "naïve"), strict=True):
            self.assertIs(name, sys.intern(text))


class Warnings(unittest.TestCase):
    def test_where_it_is_said_to_come_from(self):
        for message in "old", "naïve", "%s %d", "long " * 1000:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                services.warn(message)
            self.assertEqual(len(caught), 1)
            self.assertIs(caught[0].category, DeprecationWarning)
            self.assertEqual(str(caught[0].message), message)
            self.assertEqual(caught[0].filename, __file__)

    def test_levels(self):
        def inner():
            services.warn("x", level=2)

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            inner(); line = sys._getframe().f_lineno  # noqa: E702
        self.assertEqual(caught[0].lineno, line)

    def test_turned_into_an_exception(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with self.assertRaisesRegex(DeprecationWarning, "^old$"):
                services.warn("old")


class Audit(Attack):
    def test_without_hooks(self):
        self.assertIsNone(services.audit(1, 2, 3))

    def test_what_hooks_see(self):
        self.survives(
            """
            import sys
            from attack import load
            services = load("services")
            seen = []
            def hook(event, arguments):
                if event == "services.audit":
                    seen.append(arguments)
                    if arguments == ("no",):
                        raise PermissionError("no")
            sys.addaudithook(hook)
            for arguments in (), (1,), ((1, 2),), ("a", "b"), (1, 2, 3), (1, 2, 3, 4):
                services.audit(*arguments)
            print(seen)
            try:
                services.audit("no")
            except PermissionError as error:
                print(error)
            """,
            "[(), (1,), ((1, 2),), ('a', 'b'), (1, 2, 3), (1, 2, 3, 4)]\nno",
        )


class Alarm:
    """In a fifth of a second a signal comes, whose handler raises KeyError."""

    def __enter__(self):
        self.before = signal.signal(signal.SIGALRM, self.handle)
        signal.setitimer(signal.ITIMER_REAL, 0.2)

    def handle(self, *_):
        raise KeyError("from the handler")

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


class Signals(unittest.TestCase):
    def test_handlers_run(self):
        start = time.monotonic()
        with self.assertRaisesRegex(KeyError, "from the handler"), Alarm():
            services.wait_for_signals()
        self.assertLess(time.monotonic() - start, 9)


class OSErrors(unittest.TestCase):
    def caught(self, *arguments, **keywords):
        with self.assertRaises(OSError) as caught:
            services.os_error(*arguments, **keywords)
        return caught.exception

    def test_class_and_arguments(self):
        for number in errno.ENOENT, errno.EACCES, errno.EEXIST, errno.EPIPE, errno.EINVAL, errno.EINTR, 12345:
            error = self.caught(number)
            expected = OSError(number, os.strerror(number))
            self.assertIs(type(error), type(expected))
            self.assertEqual((error.args, error.filename), (expected.args, None))

    def test_filename(self):
        for name in "a name", b"bytes", 7:
            error = self.caught(errno.ENOENT, filename=name)
            self.assertEqual(error.filename, name)
            self.assertEqual(str(error), f"[Errno 2] No such file or directory: {name!r}")

    def test_zero(self):
        self.assertEqual(self.caught(0).args, (0, "Error"))

    def test_interrupted(self):
        self.assertIs(type(self.caught(errno.EINTR)), InterruptedError)
        with self.assertRaisesRegex(KeyError, "from the handler"), Alarm():
            services.os_error(errno.EINTR, milliseconds=500)

    def test_from_rust(self):
        with self.assertRaises(FileNotFoundError) as caught:
            services.io_error("/no/such/file")
        self.assertEqual(caught.exception.args, (2, "No such file or directory"))
        self.assertEqual(services.io_error(__file__), os.path.getsize(__file__))
        with self.assertRaises(OSError) as caught:
            services.io_error_without_number()
        self.assertEqual((type(caught.exception), caught.exception.args), (OSError, ("made up",)))

    def test_chains(self):
        with self.assertRaises(SystemError) as caught:
            services.chained()
        error = caught.exception
        self.assertEqual((str(error), str(error.__cause__), str(error.__context__)), ("it", "cause", "context"))
        self.assertEqual(error.__notes__, ["note"])


class Capsules(unittest.TestCase):
    def test_values_come_back(self):
        capsule = services.capsule(7)
        self.assertIn('"rust.number"', repr(capsule))
        self.assertEqual(services.capsule_number(capsule), 7)

    def test_values_are_dropped_once(self):
        gc.collect()
        before = services.capsules_alive()
        capsules = [services.capsule(i) for i in range(10)]
        self.assertEqual(services.capsules_alive(), before + 10)
        del capsules
        self.assertEqual(services.capsules_alive(), before)

    def test_other_types_do_not(self):
        self.assertFalse(services.capsule_as_another(services.capsule(7)))

    def test_capsules_of_others(self):
        import datetime

        self.assertIsNone(services.capsule_number(datetime.datetime_CAPI))
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        memory = (ctypes.c_uint64 * 8)()
        forged = new(ctypes.addressof(memory), b"rust.number", None)
        self.assertIsNone(services.capsule_number(forged))
        with self.assertRaises(TypeError):
            services.capsule_number(1)

    def test_names_of_c_are_refused(self):
        with self.assertRaisesRegex(SystemError, "must begin with 'rust.'"):
            services.wrongly_named_capsule()

    def test_a_value_that_panics_when_dropped(self):
        raised = []
        before, sys.unraisablehook = sys.unraisablehook, lambda args: raised.append(args.exc_value)
        try:
            services.panicking_capsule()
        finally:
            sys.unraisablehook = before
        self.assertEqual([type(error) for error in raised], [SystemError])


if __name__ == "__main__":
    unittest.main()
