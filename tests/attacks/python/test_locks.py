"""Locks: no Python inside, no hang, no half-changed value, whatever is dropped or smuggled in."""

import gc
import sys
import threading
import time
import unittest
import weakref

from attack import Attack, load

locks = load("locks")
Shelf = locks.Shelf


class Item:
    """Runs `work` when it is destroyed."""

    def __init__(self, work=None):
        self.work = work

    def __del__(self):
        if self.work is not None:
            self.work()


class Unraisable:
    """Collects what destructors raise."""

    def __enter__(self):
        self.raised = []
        self.before = sys.unraisablehook
        sys.unraisablehook = lambda args: self.raised.append(args.exc_value)
        return self.raised

    def __exit__(self, *_):
        sys.unraisablehook = self.before


def in_threads(*works):
    """Runs them at the same time; a hang is a failure, not a wait for ever."""
    failures = []

    def guarded(work):
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        if thread.is_alive():
            raise AssertionError("a thread hangs")
    if failures:
        raise failures[0]


class Inside(Attack):
    def test_lock_drop_runs_del_gc_traverse(self):
        for drop in Shelf.clear, Shelf.thin_out:
            shelf = Shelf()
            runs = []

            def work():
                gc.collect()
                shelf.push(None)  # the lock is free again
                runs.append(shelf.size())

            for _ in range(20):
                shelf.push(Item(work))
            with Unraisable() as raised:
                drop(shelf)
            self.assertEqual(raised, [])
            self.assertEqual(len(runs), 20 if drop is Shelf.clear else 10)
            shelf.clear()

    def test_lock_drop_of_what_another_thread_made(self):
        # Without a GIL, such objects have two counts; whichever ends them, it must not be inside.
        shelf = Shelf()
        runs = []

        def work():
            runs.append(shelf.size())

        def fill():
            for _ in range(50):
                shelf.push(Item(work))

        for _ in range(5):
            in_threads(fill)
            with Unraisable() as raised:
                shelf.clear()
                gc.collect()
            self.assertEqual(raised, [])
        self.assertEqual(runs, [0] * 250)

    def test_lock_drop_in_another_thread_while_collecting(self):
        shelf = Shelf()
        stop = threading.Event()

        def collect():
            while not stop.is_set():
                gc.collect()

        def change():
            try:
                for _ in range(30):
                    for _ in range(10):
                        shelf.push([shelf])
                    shelf.thin_out(1)
            finally:
                stop.set()

        in_threads(collect, change)
        shelf.clear()

    def test_lock_reentry_del(self):
        shelf = Shelf()
        holder = [Item(lambda: shelf.push(1))]
        with Unraisable() as raised:
            shelf.smuggle(holder.clear)
        self.assertEqual([str(error) for error in raised], ["this thread is inside the lock already"])
        self.assertIsInstance(raised[0], RuntimeError)
        self.assertEqual(shelf.size(), 0)

    def test_lock_smuggled_token_inside(self):
        shelf = Shelf()
        for attempt in (shelf.size, shelf.clear, lambda: shelf.push(1), lambda: shelf.smuggle(print)):
            with self.assertRaisesRegex(RuntimeError, "inside the lock already"):
                shelf.smuggle(attempt)
        self.assertEqual(shelf.smuggle(lambda: 42), 42)
        with self.assertRaises(ZeroDivisionError):
            shelf.smuggle(lambda: 1 / 0)
        shelf.push(1)
        self.assertEqual(shelf.size(), 1)

    def test_collecting_inside(self):
        shelf = Shelf()
        shelf.push(Item())
        only = shelf.pop()
        there = weakref.ref(only)
        shelf.push(only)
        del only
        shelf.smuggle(gc.collect)
        self.assertIsNotNone(there())
        self.assertIn(there(), gc.get_referents(shelf))
        self.assertNotIn(there(), shelf.smuggle(lambda: gc.get_referents(shelf)))
        shelf.clear()
        self.assertIsNone(there())

    def test_lock_remote_attach_inside(self):
        self.assertEqual(Shelf().attach_inside(), "InsideLock")

    def test_showing_an_exception_inside(self):
        shelf = Shelf()

        class Shown(Exception):
            def __repr__(self):
                shelf.size()
                return "REPR"

        self.assertNotIn("REPR", shelf.debug_inside(Shown()))
        self.assertEqual(shelf.size(), 0)

    def test_lock_two_tstates_one_thread(self):
        shelf = Shelf()
        self.assertEqual(locks.attach_and_push(shelf, 1), "pushed")
        self.assertEqual(shelf.smuggle(lambda: locks.attach_and_push(shelf, 2)), "InsideLock")
        self.assertEqual(shelf.size(), 1)

    def test_lock_panic_inside(self):
        shelf = Shelf()
        for i in range(3):
            shelf.push(i)
        with self.assertRaises(SystemError):
            shelf.panic_inside()
        self.assertEqual(shelf.size(), 1)  # as the panic left it
        shelf.push(9)
        self.assertEqual([shelf.pop(), shelf.pop(), shelf.pop()], [9, 0, None])

    def test_what_was_dropped_before_a_panic(self):
        shelf = Shelf()
        gone = []
        shelf.push(0)
        shelf.push(Item(lambda: gone.append(1)))
        with self.assertRaises(SystemError):
            shelf.panic_inside()
        shelf.size()  # whatever uses Rust next lets go of it
        self.assertEqual(gone, [1])


