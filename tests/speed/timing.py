"""Times two functions in turn, A B B A, so that what disturbs one disturbs both."""

import dis
import math
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    """Nanoseconds of one call of each, and how the second compares, pair by pair."""

    c_ns: float
    rust_ns: float
    ratio: float
    ratio_spread: float
    ratio_error: float
    more_ns: float
    more_spread: float
    more_error: float
    pairs: int


def compare(c_function, c_lines, rust_function, rust_lines, values, seconds, unroll):
    """Medians over as many pairs of samples as the time allows; `unroll` calls to a loop."""
    arguments = tuple(values.values())
    alike = c_lines == rust_lines and specialised_alike(c_lines, c_function, rust_function, values)

    def both(clock):
        c_run = compiled(c_lines, values, unroll, clock)
        # The very same code object, so that its place in memory favours nobody. One whose calls were
        # specialised for the other function would take the slow way, as no program does.
        return c_run, c_run if alike else compiled(rust_lines, values, unroll, clock)

    c_run, rust_run = both(time.perf_counter_ns)
    for run, function in ((c_run, c_function), (rust_run, rust_function)):
        run(unroll * 4, function, *arguments)
    loops = loops_for(c_run, c_function, arguments)
    if c_run(loops, c_function, *arguments) > LONG_SAMPLE_NS:
        c_run, rust_run = both(time.thread_time_ns)
    empty = empty_loop_ns(loops) / unroll
    c_times, rust_times = [], []
    start = time.perf_counter()
    while another_pair(c_times, rust_times, time.perf_counter() - start, seconds):
        if len(c_times) % 2:
            c_time = c_run(loops, c_function, *arguments)
            rust_time = rust_run(loops, rust_function, *arguments)
        else:
            rust_time = rust_run(loops, rust_function, *arguments)
            c_time = c_run(loops, c_function, *arguments)
        c_times.append(c_time / (loops * unroll) - empty)
        rust_times.append(rust_time / (loops * unroll) - empty)
    ratios = [c / rust for c, rust in zip(c_times, rust_times)]
    more = [rust - c for c, rust in zip(c_times, rust_times)]
    return Timing(
        statistics.median(c_times),
        statistics.median(rust_times),
        statistics.median(ratios),
        quartile_range(ratios),
        error_of_median(ratios),
        statistics.median(more),
        quartile_range(more),
        error_of_median(more),
        len(ratios),
    )


def another_pair(c_times, rust_times, spent, seconds):
    """Whether to go on: for the time given, and up to five times that while the result is vague."""
    pairs = len(c_times)
    if pairs < FEWEST_PAIRS:
        return True
    if pairs >= MOST_PAIRS or spent > 5 * seconds:
        return False
    if spent < seconds or pairs % 16:
        return True
    return error_of_median([c / rust for c, rust in zip(c_times, rust_times)]) > VAGUE


def specialised(lines, function, values):
    """What the interpreter made of the calls after it has run them often."""
    site = compiled(lines, values, 1)
    for _ in range(50):
        site(1, function, *values.values())
    names = [code.opname for code in dis.get_instructions(site, adaptive=True)]
    calls = [name for name in names if name.startswith("CALL")]
    return calls[CALLS_BEFORE:-CALLS_AFTER]


def specialised_alike(lines, c_function, rust_function, values):
    """Whether both functions are called in the same way; it is not worth a second to know for what takes long."""
    if type(c_function) is not type(rust_function):
        return False
    once = compiled(lines, values, 1)
    if is_long(min(once(1, c_function, *values.values()) for _ in range(3))):
        return True
    return specialised(lines, c_function, values) == specialised(lines, rust_function, values)


def is_long(call_ns):
    """Whether a call takes so long that how it is made does not matter."""
    return call_ns > LONG_CALL_NS


def compiled(lines, values, unroll, clock=time.perf_counter_ns):
    """A function `(loops, f, *values)` that runs `unroll` lines a loop and gives the time."""
    repeated = [lines[i % len(lines)] for i in range(unroll)]
    body = "\n        ".join(repeated)
    source = (
        f"def run(loops, f, {', '.join(values)}):\n"
        f"    loops = repeat(None, loops)\n"
        f"    start = clock()\n"
        f"    for _ in loops:\n"
        f"        {body}\n"
        f"    return clock() - start\n"
    )
    names = {"clock": clock, "repeat": __import__("itertools").repeat}
    exec(compile(source, "<timed>", "exec"), names)
    return names["run"]


def loops_for(run, function, arguments):
    """How many loops take about a sample's time."""
    loops = 1
    while loops < 1 << 20:
        if min(run(loops, function, *arguments) for _ in range(3)) > SAMPLE_NS:
            break
        loops *= 2
    return loops


def empty_loop_ns(loops):
    """What a loop costs that calls nothing."""
    run = compiled(("pass",), {"a": None}, 1)
    loops = max(loops, 100)
    return min(run(loops, None, None) for _ in range(50)) / loops


def quartile_range(values):
    low, _, high = statistics.quantiles(values, n=4)
    return high - low


def error_of_median(values):
    """Half the width of the median's 95 % interval, from the quartiles."""
    return 1.96 * 1.2533 * quartile_range(values) / 1.349 / math.sqrt(len(values))


SAMPLE_NS = 60_000
# What takes longer is likely to be interrupted, so the thread's own clock is looked at. To ask it disturbs what is short.
LONG_SAMPLE_NS = 500_000
LONG_CALL_NS = 100_000
FEWEST_PAIRS = 15
MOST_PAIRS = 4000
VAGUE = 0.005
# The calls of `repeat` and of the two clocks around the timed ones.
CALLS_BEFORE = 2
CALLS_AFTER = 1
