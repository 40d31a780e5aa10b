"""Sequences and items that misbehave while they are searched or sorted."""

import hostile
from hostile import Oops, trace


def watch(items):
    """Makes `items` the list that a hostile comparison changes."""
    hostile.watched = items
    return items


class Item:
    """Compares by value, and at its `at`-th comparison does `deed`."""

    def __init__(self, value, deed=None, at=0):
        self.value = value
        self.deed = deed
        self.at = at

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"

    def __lt__(self, other):
        trace.append(f"{self!r} < {other!r}")
        if self.deed:
            hostile.comparisons += 1
            if hostile.comparisons >= self.at:
                return DEEDS[self.deed](self, other)
        return less(self, other)


class Newer(Item):
    """A subclass that answers the reflected question first."""

    def __gt__(self, other):
        trace.append(f"{self!r} > {other!r}")
        return less(other, self)


class OnlyGreater:
    """Has the reflected comparison only."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"OnlyGreater({self.value!r})"

    def __gt__(self, other):
        trace.append(f"{self!r} > {other!r}")
        return less(other, self)


def less(left, right):
    return getattr(left, "value", left) < getattr(right, "value", right)


def raises(item, other):
    raise Oops("lt")


def shortens(item, other):
    if hostile.watched is not None:
        del hostile.watched[:]
    return less(item, other)


def lengthens(item, other):
    if hostile.watched is not None:
        hostile.watched.append(item)
    return less(item, other)


def replaces(item, other):
    if hostile.watched is not None:
        hostile.watched[:] = [Item(0) for _ in hostile.watched]
    return less(item, other)


def retypes(item, other):
    item.__class__ = Newer
    return less(item, other)


def recurses(item, other):
    """Searches again, with the function under test, until the recursion limit."""
    return hostile.function([item], other) == 0


DEEDS = {
    "raises": raises,
    "shortens": shortens,
    "lengthens": lengthens,
    "replaces": replaces,
    "retypes": retypes,
    "recurses": recurses,
    "declines": lambda item, other: NotImplemented,
    "answers 1": lambda item, other: 1,
    "answers []": lambda item, other: [],
    "answers None": lambda item, other: None,
    "answers no bool": lambda item, other: hostile.BoolRaises(),
}


class SubList(list):
    """A list that notes what is asked of it."""

    def __getitem__(self, at):
        trace.append(f"[{at!r}]")
        return super().__getitem__(at)

    def __len__(self):
        trace.append("len")
        return super().__len__()

    def insert(self, at, item):
        trace.append(f"insert {at!r} {item!r}")
        super().insert(at, item)


class BareList(list):
    """A list in all but type."""


class Sequence:
    """A sequence in Python, with `insert`."""

    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return f"Sequence({self.items!r})"

    def __len__(self):
        trace.append("len")
        return len(self.items)

    def __getitem__(self, at):
        trace.append(f"[{at!r}]")
        return self.items[at]

    def insert(self, at, item):
        trace.append(f"insert {at!r} {item!r}")
        self.items.insert(at, item)
        return "ignored"


class NoInsert(Sequence):
    insert = property(lambda self: raises(self, None))


class InsertRaises(Sequence):
    def insert(self, at, item):
        raise Oops("insert")


class ItemRaises(Sequence):
    def __getitem__(self, at):
        raise Oops("item")


class LengthIs(Sequence):
    """A sequence whose length is what it says, right or not."""

    def __init__(self, items, length):
        self.items = items
        self.length = length

    def __len__(self):
        trace.append("len")
        if self.length is None:
            raise Oops("len")
        return self.length


class Unbounded(LengthIs):
    """Item `i` is `i`, however far."""

    def __getitem__(self, at):
        trace.append(f"[{at!r}]")
        return at


class OnlyItems:
    """Indexable, without a length."""

    def __init__(self, items):
        self.items = items

    def __getitem__(self, at):
        return self.items[at]


def negative(value):
    trace.append(f"key {value!r}")
    return -value


def key_raises(value):
    trace.append(f"key {value!r}")
    raise Oops("key")


def key_shortens(value):
    trace.append(f"key {value!r}")
    if hostile.watched is not None:
        del hostile.watched[:]
    return value


def key_item(value):
    return Item(value)
