"""Random TZif files and footers for `_zoneinfo`, sound and damaged, and what a zone says of many moments."""

import datetime
import io
import struct


def zoneinfo_case(rng):
    """One call: what to do with the module, its arguments, its keywords."""
    dice = rng.random()
    if dice < 0.6:
        return told, [tzif(rng), rng.randrange(1 << 30)], {}
    if dice < 0.95:
        return told_by_footer, [footer(rng), rng.randrange(1 << 30)], {}
    keys = ("UTC", "Europe/Berlin", "../UTC", "/UTC", "No/Where", "", "\0", "\ud800", None, 5, b"UTC", ["UTC"], {})
    return by_key, [rng.choice(keys), rng.choice(("no_cache", "ZoneInfo", "_unpickle", "clear_cache"))], {}


def told(module, data, seed):
    """The zone of a file, asked for many moments."""
    zone = module.ZoneInfo.from_file(io.BytesIO(data), key="key")
    return [outcome(act, zone, moment) for moment in moments(data, seed) for act in ACTS]


def told_by_footer(module, text, seed):
    one = block(b"2", 4, (), ((0, 0, 0),), b"UTC\0")
    return told(module, one * 2 + b"\n" + text + b"\n", seed)


def by_key(module, key, how):
    if how == "_unpickle":
        return module.ZoneInfo._unpickle(key, 0)
    if how == "clear_cache":
        return module.ZoneInfo.clear_cache(only_keys=key)
    return getattr(module, how)(key) if how == "ZoneInfo" else module.ZoneInfo.no_cache(key)


def local(zone, moment):
    back = zone.fromutc(moment.replace(tzinfo=zone))
    return str(back), back.fold


ACTS = (
    lambda zone, moment: zone.utcoffset(moment),
    lambda zone, moment: zone.dst(moment),
    lambda zone, moment: zone.tzname(moment),
    local,
)


def outcome(act, zone, moment):
    try:
        return str(act(zone, moment))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def moments(data, seed):
    """Any year, and close to what the file may be about."""
    numbers = [seed * k % 4_000_000_000 for k in (1, 7919, 104_729)]
    times = [EPOCH + datetime.timedelta(seconds=number - 2_000_000_000) for number in numbers]
    near = data.find(b"TZif", 4) + 44
    for at in range(near, min(near + 8 * 6, len(data) - 7), 8):
        (time,) = struct.unpack_from(">q", data, at)
        if abs(time) < 6 * 10**10:
            times += [EPOCH + datetime.timedelta(seconds=time + d) for d in (-3600, -1, 0, 1, 3599, 7200)]
    times += [datetime.datetime(1 + seed % 9999, 1 + seed % 12, 1 + seed % 28, seed % 24)]
    return [None, *times, *(time.replace(fold=1) for time in times)]


def tzif(rng):
    """A file; mostly damaged. No change is so far away that C's arithmetic overflows."""
    types = [
        (rng.choice((0, 3600, 7200, -18000, -12345, rng.randrange(-90_000, 90_000))), rng.randrange(2), at)
        for at in rng.choices((0, 4, 8, 9), k=rng.randrange(1, 5))
    ]
    time, changes = rng.randrange(-(2**32), 0), []
    for _ in range(rng.choice((0, 1, 2, 3, 8, 20))):
        time += rng.choice((0, 1, 3600, 7_000_000, rng.randrange(10**8)))
        changes.append((time, rng.randrange(len(types))))
    chars = b"LMT\0CET\0+03\0"
    version = rng.choice((b"\0", b"2", b"2", b"2", b"3"))
    if version == b"\0":
        data = block(version, 4, [(time % 2**31, i) for time, i in changes], types, chars)
    else:
        data = block(version, 4, (), types, chars) + block(version, 8, changes, types, chars)
        data += b"\n" + (footer(rng) if rng.random() < 0.7 else b"") + b"\n"
    if rng.random() < 0.5:
        return data
    data = bytearray(data)
    header = max(data.find(b"TZif", 4), 0)
    for _ in range(rng.randrange(1, 4)):
        dice = rng.random()
        at = rng.randrange(header, len(data))
        if dice < 0.4:
            data[min(header + rng.randrange(20, 44), len(data) - 1)] = rng.choice((0, 1, 2, 3, 255))
        elif dice < 0.5:
            del data[at:]
        elif dice < 0.9:
            data[at] ^= 1 << rng.randrange(4)
        else:
            data[at:at] = rng.randbytes(rng.randrange(4))
        if len(data) <= header + 44:
            break
    return bytes(data)


def block(version, width, changes, types, chars):
    counts = struct.pack(">6l", 0, 0, 0, len(changes), len(types), len(chars))
    times = b"".join(time.to_bytes(width, "big", signed=True) for time, _ in changes)
    numbers = bytes(number for _, number in changes)
    records = b"".join(struct.pack(">lbb", *kind) for kind in types)
    return b"TZif" + version + bytes(15) + counts + times + numbers + records + chars


def footer(rng):
    """A footer; sometimes with something wrong in it."""
    text = name(rng) + offset(rng)
    if rng.random() < 0.7:
        text += name(rng) + (offset(rng) if rng.random() < 0.5 else "") + f",{day(rng)},{day(rng)}"
    if rng.random() < 0.3:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((*"<>+-,./:MJ09aZ '\"\\\0\t\x80", "")) + text[at + rng.randrange(2) :]
    return text.encode("latin-1")


def name(rng):
    return rng.choice(("CET", "CEST", "A", "<+03>", "<-0330>", "<A1>", "Xyzzy", "<>", "<a", ""))


def offset(rng):
    return rng.choice(("", "+", "-", "-")) + time(rng, rng.choice((0, 1, 5, 12, 23, 24, 25)))


def time(rng, hour):
    minutes = (f":{rng.randrange(100):02}", "", "") if rng.random() < 0.9 else (":5", ":", ":123")
    text = str(hour) + rng.choice(minutes)
    return text + rng.choice((f":{rng.randrange(100):02}", "", "", "")) if ":" in text else text


def day(rng):
    dice = rng.random()
    if dice < 0.5:
        text = f"M{rng.randrange(1, 13)}.{rng.randrange(1, 6)}.{rng.randrange(7)}"
    elif dice < 0.6:
        text = f"M{rng.randrange(14)}.{rng.randrange(7)}.{rng.randrange(8)}"
    else:
        text = rng.choice("J ").strip() + str(rng.choice((0, 1, 59, 60, 61, 200, 365, 366)))
    if rng.random() < 0.5:
        text += "/" + rng.choice(("", "-", "+")) + time(rng, rng.choice((0, 1, 2, 3, 24, 25, 167, 168)))
    return text


EPOCH = datetime.datetime(1970, 1, 1)
