"""Random calls of `_bisect`: sorted lists, and everything that is not."""

import array
import collections
import contextlib

import hostile
import sequences
from sequences import Item, Newer, OnlyGreater
from terms import Make


def bisect_case(rng):
    """One call: a function's name, its arguments, its keywords."""
    values = VALUES[rng.randrange(len(VALUES))]
    items = [values(rng) for _ in range(rng.choice((0, 1, 2, 3, 5, 8, 20, 60)))]
    if rng.random() < 0.85:
        with contextlib.suppress(TypeError):
            items.sort()
    wanted = rng.choice(items) if items and rng.random() < 0.5 else values(rng)
    if rng.random() < 0.08:
        wanted = rng.choice(VALUES)(rng)
    if rng.random() < 0.2:
        items, wanted = hostile_items(rng, items, wanted)
    args, options = [container(rng, items), wanted], {}
    for name, choose in (("lo", bound), ("hi", bound)):
        if rng.random() < 0.3:
            if not options and rng.random() < 0.6 and (name == "lo" or len(args) == 3):
                args.append(choose(rng, len(items)))
            else:
                options[name] = choose(rng, len(items))
    if rng.random() < 0.3:
        options["key"] = rng.choice(KEYS)
    return rng.choice(FUNCTIONS), args, options


def hostile_items(rng, items, wanted):
    """The same search over items that note their comparisons, one of which may do a deed."""
    deed = rng.choice(tuple(sequences.DEEDS)) if rng.random() < 0.6 else None
    if deed == "recurses" and rng.random() < 0.8:
        deed = None  # a thousand calls deep is dear
    at = rng.randrange(1, 6)
    kinds = (Item, Item, Item, Newer, OnlyGreater)

    def made(value):
        kind = rng.choice(kinds)
        if rng.random() < 0.1:
            return value
        return Make(kind, value) if kind is OnlyGreater else Make(kind, value, deed, at)

    return [made(item) for item in items], made(wanted)


def container(rng, items):
    """Mostly a list; else something that looks like one, or does not."""
    dice = rng.random()
    if dice < 0.35:
        return items
    if dice < 0.6:
        return Make(sequences.watch, items)
    if dice < 0.9:
        return Make(rng.choice(SEQUENCES), items)
    return rng.choice(ODDITIES)


def bound(rng, size):
    dice = rng.random()
    if dice < 0.7:
        return rng.randrange(size + 1)
    if dice < 0.9:
        return rng.randrange(-3, size + 4)
    return rng.choice(BOUNDS)


FUNCTIONS = ("bisect_left", "bisect_right", "insort_left", "insort_right")
VALUES = (
    lambda rng: rng.randrange(30),
    lambda rng: rng.choice((rng.random(), float(rng.randrange(5)), float("nan"), float("inf"), -0.0)),
    lambda rng: (
        rng.choice(("a", "b", "abc", "", "\xe9", "\u20ac", "\U0001f40d", "zz"))
        + rng.choice(("", "x", "\u1234"))
    ),
    lambda rng: rng.choice((rng.randrange(9), rng.random() * 9, True, False, 2**70, -(2**70))),
    lambda rng: (rng.randrange(3), rng.choice((1, "x"))),
    lambda rng: bytes([rng.randrange(9)]),
    lambda rng: rng.choice((None, 1, "a", 1j, [1], (2,), b"")),
    lambda rng: [rng.randrange(3)],
)
SEQUENCES = (
    tuple, collections.deque, sequences.SubList, sequences.BareList, sequences.Sequence, sequences.NoInsert,
    sequences.InsertRaises, sequences.ItemRaises, sequences.OnlyItems, dict.fromkeys, iter,
)  # fmt: skip
ODDITIES = (
    None, 5, "abcdef", b"abcdef", range(10), Make(array.array, "i", [1, 2, 3]),
    Make(array.array, "d", [0.5, 1.5]), Make(sequences.LengthIs, [1, 2, 3], -1),
    Make(sequences.LengthIs, [1, 2, 3], None), Make(sequences.LengthIs, [1], 9),
    Make(sequences.LengthIs, [1, 2], "x"), Make(sequences.LengthIs, [1, 2], 2**70), Make(hostile.Plain),
    list, Make(sequences.Unbounded, [], 2**63 - 1), Make(sequences.Unbounded, [], 2**62), Make(dict),
    Make(set),
)  # fmt: skip
BOUNDS = (
    None, -1, -2, True, 2**31, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30, 1.0, "1", b"1",
    Make(hostile.Index, 1), Make(hostile.Index, -1), Make(hostile.IndexRaises), Make(hostile.Index, "x"),
)  # fmt: skip
KEYS = (
    None, sequences.negative, sequences.negative, sequences.key_raises, sequences.key_shortens,
    sequences.key_item, str, len, abs, 5, Make(hostile.Called), Make(hostile.CallRaises),
)  # fmt: skip
