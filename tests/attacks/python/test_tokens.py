"""Tokens and handles that safe code smuggles to where no Python may be touched: the process ends by abort()."""

import unittest

from attack import Attack, load
from embed import Embedded

NOT_ATTACHED = "used on a thread that is not attached to its interpreter"


class Tokens(Attack):
    def test_token_scoped_tls_nested_detach(self):
        self.dies(
            """
            from attack import load
            tokens = load("tokens")
            class Nested:
                def __del__(self):
                    tokens.use_lent_detached()
            box = [Nested()]
            tokens.lend_token(box.clear)
            """,
            NOT_ATTACHED,
        )

    def test_token_hkt_closure(self):
        self.dies(
            """
            from attack import load
            load("tokens").use_handle_detached(object())
            """,
            NOT_ATTACHED,
        )

    def test_handle_cast_detached(self):
        self.dies(
            """
            from attack import load
            load("tokens").cast_detached(object())
            """,
            NOT_ATTACHED,
        )

    def test_token_other_interpreter(self):
        for lend in "lend_token(run)", "lend_handle(object(), run)":
            with self.subTest(lend):
                self.dies(
                    f"""
                    import _interpreters
                    from attack import load
                    tokens = load("tokens")
                    other = _interpreters.create()
                    def run():
                        failed = _interpreters.exec(other, "from attack import load; load('tokens').use_lent()")
                        print(failed)
                    tokens.{lend}
                    """,
                    NOT_ATTACHED,
                )

    def test_token_second_via_remote_attach(self):
        tokens = load("tokens")
        self.assertEqual(tokens.attach_again(3), (("3", "inner"), "outer"))
        self.assertEqual(tokens.detach_inside_attach(None), "outer")

    def test_lent_where_attached(self):
        # Smuggling by itself does no harm: the thread is attached to the right interpreter.
        tokens = load("tokens")
        self.assertIs(tokens.lend_token(tokens.use_lent), True)
        self.assertIs(tokens.lend_handle([], tokens.use_lent), True)
        self.assertIs(tokens.use_lent(), False)


class Finalisation(Embedded):
    def test_token_after_finalize_daemon(self):
        for lend in "lend_token(run)", "lend_handle([], run)":
            with self.subTest(lend):
                self.dies_embedded(
                    f"""
                    import threading, time
                    from attack import load
                    tokens = load("tokens")
                    started = threading.Event()
                    def run():
                        started.set()
                        tokens.use_lent_after(1500)
                    threading.Thread(target=lambda: tokens.{lend}, daemon=True).start()
                    started.wait()
                    time.sleep(0.1)
                    """,
                    NOT_ATTACHED,
                )


if __name__ == "__main__":
    unittest.main()
