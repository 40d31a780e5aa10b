"""Instances at the end of a process, in the collector's last run, and in other interpreters."""

import unittest

from attack import Attack


class Processes(Attack):
    def test_method_in_clear_phase_of_everything(self):
        self.survives(
            """
            import gc, sys
            from attack import load
            module = load("classes")
            sys.unraisablehook = lambda info: None
            class Reach:
                def __init__(self, box): self.box = box
                def __del__(self):
                    for use in (self.box.home, self.box.get, lambda: repr(self.box)):
                        try: use()
                        except SystemError: pass
            box = module.Box()
            # Reach is reached from a payload, so it dies when the payload is cleared or dropped.
            inner = module.Box(Reach(box))
            evil = module.Evil("call in drop", box.home)
            box.value = [inner, evil, module, box]
            module.box = box
            del module, box, inner, evil
            gc.collect()
            print("done")
            """,
            "done",
        )

    def test_instances_at_exit(self):
        self.survives(
            """
            import gc, sys
            from attack import load
            module = load("classes")
            sys.unraisablehook = lambda info: None
            keep = [module.Evil("call in drop", lambda: print), module.Finalized(print)]
            cycle = module.Box(); cycle.value = cycle
            class Below(module.Box):
                def __del__(self): self.home()
            below = Below(keep); below.me = below
            sys.keep = module.Box(below)
            """,
            "",
        )

    def test_constructor_gives_an_instance_of_another_call(self):
        code = """
            from concurrent import interpreters
            from attack import load
            module = load("classes")
            module.stash(object())
            assert module.construct_elsewhere(module.Box())
            other = interpreters.create()
            other.exec("from attack import load; load('classes').stash(object())")
            module.construct_elsewhere(module.Box())
            """
        self.dies(code, "a constructor gave an instance of another call")

    def test_payload_with_an_object_of_another_interpreter(self):
        self.survives(
            """
            import gc, weakref
            from concurrent import interpreters
            from attack import load
            class Thing: pass
            module = load("classes")
            things = [Thing() for _ in range(50)]
            for thing in things:
                thing.me = [thing]
                module.stash(thing)
            interp = interpreters.create()
            code = [
                "import gc",
                "from attack import load",
                "module = load('classes')",
                "nodes = module.nodes_with_stashed()",
                "assert len(nodes) == 50",
                "assert [gc.get_referents(node) for node in nodes] == [[module.Node]] * 50",
                "nodes.append(nodes)",
                "for _ in range(5): gc.collect()",
                "del nodes",
                "gc.collect()",
            ]
            interp.exec("\\n".join(code))
            interp.close()
            refs = [weakref.ref(thing) for thing in things]
            module.live_payloads(), module.is_box(1)
            gc.collect()
            for thing in things:
                assert thing.me == [thing]
            del thing, things
            module.is_box(1)
            gc.collect()
            assert [ref() for ref in refs] == [None] * 50, refs
            print("done")
            """,
            "done",
        )

    def test_subinterpreter(self):
        self.survives(
            """
            from concurrent import interpreters
            from attack import load
            module = load("classes")
            box = module.Box([1])
            interp = interpreters.create()
            code = [
                "from attack import load",
                "module = load('classes')",
                "box = module.Box([2])",
                "assert box.get() == [2]",
                "assert box.home()[0] is module",
                "cycle = module.Box(); cycle.value = cycle",
            ]
            interp.exec("\\n".join(code))
            interp.close()
            assert box.get() == [1]
            print("done")
            """,
            "done",
        )


if __name__ == "__main__":
    unittest.main()
