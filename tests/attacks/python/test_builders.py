"""Lists, texts and bytes that are being made, where they must not be; locks that are held while nothing holds Python."""

import sys
import threading
import unittest

from attack import Attack, load

builders = load("builders")
NOT_ATTACHED = "used on a thread that is not attached to its interpreter"
PANICKED = "Rust code panicked; this is a bug in the module"


class Unfinished(unittest.TestCase):
    def counted(self, work, more=0):
        """The items of an unfinished list are given up once, however many there are."""
        for count in (1, 64, 65, 300):
            items = tuple(object() for _ in range(count))
            before = [sys.getrefcount(item) for item in items]
            try:
                work(items)
            except SystemError as error:
                self.assertEqual(str(error), PANICKED)
            builders.forget_all(())  # whatever waits is released
            after = [sys.getrefcount(item) - more for item in items]
            self.assertEqual(after, before)

    def test_builder_forgotten(self):
        self.counted(builders.forget_all, more=1)

    def test_builder_dropped_by_panic(self):
        self.counted(builders.panics_with_list)

    def test_builder_dropped_detached(self):
        self.counted(builders.drop_list_detached)

    def test_text_written_detached(self):
        self.assertEqual(builders.grow_text_detached(0), "-" * 10)

    def test_bytes_that_panic_while_they_grow(self):
        for steps in range(1, 6):
            with self.assertRaisesRegex(SystemError, PANICKED):
                builders.grow_bytes_panicking(steps)

    def test_bytes_in_a_step_of_bytes(self):
        self.assertEqual(builders.grow_bytes_nested([]), b"ter")


class Dies(Attack):
    def test_list_finished_detached(self):
        self.dies("from attack import load; load('builders').finish_list_detached((1, 2))", NOT_ATTACHED)

    def test_text_grown_detached(self):
        self.dies("from attack import load; load('builders').grow_text_detached(5000)", NOT_ATTACHED)

    def elsewhere(self, call):
        self.dies(
            f"""
            import _interpreters
            from attack import load
            other = _interpreters.create("isolated")
            code = "from attack import load; builders = load('builders'); builders.keep([])"
            assert _interpreters.exec(other, code) is None
            load("builders").{call}
            """,
            NOT_ATTACHED,
        )

    def test_list_finished_in_another_interpreter(self):
        self.elsewhere("finish_list_elsewhere((1, 2))")

    def test_text_grown_in_another_interpreter(self):
        self.elsewhere("grow_text_elsewhere(5000)")


class Held(unittest.TestCase):
    def test_panic_while_detached_in_a_lock(self):
        held = builders.Held()
        with self.assertRaisesRegex(SystemError, PANICKED):
            held.panics("item")
        self.assertEqual(held.again(), (False, 1))
        self.assertEqual(held.take(), ["item"])

    def test_threads_wait_for_a_lock_that_a_panic_lets_go(self):
        held, count = builders.Held(), 50

        def panic():
            for _ in range(count):
                with self.assertRaises(SystemError):
                    held.panics(held)

        threads = [threading.Thread(target=panic) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(held.take()), 4 * count)

    def test_what_is_dropped_detached_inside_waits(self):
        log = []

        class Item:
            def __del__(self):
                log.append(held.take())  # needs the lock

        held = builders.Held()
        with self.assertRaises(SystemError):
            held.panics(Item())
        self.assertEqual(held.again(), (False, 1))
        items = held.take()
        self.assertEqual(log, [])
        items.clear()
        self.assertEqual(log, [[]])

    def test_bytes_made_inside(self):
        self.assertEqual(builders.Held().bytes(), 2)


if __name__ == "__main__":
    unittest.main()
