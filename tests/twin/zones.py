"""Every time zone of the system, 1900 to 2100: C, Rust, and the twin in Python must say the same.

    python zones.py [MODULE...] [--rust PATH] [--keys KEY...]

Reads the zones that are there, and says how many. Each is asked in the middle of each month and around each
change, for offset, daylight saving and abbreviation, with and without fold, and for local time.
Prints what differs; ends with `_zoneinfo: N compared, N differ`, status 1 if any differs.
"""

import argparse
import datetime
import io
import os
import sys
import zoneinfo
from zoneinfo import _zoneinfo as in_python

import twins


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="without _zoneinfo, nothing is done")
    parser.add_argument("--rust", default=os.environ.get("RUST_STDLIB"), help="shared object with the Rust modules")
    parser.add_argument("--keys", nargs="+", help="all without")
    options = parser.parse_args()
    if options.modules and "_zoneinfo" not in options.modules:
        sys.exit(0)
    c_module, rust_module = twins.load("_zoneinfo", options.rust)
    files = distinct(options.keys or sorted(zoneinfo.available_timezones()))
    print(f"{len(files)} different zones in {os.pathsep.join(zoneinfo.TZPATH)} or the package tzdata", flush=True)
    compared = differ = alone = 0
    for data, key in files.items():
        zones = [module.ZoneInfo.from_file(io.BytesIO(data), key=key) for module in (c_module, rust_module, in_python)]
        asked = moments(zones[0], zones[2]._trans_utc)
        for c, rust, python in zip(*(answers(zone, asked) for zone in zones), strict=True):
            compared += 1
            alone += c == rust != python
            if c != rust:
                differ += 1
                print(f"{key}: C {c}, Rust {rust}, Python {python}")
    # As of 3.15, a moment with fold behind the only change of a file.
    print(f"the twin in Python says something else than C and Rust {alone} times")
    print(f"_zoneinfo: {compared} compared, {differ} differ")
    sys.exit(bool(differ))


def distinct(keys):
    """The files of the zones, each once, with the first key that has it."""
    files = {}
    for key in keys:
        path = zoneinfo._tzpath.find_tzfile(key)
        with open(path, "rb") if path else zoneinfo._common.load_tzdata(key) as file:
            files.setdefault(file.read(), key)
    return files


def moments(zone, times):
    """The middle of each month, and around each change in the file and by the rule."""
    found = [datetime.datetime(year, month, 15, 12) for year in range(1900, 2101) for month in range(1, 13)]
    changes = [EPOCH + datetime.timedelta(seconds=time) for time in times]
    changes += [at for year in (2038, 2050, 2096, 2100) for at in by_the_rule(zone, year)]
    for at in changes:
        found += [at + datetime.timedelta(seconds=seconds) for seconds in AROUND]
    return found


def by_the_rule(zone, year):
    """The changes of a year, by asking each hour."""
    day = datetime.datetime(year, 1, 1)
    offsets = [(at, zone.utcoffset(at)) for at in (day + datetime.timedelta(hours=h) for h in range(24 * 366))]
    return [after for (_, a), (after, b) in zip(offsets, offsets[1:]) if a != b]


def answers(zone, moments):
    for moment in moments:
        local = zone.fromutc(moment.replace(tzinfo=zone))
        yield moment, local.replace(tzinfo=None), local.fold
        for at in (moment, moment.replace(fold=1)):
            yield at, at.fold, zone.utcoffset(at), zone.dst(at), zone.tzname(at)


AROUND = (-86_400, -7201, -3601, -3600, -1, 0, 1, 1799, 3599, 3600, 7200, 86_400)
EPOCH = datetime.datetime(1970, 1, 1)

if __name__ == "__main__":
    main()