class Waiting(Attack):
    def test_lock_opposite_order_del(self):
        a, b = Shelf(), Shelf()

        def drop(mine, other):
            for _ in range(200):
                mine.push(Item(lambda: other.push(None)))
                mine.clear()

        in_threads(lambda: drop(a, b), lambda: drop(b, a))

    def test_two_locks(self):
        a, b = Shelf(), Shelf()
        for i in range(10):
            a.push(i)

        def move(one, other):
            for _ in range(1000):
                one.move_to(other)

        in_threads(lambda: move(a, b), lambda: move(b, a))
        self.assertEqual(a.size() + b.size(), 10)
        with self.assertRaisesRegex(RuntimeError, "inside the lock already"):
            a.move_to(a)
        self.assertEqual(a.size() + b.size(), 10)

    def test_nothing_is_lost(self):
        shelf = Shelf()

        def push():
            for i in range(5000):
                shelf.push(i)

        in_threads(push, push, push, push)
        self.assertEqual(shelf.size(), 20000)

    def test_waiting_lets_others_run(self):
        shelf = Shelf()
        entered = threading.Event()

        def hold():
            shelf.smuggle(lambda: (entered.set(), time.sleep(0.3)))

        def wait():
            entered.wait()
            shelf.push(1)  # waits for `hold`, which needs the GIL to end

        in_threads(hold, wait)
        self.assertEqual(shelf.size(), 1)

    def test_lock_fork_pure(self):
        self.survives(
            """
            import os, threading, warnings
            from attack import load
            warnings.simplefilter("ignore", DeprecationWarning)
            shelf = load("locks").Shelf()
            thread = threading.Thread(target=shelf.hold, args=(500,))
            thread.start()
            if os.fork() == 0:
                shelf.push(1)
                os._exit(shelf.size())
            thread.join()
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            """,
            "1",
        )

    def test_lock_fork_held(self):
        self.survives(
            """
            import os, threading, time, warnings
            from attack import load
            warnings.simplefilter("ignore", DeprecationWarning)
            shelf = load("locks").Shelf()
            inside = threading.Event()
            thread = threading.Thread(target=shelf.smuggle, args=(lambda: (inside.set(), time.sleep(1)),))
            thread.start()
            inside.wait()
            if os.fork() == 0:
                try:
                    shelf.push(1)
                except RuntimeError as error:
                    os._exit(7 if "did not survive a fork" in str(error) else 8)
                os._exit(9)
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            thread.join()
            shelf.push(1)
            print(shelf.size())
            """,
            "7\n1",
        )

    def test_a_lock_used_after_a_fork(self):
        self.survives(
            """
            import os, threading, warnings
            from attack import load
            warnings.simplefilter("ignore", DeprecationWarning)
            shelf = load("locks").Shelf()
            shelf.push(1)
            if os.fork() == 0:
                def push():
                    for _ in range(1000):
                        shelf.push(1)
                threads = [threading.Thread(target=push) for _ in range(4)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                os._exit(0 if shelf.size() == 4001 else 1)
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            """,
            "0",
        )


