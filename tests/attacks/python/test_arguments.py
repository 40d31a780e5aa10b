"""Data lent to a function from its arguments, module or receiver, while Python takes away what it rests on."""

import functools
import gc
import io
import sys
import threading
import time
import unittest
import weakref

from attack import Attack, load

arguments = load("arguments")


def churn():
    """Makes objects of many sizes, so that memory that has been freed is used again."""
    return [bytes([i % 256]) * n for i in range(200) for n in (17, 40, 100, 1000)]


class Liar(Attack):
    """A function that has said that it only reads floats, which are not counted for it then."""

    def test_arg_float_read_as_object(self):
        self.assertEqual(arguments.float_that_is_kept("text"), "text")
        with self.assertRaisesRegex(SystemError, "an optional parameter was treated as a required one"):
            arguments.float_that_is_kept(1.5)


class Lent(unittest.TestCase):
    """Arguments that C callers let go of during the call."""

    def test_arg_cmp_to_key_obj_cleared(self):
        def clear():
            key.obj = None
            churn()

        key = functools.cmp_to_key(arguments.text_stays)("".join(["text "] * 50))
        self.assertTrue(key > functools.cmp_to_key(arguments.text_stays)(clear))

    def test_arg_cmp_to_key_bytesio_write(self):
        def write():
            key.obj = None
            file.write(b"ZZZZ")
            churn()

        file = io.BytesIO(bytes(range(100)) * 3)
        key = functools.cmp_to_key(arguments.bytes_stay)(file.getvalue())
        self.assertTrue(key > functools.cmp_to_key(arguments.bytes_stay)(write))

    def test_arg_cmp_to_key_str_append(self):
        def append():
            text = key.obj
            key.obj = None
            text += "more" * 1000
            churn()

        key = functools.cmp_to_key(arguments.text_stays)("".join(["text "] * 50))
        self.assertTrue(key > functools.cmp_to_key(arguments.text_stays)(append))

    def test_callable_property_reinit(self):
        def take_away():
            Owner.__dict__["value"].__init__(None)
            gc.collect()
            churn()

        class Owner:
            value = property(load("arguments").state_stays)

            def __call__(self):
                take_away()

        self.assertIs(Owner().value, True)

    def test_callable_iter_sentinel(self):
        module = load("arguments")
        alive = weakref.ref(module)
        iterator = iter(module.state_stays_or_zero, 0)

        def exhaust():
            self.assertEqual(list(iterator), [])
            gc.collect()
            churn()

        module.set_callback(exhaust)
        del module
        with self.assertRaises(StopIteration):
            next(iterator)
        self.assertEqual(arguments.last_answer(), 1)
        gc.collect()
        self.assertIsNone(alive())

    def test_receiver_iter_sentinel(self):
        iterator = iter(arguments.Receiver().stays_or_zero, 0)

        def exhaust():
            self.assertEqual(list(iterator), [])
            gc.collect()
            churn()

        arguments.set_callback(exhaust)
        with self.assertRaises(StopIteration):
            next(iterator)
        self.assertEqual(arguments.last_answer(), 1)

    def test_receiver_property(self):
        # The instance is a local variable of nobody.
        arguments.set_callback(churn)
        self.assertEqual(arguments.Receiver().stays_or_zero(), 1)

    def test_arg_f_locals_callee(self):
        def caller():
            data = bytes(range(100))

            def clear():
                frame.f_locals["data"] = None
                churn()

            frame = sys._getframe()
            return arguments.bytes_stay(data, clear)

        self.assertIs(caller(), True)

    def test_arg_f_locals_other_thread_detached(self):
        frames = []

        def caller():
            data = bytes(range(100)) * 2
            frames.append(sys._getframe())
            return arguments.bytes_stay_detached(data, 300)

        def clear():
            while not frames:
                time.sleep(0.001)
            time.sleep(0.05)
            frames[0].f_locals["data"] = None
            churn()

        thread = threading.Thread(target=clear)
        thread.start()
        self.assertIs(caller(), True)
        thread.join()

    def test_arg_frame_clear(self):
        def caller():
            data = bytes(range(100))

            def clear():
                with self.assertRaises(RuntimeError):
                    frame.clear()
                churn()

            frame = sys._getframe()
            return arguments.bytes_stay(data, clear)

        self.assertIs(caller(), True)

    def test_arg_container_cleared(self):
        items = [bytes(range(100))]
        self.assertIs(arguments.bytes_stay(items[0], lambda: (items.clear(), churn())), True)
        self.assertIs(arguments.bytes_stay(*[bytes(range(100)), lambda: churn()]), True)
        for result in map(arguments.bytes_stay, iter([bytes(range(100))]), [churn]):
            self.assertIs(result, True)


class Lends(unittest.TestCase):
    def test_buffer_lying_item_size(self):
        # A consumer reads as many bytes as the format says, whatever the size of an item is said to be.
        for length, items in (1, 0), (8, 0), (9, 1), (24, 2), (25, 3):
            view = memoryview(arguments.Liar(length))
            self.assertEqual((view.itemsize, len(view), view.nbytes), (8, items, items * 8))
            for i in range(items):
                view[i] = 1.5
            self.assertEqual(view.tolist(), [1.5] * items)


class Shared(Attack):
    def test_kwargs_dict_shared_start_new_thread(self):
        # The new thread gets the dictionary itself, which this one goes on changing.
        code = """
            import _thread, threading, time
            from attack import load
            class Taker(load("arguments").Taker):
                "C calls this one without unpacking the dictionary."
            shared = {"first": 0, "second": 1}
            end = time.monotonic() + 2
            def change():
                while time.monotonic() < end:
                    shared["first"] = [object() for _ in range(3)]
                    shared["second"] = "".join(["second"] * 20)
                    shared.pop("second")
                    shared.clear()
                    shared.update(first={1: 2}, second=(1, 2, 3))
            thread = threading.Thread(target=change)
            thread.start()
            while time.monotonic() < end:
                # Exceptions of these threads go to stderr.
                for _ in range(20):
                    _thread.start_new_thread(Taker, (), shared)
                time.sleep(0.001)
            thread.join()
            time.sleep(0.2)
            print("survived")
            """
        self.survives(code, "survived")

    def test_method_in_clear_phase(self):
        # A number is not collected, so that its destructor runs while the collector clears the
        # class and the module it belongs to.
        code = """
            import gc
            from attack import load
            for _ in range(20):
                module = load("arguments")
                def build(module):
                    receiver = module.Receiver()
                    def clear(self):
                        try:
                            said.append(receiver.reaches_state())
                        except SystemError as error:
                            said.append(str(error))
                    class Number(int):
                        __slots__ = ()
                        __del__ = clear
                    said = []
                    module.number = Number(5)
                    module.receiver = receiver
                    module.kept = said
                    return said
                said = build(module)
                del module
                gc.collect()
                assert len(said) == 1, said
            print("survived")
            """
        self.survives(code, "survived")


if __name__ == "__main__":
    unittest.main()
