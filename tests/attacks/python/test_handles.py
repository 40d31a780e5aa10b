"""Handles kept in thread-locals and statics, and used or dropped where their interpreter is not attached."""

import threading
import unittest

from attack import Attack, load
from embed import Embedded

NOT_OWNED = "used in an interpreter that does not own it"

handles = load("handles")


class Logs:
    """Says when it is destroyed."""

    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append("destroyed")


class Queue(unittest.TestCase):
    """What is dropped elsewhere waits for its interpreter."""

    def test_handle_sendwrapper_drop_detached(self):
        log = []
        self.assertEqual(handles.drop_last_detached([Logs(log)]), 0)
        self.assertEqual(log, ["destroyed"])

    def test_py_dropped_in_foreign_thread(self):
        log = []
        self.assertIs(handles.drop_in_thread([Logs(log)]), True)
        handles.nothing()
        self.assertEqual(log, ["destroyed"])

    def test_py_thread_local_destructor(self):
        log = []

        def work():
            handles.keep(Logs(log))

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        handles.nothing()
        self.assertEqual(log, ["destroyed"])

    def test_many_drops_at_once(self):
        log = []

        def work():
            for _ in range(200):
                handles.drop_in_thread([Logs(log)])

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        handles.nothing()
        self.assertEqual(len(log), 800)

    def test_bound_drop_in_other_interpreter(self):
        import _interpreters

        other = _interpreters.create()
        log = []
        items = [Logs(log)]

        def run():
            script = "from attack import load; assert load('handles').drop_lent()"
            self.assertIsNone(_interpreters.exec(other, script))
            log.append("back")

        handles.drop_last_in(items, run)
        handles.nothing()
        _interpreters.destroy(other)
        self.assertEqual(log, ["back", "destroyed"])


class OtherInterpreter(Attack):
    def foreign(self, before, inside, after=""):
        return f"""
            import _interpreters
            from attack import load
            handles = load("handles")
            other = _interpreters.create()
            {before}
            failed = _interpreters.exec(other, '''if True:
                from attack import load
                handles = load("handles")
                {inside}
            ''')
            assert failed is None, failed
            {after}
            """

    def test_py_thread_local_other_interpreter(self):
        self.dies(self.foreign("handles.keep('mine')", "handles.use_kept()"), NOT_OWNED)

    def test_py_static_other_interpreter(self):
        self.dies(self.foreign("handles.keep_for_all('mine')", "handles.use_kept_for_all()"), NOT_OWNED)

    def test_py_drop_other_interpreter(self):
        code = self.foreign(
            """log = []
            class Logs:
                def __del__(self):
                    log.append("destroyed")
            handles.keep(Logs())""",
            "handles.drop_kept()",
            "assert not log; handles.nothing(); print(log)",
        )
        self.survives(code, "['destroyed']")

    def test_py_foreign_refcount_race(self):
        self.dies(
            """
            import _interpreters, threading
            from attack import load
            handles = load("handles")
            shared = object()
            def work():
                handles.keep(shared)
                other = _interpreters.create()
                _interpreters.exec(other, "from attack import load; load('handles').clone_kept(10_000_000)")
            thread = threading.Thread(target=work)
            thread.start()
            while thread.is_alive():
                [shared] * 1000
            """,
            NOT_OWNED,
        )

    def test_pyerr_thread_local_other_interpreter(self):
        self.dies(self.foreign("handles.keep_error()", "handles.raise_kept()"), NOT_OWNED)

    def test_pyerr_shown_in_other_interpreter(self):
        code = self.foreign("handles.keep_error()", "print(handles.show_kept_error())")
        self.survives(code, "Some(PyErr(<not to be shown here>))")

    def test_remote_attach_cross_interpreter_same_thread(self):
        code = self.foreign(
            """log = []
            handles.keep(lambda: log.append("called"))""",
            "print(handles.attach_kept())",
            "print(log)",
        )
        self.survives(code, "Some(Ok(Ok(())))\n['called']")

    def test_remote_attach_nested(self):
        # Nine thread states of five interpreters on one thread.
        code = """
            import _interpreters
            from attack import load
            handles = load("handles")
            others = [_interpreters.create() for _ in range(5)]
            log = []
            def call():
                log.append(len(log))
                if len(log) < 5:
                    handles.keep(call)
                    other = others[len(log)]
                    script = "from attack import load; print(load('handles').attach_kept())"
                    assert _interpreters.exec(other, script) is None
            call()
            print(log)
            for other in others:
                _interpreters.destroy(other)
            """
        self.survives(code, "Some(Ok(Ok(())))\n" * 4 + "[0, 1, 2, 3, 4]")

    def test_py_dropped_after_interpreter_end(self):
        for keep, drop in ("keep", "drop_kept"), ("keep_for_all", "drop_kept_for_all"):
            with self.subTest(keep):
                code = self.foreign("", f"handles.{keep}(object())", f"_interpreters.destroy(other); handles.{drop}()")
                self.survives(code)

    def test_py_used_after_interpreter_end(self):
        code = self.foreign("", "handles.keep(object())", "_interpreters.destroy(other); handles.use_kept()")
        self.dies(code, NOT_OWNED)

    def test_py_attached_after_interpreter_end(self):
        code = self.foreign(
            "", "handles.keep(object())", "_interpreters.destroy(other); print(handles.attach_kept())"
        )
        self.survives(code, "Some(Err(Finalized))")

    def test_py_of_interpreter_at_reused_address(self):
        # Whatever address the next interpreters get, the object is not theirs.
        self.dies(
            self.foreign(
                "",
                "handles.keep(object())",
                """_interpreters.destroy(other)
            for _ in range(20):
                other = _interpreters.create()
                _interpreters.exec(other, "from attack import load; load('handles').nothing()")
                _interpreters.destroy(other)
            other = _interpreters.create()
            _interpreters.exec(other, "from attack import load; load('handles').use_kept()")""",
            ),
            NOT_OWNED,
        )


