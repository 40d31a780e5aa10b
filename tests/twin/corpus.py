"""The inputs of the fuzzers' corpora to the C and to the Rust module: each reaches code of the core that others do not.

    python corpus.py FOLDER... [--rust PATH]

In each folder there is one of inputs for each target of `tests/fuzz`. The first bytes of an input say how the rest is
used. What differs is printed as by `differential.py`, and ends the program with status 1.
"""

import argparse
import io
import os
import pathlib
import sys
import time
import types

import inputs_json
import inputs_zoneinfo
import twins
from differential import VIEWS, both, report


def main():
    options = arguments()
    twins.record_warnings()
    failed = False
    for target, (name, calls) in TARGETS.items():
        modules = [VIEWS.get(name, lambda module: module)(module) for module in twins.load(name, options.rust)]
        inputs = {file.read_bytes() for folder in options.folders for file in (folder / target).glob("*")}
        difference, done, start = None, 0, time.monotonic()
        for data in sorted(inputs):
            for function, *args in calls(data):
                done += 1
                theirs, ours = both(*modules, function, args, {})
                if theirs != ours:
                    difference = function, args, {}, *modules
        report(name, 0, done, difference, time.monotonic() - start)
        failed = failed or difference is not None
    sys.exit(failed)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--rust", default=os.environ.get("RUST_STDLIB"))
    return parser.parse_args()


def of_binascii(data):
    for name in "b2a_base64 a2b_base64 b2a_ascii85 a2b_ascii85 b2a_hex b2a_uu b2a_qp a2b_qp crc32".split():
        yield name, data
    yield "crc_hqx", data, 0
    yield "a2b_hex", data.hex().encode() + data
    yield "a2b_uu", data[:60]


def of_json(data):
    text = "".join(map(chr, data[2:]))
    wide = text.translate({0x80 + i: c for i, c in enumerate("\u015c\u0122\u20ac\ud834\udd20\uffff\u3000")})
    wider = text.translate({0x80 + i: c for i, c in enumerate("\U0001005c\U00010022\u20ac\ud834\udd20\U0010ffff")})
    for document in (text, wide, wider):
        for strict in (True, False):
            yield scan, document, strict
            yield "scanstring", document, data[1] if data[1:] else 0, strict
        yield "encode_basestring", document
        yield "encode_basestring_ascii", document


def scan(module, document, strict):
    return module.scan(document, 0, {"strict": strict})


def of_zlib(data):
    for wbits in (15, -15, 31, 47):
        yield "decompress", data[3:], wbits
        yield in_pieces, "decompressobj", data[3:], wbits
    for level in (0, 1, 6):
        yield back, data[3:], level
    yield "crc32", data
    yield "adler32", data


def back(module, data, level):
    return module.decompress(module.compress(data, level))


def in_pieces(module, name, data, *args):
    stream, results = getattr(module, name)(*args), []
    for at in range(0, len(data), 7):
        results.append(stream.decompress(data[at : at + 7]))
    return b"".join(results), stream.eof, stream.unused_data


def of_bz2(data):
    yield in_pieces, "BZ2Decompressor", data[1:]
    yield one_stream, data[1:]


def one_stream(module, data):
    stream = module.BZ2Compressor(1)
    return stream.compress(data * 20) + stream.flush()


def of_csv(data):
    flags, delimiter, quote, escape, _, _ = data[:6].ljust(6, b"\0")
    quotechar = ('"', '"', None, "'", "\xe9", "\u20ad")[quote % 6]
    options = {
        "delimiter": ", a\u20ac\U0001f40d\ud800"[delimiter % 6],
        "quotechar": quotechar,
        "escapechar": (None, "\\", "\\", "b", "\u20ae", "\U0010ffff")[escape % 6],
        "quoting": (flags >> 4) % 6 if quotechar else 3,
        "doublequote": not flags & 1,
        "skipinitialspace": bool(flags & 2),
        "strict": bool(flags & 4),
    }
    special = [options["delimiter"], quotechar or "q", quotechar or "q", options["escapechar"] or "e"]
    letters = ["\0", *"\n\r abc1\xe9", *special, *"dddddddddddd\u20ac\U0001f40d!"]
    pieces = "".join(letters[byte % len(letters)] for byte in data[6:]).split("\0")
    yield read, pieces, options
    yield write, pieces, options


def read(module, lines, options):
    reader, rows = module.reader(lines, **options), []
    try:
        rows.extend(reader)
    except module.Error as error:
        rows.append(str(error))
    return rows, reader.line_num


def write(module, fields, options):
    file = types.SimpleNamespace(write=str)
    try:
        return module.writer(file, **options).writerow(fields)
    except module.Error as error:
        return str(error)


def of_zoneinfo(data):
    if not overflows(data):
        yield inputs_zoneinfo.told, data, 20_261_121


def overflows(data):
    """Whether a change is so far away that C's arithmetic overflows."""
    header = max(data.find(b"TZif", 4), 0)
    count = int.from_bytes(data[header + 32 : header + 36], signed=True)
    moments = [data[header + 44 + 8 * i :][:8] for i in range(min(count, len(data) // 8))]
    return any(abs(int.from_bytes(moment, signed=True)) > 1 << 62 for moment in moments)


TARGETS = {
    "binascii": ("binascii", of_binascii),
    "json": ("_json", of_json),
    "zlib": ("zlib", of_zlib),
    "bz2": ("_bz2", of_bz2),
    "csv": ("_csv", of_csv),
    "zoneinfo": ("_zoneinfo", of_zoneinfo),
}

if __name__ == "__main__":
    main()
