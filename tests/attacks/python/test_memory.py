"""Every allocation of Python's fails once: an exception, never anything else."""

import unittest

from attack import Attack

try:
    import _testcapi
except ImportError:
    _testcapi = None


@unittest.skipIf(_testcapi is None, "needs _testcapi")
class NoMemory(Attack):
    def test_each_allocation_fails(self):
        code = """
            import _testcapi, os, sys
            from attack import load
            from test_modules import created
            names = "handles", "tokens", "panics", "arguments", "modules"
            handles, tokens, panics, arguments, modules = map(load, names)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.unraisablehook = lambda report: None
            class Logs:
                def __del__(self):
                    pass
            def module():
                new, run = created()
                run(new)
                return new.number()
            def attach():
                handles.keep(len)
                handles.attach_kept()
            cases = [
                handles.fails, handles.keep_error, attach, module,
                lambda: handles.keep([1]),
                lambda: handles.detach_for(0),
                lambda: handles.drop_in_thread([Logs()]),
                lambda: handles.drop_last_detached([Logs()]),
                lambda: tokens.attach_again(3),
                panics.panics, panics.panics_detached, panics.Dropped,
                lambda: panics.DroppedHolding(int),
                lambda: arguments.Receiver().reaches_state(),
                lambda: arguments.Taker(first=1, second=2),
                lambda: arguments.Taker(third=3),
                lambda: arguments.bytes_stay(memoryview(bytearray(1000)), int),
                lambda: arguments.text_stays("\\xe9" * 300, int),
                lambda: memoryview(arguments.Liar(80)).tolist(),
            ]
            ends = set()
            for case in cases:
                for n in range(1, 80):
                    ended = None
                    _testcapi.set_nomemory(n, n + 1)
                    try:
                        try:
                            case()
                        except BaseException as error:
                            ended = type(error)
                    except MemoryError:
                        pass
                    for _ in range(2):
                        try:
                            _testcapi.remove_mem_hooks()
                        except MemoryError:
                            pass
                    ends.add(ended and ended.__name__)
                assert handles.nothing() is None
            print(*sorted(map(str, ends)))
            """
        self.survives(code, "MemoryError None SystemError TypeError ValueError")


if __name__ == "__main__":
    unittest.main()
