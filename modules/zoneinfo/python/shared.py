"""Time zones that threads share, and their caches, for `tests/proof`."""

import datetime
import io
import random
import struct

import inputs_zoneinfo


def shared(module):
    rng = random.Random(1)
    zones = []
    while len(zones) < 4:
        try:
            zones.append(module.ZoneInfo.from_file(io.BytesIO(inputs_zoneinfo.tzif(rng)), key="key"))
        except (ValueError, AssertionError, struct.error):
            continue  # a damaged one

    class Own(module.ZoneInfo):
        pass

    moments = [datetime.datetime(year, 7, 1, 12, fold=year % 2) for year in (1, 1899, 1970, 2026, 2100, 9999)]

    def ask():
        zone, moment = rng.choice(zones), rng.choice(moments)
        told = zone.utcoffset(moment), zone.dst(moment), zone.tzname(moment)
        return told, zone.fromutc(moment.replace(tzinfo=zone))

    def of_key(kind, key):
        return kind(key).utcoffset(moments[3])

    return [
        ask,
        ask,
        lambda: (str(zones[0]), repr(zones[1]), zones[2].key),
        lambda: zones[0].utcoffset(None),
        lambda: of_key(module.ZoneInfo, "UTC"),
        lambda: of_key(module.ZoneInfo, "Europe/Berlin"),
        lambda: of_key(Own, "UTC"),
        lambda: module.ZoneInfo.no_cache("UTC"),
        lambda: module.ZoneInfo.clear_cache(),
        lambda: module.ZoneInfo.clear_cache(only_keys=["UTC", "No/Where"]),
        lambda: Own.clear_cache(),
        lambda: zones[3].__reduce_ex__(4),
    ]
