"""What is timed of `_zoneinfo`, in a zone of the system's: America/New_York, 236 changes and a rule."""

import datetime
import functools
import io
import os
import zoneinfo

KEY = "America/New_York"
MOMENTS = {
    "before all changes": datetime.datetime(1850, 6, 1),
    "between changes": datetime.datetime(1995, 7, 1, 12, 30, 15, 161718),
    "by the rule": datetime.datetime(2045, 7, 1, 12, 30),
}


def zoneinfo_cases(case):
    """The cases, each made by `case(group, name, module, what makes the function, lines, values, bar)`."""
    path = next((path for path in paths() if os.path.isfile(path)), None)
    if path is None:
        print(f"_zoneinfo: no case, for there is no {KEY} in {zoneinfo.TZPATH}")
        return
    yield from construction(case, path)
    for name, moment in MOMENTS.items():
        for method in ("utcoffset", "dst", "tzname"):
            yield one(case, f"{method} {name}", method_of(method), moment)
    yield one(case, "utcoffset of None", method_of("utcoffset"), None)
    yield one(case, "utcoffset of a subclass", method_of("utcoffset"), Moment(1995, 7, 1))
    for name, moment in (*MOMENTS.items(), ("with fold", datetime.datetime(2045, 11, 5, 6, 30))):
        yield one(case, f"astimezone {name}", functools.partial(to_local, moment), None)
        yield one(case, f"fromutc {name}", functools.partial(from_utc, moment), None)
        yield one(case, f"datetime.utcoffset {name}", functools.partial(own_offset, moment), None)


def construction(case, path):
    """By key with the caches and without, and from bytes in memory."""
    yield one(case, "cached", lambda module: module.ZoneInfo, KEY)
    keys = [KEY, "Europe/Berlin", "Asia/Tokyo"]
    values = {f"a{i}": key for i, key in enumerate(keys)}
    lines = tuple(f"f(a{i})" for i in range(len(keys)))
    yield case("zoneinfo", "cached, three in turn", "_zoneinfo", lambda module: module.ZoneInfo, lines, values, "1")
    for key in (KEY, "Europe/Berlin", "UTC"):
        yield one(case, f"uncached {key}", lambda module: module.ZoneInfo.no_cache, key)
    with open(path, "rb") as file:
        data = file.read()
    values = {"a": data, "b": io.BytesIO}
    yield case("zoneinfo", "from_file", "_zoneinfo", lambda module: module.ZoneInfo.from_file, ("f(b(a))",), values, "1")


def one(case, name, make, value):
    return case("zoneinfo", name, "_zoneinfo", make, ("f(a)",), {"a": value}, "1")


def method_of(name):
    return lambda module: getattr(module.ZoneInfo(KEY), name)


def to_local(moment, module):
    """`astimezone` of a moment in UTC."""
    moment = moment.replace(tzinfo=datetime.UTC)
    zone = module.ZoneInfo(KEY)
    return lambda _: moment.astimezone(zone)


def from_utc(moment, module):
    zone = module.ZoneInfo(KEY)
    moment = moment.replace(tzinfo=zone)
    # Bound here: the code below is one for both, and would be specialised for one of the classes.
    fromutc = zone.fromutc
    return lambda _: fromutc(moment)


def own_offset(moment, module):
    moment = moment.replace(tzinfo=module.ZoneInfo(KEY))
    return lambda _: moment.utcoffset()


def paths():
    return [os.path.join(folder, KEY) for folder in zoneinfo.TZPATH]


class Moment(datetime.datetime):
    """A subclass, whose attributes are asked for by name."""
