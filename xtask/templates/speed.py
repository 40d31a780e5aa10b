"""What is timed of `NAME`: C has no such function, so one in Python stands in."""

import itertools


def cases(make):
    """Every case; `make` is the class of cases in tests/speed/cases.py."""
    for group, label, size in (("micro", "32 B", 32), ("bulk", "1 MiB", 1 << 20)):
        values = {"a": bytes(i // 3 % 256 for i in range(size))}
        yield make(group, f"longest_run {label}", "NAME", "longest_run", ("f(a)",), values, "1", "builtins", in_python)


def in_python(_):
    return lambda data: max(len(list(run)) for _, run in itertools.groupby(data))
