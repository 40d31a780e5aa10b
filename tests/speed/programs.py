"""Whole programs with the modules in Rust and in C, in turns: the processor's time and the memory that each took.

    python programs.py [--json FILE] [--pairs N]

The interpreter has the Rust modules built in; PYTHON_RUST_MODULES chooses. A program is started anew each time.
"""

import argparse
import base64
import bisect
import bz2
import csv
import datetime
import gzip
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import zlib
import zoneinfo

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def report(folder):
    """Reads records in JSON, and writes them as a table, by time."""
    with open(os.path.join(folder, "records.json"), encoding="utf-8") as file:
        rows = json.load(file)
    rows.sort(key=lambda row: row["seen"])
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, ["id", "name", "email", "seen", "score"], extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return len(out.getvalue())


def convert(folder):
    """Reads a table, adds up its amounts, and writes JSON."""
    with open(os.path.join(folder, "export.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sums = {}
    for row in rows:
        sums[row["currency"]] = sums.get(row["currency"], 0) + float(row["amount"])
    return len(json.dumps({"rows": rows, "sums": sums}, indent=2))


def reformat(folder):
    """What `python -m json.tool` does, with measurements."""
    with open(os.path.join(folder, "numbers.json"), encoding="utf-8") as file:
        return len(json.dumps(json.load(file), indent=4))


def backup(folder):
    """Packs every file, as mail wants it, and looks whether it comes back."""
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        packed = base64.encodebytes(gzip.compress(data))
        back = gzip.decompress(base64.decodebytes(packed))
        if zlib.crc32(back) != zlib.crc32(data):
            raise ValueError(name)


def archive(folder):
    """Packs text tightly, and reads it back."""
    with open(os.path.join(folder, "text.txt"), "rb") as file:
        data = file.read()
    return len(bz2.decompress(bz2.compress(data)))


def calendar(folder):
    """Puts the times of records into three zones, and each into its week."""
    with open(os.path.join(folder, "records.json"), encoding="utf-8") as file:
        times = [datetime.datetime.fromisoformat(row["seen"]) for row in json.load(file)]
    zones = [zoneinfo.ZoneInfo(key) for key in ("Europe/Berlin", "America/New_York", "Asia/Tokyo") if known(key)]
    first = min(times)
    weeks = [first + datetime.timedelta(weeks=week) for week in range(200)]
    return sum(bisect.bisect(weeks, time.astimezone(zone)) for zone in zones or [datetime.UTC] for time in times)


def distribution(folder):
    """Compares measurements with what a normal distribution would give."""
    with open(os.path.join(folder, "numbers.json"), encoding="utf-8") as file:
        values = sorted(row[1] for row in json.load(file))
    normal = statistics.NormalDist.from_samples(values)
    return max(abs(normal.inv_cdf((i + 0.5) / len(values)) - value) for i, value in enumerate(values))


def known(key):
    try:
        zoneinfo.ZoneInfo(key)
    except zoneinfo.ZoneInfoNotFoundError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--pairs", type=int, default=15, help="how often each is run with each (15)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="programs, by 'programs NAME'")
    parser.add_argument("--pin", type=int, default=-1, help="run on the n-th allowed processor (the last)")
    parser.add_argument("--run", nargs=2, metavar=("PROGRAM", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        PROGRAMS[options.run[0]](options.run[1])
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[options.pin]})
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        # Not in this process: what it holds would count as its children's.
        subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), folder, str(1 << 21)], check=True)
        for name in PROGRAMS:
            if options.only and f"programs {name}" not in options.only:
                continue
            rows.append(compared(name, folder, options.pairs))
            print(line(rows[-1]), flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"cases": rows}, file, indent=1)


def compared(name, folder, pairs):
    """One row, as those of speed.py, with what each took of memory at most."""
    from timing import error_of_median, quartile_range

    c, rust = [], []
    for pair in range(pairs):
        for modules, results in ((("0", c), ("1", rust)) if pair % 2 else (("1", rust), ("0", c))):
            results.append(once(name, folder, modules))
    ratios = [of_c[0] / of_rust[0] for of_c, of_rust in zip(c, rust)]
    return {
        "module": "programs",
        "group": "programs",
        "name": name,
        "bar": "1",
        "measured": 1,
        "c_ns": statistics.median(time for time, _ in c),
        "rust_ns": statistics.median(time for time, _ in rust),
        "ratio": statistics.median(ratios),
        "ratio_spread": quartile_range(ratios),
        "ratio_error": error_of_median(ratios),
        "pairs": pairs,
        "c_peak": statistics.median(peak for _, peak in c),
        "rust_peak": statistics.median(peak for _, peak in rust),
        "ok": statistics.median(ratios) + error_of_median(ratios) >= 1,
    }


def once(name, folder, modules):
    """Nanoseconds of processor time, and bytes at most."""
    arguments = [sys.executable, os.path.abspath(__file__), "--run", name, folder]
    environment = {**os.environ, "PYTHON_RUST_MODULES": modules}
    child = os.posix_spawn(sys.executable, arguments, environment)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"the program {name} failed")
    return (used.ru_utime + used.ru_stime) * 1e9, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def line(row):
    times = f"{row['c_ns'] / 1e6:>9.1f} ms {row['rust_ns'] / 1e6:>9.1f} ms {row['ratio']:>7.2f}"
    spread = f"±{100 * row['ratio_spread'] / row['ratio']:.1f} %"
    memory = f"{row['c_peak'] / 1e6:.1f} MB, {row['rust_peak'] / 1e6:.1f} MB"
    return f"{'programs ' + row['name']:<34} {times} {spread:>17}   {memory}"


PROGRAMS = {
    program.__name__: program for program in (report, convert, reformat, backup, archive, calendar, distribution)
}

if __name__ == "__main__":
    main()