class Interpreters(Attack):
    def test_in_interpreters_with_their_own_gil(self):
        self.survives(
            """
            import os, threading
            from concurrent import interpreters
            work = '''if True:
                import gc, sys
                sys.path.insert(0, %r)
                from attack import load
                shelf = load("locks").Shelf()
                class Item:
                    def __del__(self):
                        shelf.size()
                for _ in range(200):
                    for _ in range(10):
                        shelf.push(Item())
                        shelf.push([shelf])
                    shelf.thin_out()
                    gc.collect()
                shelf.clear()
            ''' % os.environ["PYTHONPATH"]
            def run():
                interpreter = interpreters.create()
                interpreter.exec(work)
                interpreter.close()
            threads = [threading.Thread(target=run) for _ in range(3)]
            for thread in threads:
                thread.start()
            exec(work)
            for thread in threads:
                thread.join()
            print("done")
            """,
            "done",
        )


class Collecting(unittest.TestCase):
    def test_cycles_through_a_lock(self):
        gone = []
        for _ in range(3):
            shelf = Shelf()
            shelf.push(Item(lambda: gone.append(1)))
            shelf.push([shelf])
            there = weakref.ref(shelf)
            del shelf
            gc.collect()
            self.assertIsNone(there())
        self.assertEqual(gone, [1, 1, 1])

    def test_referents(self):
        shelf, item = Shelf(), Item()
        shelf.push(item)
        self.assertIn(item, gc.get_referents(shelf))


class CriticalSections(unittest.TestCase):
    def test_swapping_looks_atomic(self):
        a, b = object(), object()
        both = [a, b]
        stop = threading.Event()

        def swap():
            for _ in range(20000):
                locks.swap(both)
            stop.set()

        def look():
            while not stop.is_set():
                one, other = locks.pair(both)
                self.assertIsNot(one, other)

        in_threads(swap, look)

    def test_two(self):
        a, b = [], []

        def extend(one, other):
            for _ in range(500):
                locks.extend_both(one, other, (1, 2))

        in_threads(lambda: extend(a, b), lambda: extend(b, a), lambda: extend(a, a))
        self.assertEqual((len(a), len(b)), (4000, 2000))
        with self.assertRaises(TypeError):
            locks.extend_both(a, b, None)
        locks.swap(a)  # the section has been left


class Once(unittest.TestCase):
    def test_failures_leave_it_empty(self):
        module = load("locks")
        with self.assertRaises(ZeroDivisionError):
            module.once(lambda: 1 / 0)
        value = object()
        self.assertIs(module.once(lambda: value), value)
        self.assertIs(module.once(object), value)
        self.assertEqual(module.once_attempts(), 2)

    def test_the_first_wins_and_nobody_waits(self):
        module = load("locks")
        together = threading.Barrier(4)
        seen = []

        def make():
            together.wait(30)  # all of them are making one
            return object()

        in_threads(*[lambda: seen.append(module.once(make))] * 4)
        self.assertEqual(len(set(map(id, seen))), 1)
        self.assertEqual(module.once_attempts(), 4)

    def test_making_it_asks_for_it(self):
        module = load("locks")
        self.assertEqual(module.once(lambda: module.once(lambda: "inner") + " and outer"), "inner")


if __name__ == "__main__":
    unittest.main()