class Ends(Attack):
    """The end of the interpreter, and of its children."""

    def test_late_destructor_calls_rust(self):
        # C clears the fork hooks after it has called the hooks of the interpreter's end.
        code = """
            import os
            from attack import load
            handles = load("handles")
            class Late:
                def __del__(self, fails=handles.fails, keep=handles.keep, use=handles.use_kept, write=os.write, error=ValueError):
                    try:
                        fails()
                    except error:
                        keep(self)
                        write(1, b"raised " + use()[:2].encode())
                def __call__(self):
                    pass
            os.register_at_fork(before=Late())
            """
        self.survives(code, "raised <_")

    def test_last_collection_calls_rust(self):
        code = """
            import os, sys, gc
            from attack import load
            handles = load("handles")
            gc.disable()
            class Late:
                def __del__(self, fails=handles.fails, write=os.write, error=ValueError):
                    try:
                        fails()
                    except error:
                        write(1, b"raised")
                def __call__(self):
                    pass
            late = Late()
            late.cycle = late
            os.register_at_fork(before=late)
            del late
            """
        self.survives(code, "raised")

    def test_fork_while_detached(self):
        # The thread that is detached does not exist in the child, which must end all the same.
        code = """
            import os, signal, sys, threading, time
            from attack import load
            handles = load("handles")
            threads = [threading.Thread(target=handles.detach_for, args=(2000,)) for _ in range(5)]
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            child = os.fork()
            if not child:
                signal.alarm(20)
                handles.detach_for(1)
                sys.exit(7)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        self.survives(code, "7")

    def test_fork_inside_attach(self):
        # The guards of the thread that forks are its own in the child, too.
        code = """
            import os, signal, sys
            from attack import load
            handles = load("handles")
            def work():
                child = os.fork()
                if not child:
                    signal.alarm(20)
                else:
                    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            handles.keep(work)
            assert handles.attach_kept() == "Some(Ok(Ok(())))"
            sys.stdout.flush()
            """
        self.survives(code, "0")


class Finalisation(Embedded):
    def test_remote_after_finalize(self):
        said = self.survives_embedded(
            """
            from attack import load
            load("handles").attach_after(1000, None)
            """
        )
        self.assertIn("attached: Err(Finalized)", said)

    def test_remote_after_second_initialisation(self):
        said = self.survives_embedded(
            """
            from attack import load
            handles = load("handles")
            handles.attach_after(1500, None)
            handles.nothing()
            """,
            times=2,
        )
        self.assertIn("attached: Err(Finalized)", said)

    def test_py_of_former_runtime(self):
        self.dies_embedded(
            """
            from attack import load
            handles = load("handles")
            handles.use_kept_for_all()
            handles.keep_for_all(["mine"])
            """,
            NOT_OWNED,
            times=2,
        )

    def test_py_of_former_runtime_dropped(self):
        self.survives_embedded(
            """
            from attack import load
            handles = load("handles")
            handles.drop_kept_for_all()
            handles.drop_kept()
            handles.keep_for_all(["mine"])
            handles.keep(["mine"])
            """,
            times=3,
        )


if __name__ == "__main__":
    unittest.main()
