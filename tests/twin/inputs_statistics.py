"""Random calls of `_statistics`: the whole range, its edges, and things that are no number."""

import decimal
import fractions
import math
import struct

import hostile
from terms import Make


def statistics_case(rng):
    """One call: a function's name, its arguments, its keywords."""
    args = [share(rng), parameter(rng), parameter(rng)]
    if rng.random() < 0.03:
        args[rng.randrange(3)] = rng.choice(ODDITIES)
    return "_normal_dist_inv_cdf", args, {}


def share(rng):
    dice = rng.random()
    if dice < 0.4:
        return rng.random()
    if dice < 0.6:
        return rng.random() ** rng.choice((5, 20, 100))
    if dice < 0.7:
        return 1.0 - rng.random() ** rng.choice((5, 10, 20))
    if dice < 0.9:
        edge = rng.choice(EDGES)
        for _ in range(rng.randrange(4)):
            edge = math.nextafter(edge, rng.choice((-1.0, 2.0)))
        return edge
    return any_float(rng)


def parameter(rng):
    dice = rng.random()
    if dice < 0.4:
        return rng.choice((0.0, 1.0, -0.0, 100.0, 15.0))
    if dice < 0.8:
        return rng.uniform(-1e3, 1e3)
    if dice < 0.9:
        return any_float(rng)
    return rng.choice((0, 1, -3, True, 2**52, 10**308))


def any_float(rng):
    return struct.unpack("d", rng.randbytes(8))[0]


EDGES = (
    0.0,
    1.0,
    0.5,
    0.075,
    0.925,
    math.exp(-25.0),
    1.0 - math.exp(-25.0),
    5e-324,
    2.0**-1022,
    1.0 - 2.0**-53,
)
ODDITIES = (
    None, "0.5", b"0.5", 1j, 10**400, -(10**400), [], Make(hostile.Plain), Make(hostile.Float, 0.25),
    Make(hostile.Index, 1), Make(hostile.FloatRaises), Make(hostile.Float, 1), Make(hostile.Float, "x"),
    Make(hostile.SubFloat, 0.3), Make(hostile.Int), Make(hostile.IndexRaises), fractions.Fraction(1, 3),
    decimal.Decimal("0.125"),
)  # fmt: skip
