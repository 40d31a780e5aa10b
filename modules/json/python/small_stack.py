"""A thread with little stack, for the tests of nesting."""

import _thread
import threading

SMALL_STACK = 128 * 1024


def on_small_stack(work):
    """Runs `work` in a thread with 128 KiB of stack; what it raises is raised here."""
    failures = []

    def run():
        try:
            work()
        except BaseException as error:
            failures.append(error)

    usual = threading.stack_size(SMALL_STACK)
    try:
        # No `Thread`: in a debug build, what ran out of stack keeps its frames, and those keep theirs.
        _thread.start_joinable_thread(run).join()
    finally:
        threading.stack_size(usual)
    if failures:
        raise failures[0]
