"""A module's functions before, during and after its initialisation, and while it goes away."""

import gc
import importlib.machinery
import importlib.util
import os
import sys
import threading
import unittest
import weakref

from attack import Attack, load

NOT_READY = "module is not initialized"


def created():
    """A new module that has not been initialised, and what initialises it."""
    path = os.environ["ATTACKS"]
    loader = importlib.machinery.ExtensionFileLoader("modules", path)
    spec = importlib.util.spec_from_file_location("modules", path, loader=loader)
    return importlib.util.module_from_spec(spec), loader.exec_module


class Initialisation(unittest.TestCase):
    def test_call_before_exec(self):
        module, run = created()
        with self.assertRaisesRegex(SystemError, NOT_READY):
            module.number()
        run(module)
        self.assertGreater(module.number(), 0)

    def test_exec_twice(self):
        module, run = created()
        run(module)
        number = module.number()
        run(module)
        self.assertEqual(module.number(), number)

    def test_exec_fails_midway_then_call(self):
        module, run = created()
        module.hook = lambda module: None
        with self.assertRaisesRegex(ValueError, "the hook gave None"):
            run(module)
        with self.assertRaisesRegex(SystemError, NOT_READY):
            module.number()
        del module.hook
        # C takes a module that has memory for its state for an initialised one.
        run(module)
        with self.assertRaisesRegex(SystemError, NOT_READY):
            module.number()

    def test_call_during_exec(self):
        def hook(module):
            with self.assertRaisesRegex(SystemError, NOT_READY):
                module.number()
            run(module)
            with self.assertRaisesRegex(SystemError, NOT_READY):
                module.number()
            gc.collect()
            return True

        module, run = created()
        module.hook = hook
        run(module)
        self.assertGreater(module.number(), 0)

    def test_call_during_exec_ft(self):
        for _ in range(20):
            module, run = created()
            failures = []
            start = threading.Barrier(4)

            def hook(module):
                gc.collect()
                return True

            def call():
                start.wait()
                for _ in range(300):
                    try:
                        if module.number() is None:
                            failures.append("half a state")
                    except SystemError as error:
                        if str(error) != NOT_READY:
                            failures.append(error)

            def initialise():
                start.wait()
                try:
                    run(module)
                except SystemError:
                    pass

            module.hook = hook
            threads = [threading.Thread(target=work) for work in (call, call, initialise, initialise)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])


class Going(unittest.TestCase):
    def test_module_deleted_while_running(self):
        modules = [load("modules")]
        number = modules[0].number()
        gone = weakref.ref(modules[0])
        sys.modules.pop("modules", None)

        def take_away():
            modules.clear()
            gc.collect()

        function = modules[0].number_after
        self.assertEqual(function(take_away), (number, False))
        del function
        gc.collect()
        self.assertIsNone(gone())

    def test_module_in_cycle_is_collected(self):
        module, run = created()
        module.hook = lambda module: True
        module.hook.module = module
        run(module)
        gone = weakref.ref(module)
        del module
        gc.collect()
        self.assertIsNone(gone())

    def test_module_cleared(self):
        module = load("modules")
        number = module.number
        expected = number()
        module.__dict__.clear()
        self.assertEqual(number(), expected)


class Depth(Attack):
    """Functions that call themselves through Python, until the stack's end is near."""

    def test_recursion_through_python(self):
        code = """
            import sys
            from attack import load
            module = load("modules")
            sys.setrecursionlimit(1_000_000)
            def run():
                return module.number_after(run)
            try:
                run()
            except RecursionError:
                print("RecursionError")
            print(module.number() > 0)
            """
        self.survives(code, "RecursionError\nTrue")

    def test_recursion_without_python(self):
        code = """
            import functools
            from attack import load
            module = load("modules")
            run = functools.partial(module.number_after)
            run.__setstate__((module.number_after, (run,), {}, {}))
            try:
                run()
            except RecursionError:
                print("RecursionError")
            print(module.number() > 0)
            """
        self.survives(code, "RecursionError\nTrue")


class Interpreters(Attack):
    def test_module_in_many_interpreters(self):
        code = """
            import _interpreters, threading
            from attack import load
            def work():
                for _ in range(5):
                    other = _interpreters.create()
                    failed = _interpreters.exec(other, '''if True:
                        from attack import load
                        module = load("modules")
                        assert module.number() > 0
                        try:
                            load("handles").fails()
                        except ValueError:
                            pass
                    ''')
                    assert failed is None, failed
                    _interpreters.destroy(other)
            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print("survived")
            """
        self.survives(code, "survived")

    def test_call_before_exec_in_other_interpreter(self):
        # C calls init functions in the main interpreter: nothing of ours has run in this one.
        code = """
            import _interpreters
            other = _interpreters.create()
            failed = _interpreters.exec(other, '''if True:
                from test_modules import created, NOT_READY
                module, run = created()
                try:
                    module.number()
                except SystemError as error:
                    assert str(error) == NOT_READY
                    del error
                else:
                    raise AssertionError
            ''')
            assert failed is None, failed
            _interpreters.destroy(other)
            print("survived")
            """
        self.survives(code, "survived")


if __name__ == "__main__":
    unittest.main()
