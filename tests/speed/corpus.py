"""Files as programs meet them, made from a seed: JSON records, numeric JSON, text, a CSV export, source code.

python corpus.py FOLDER [BYTES]: writes them, each of about that size.
"""

import csv
import functools
import io
import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta


@functools.cache
def files(size=1 << 18):
    """The bytes of each file, by its name."""
    made = {}
    for name, make in MAKERS.items():
        made[name] = make(random.Random(name), size)
    return made


def records(dice, size):
    """What services exchange: objects of mixed values, some with other letters than ASCII's."""
    rows, start = [], datetime(2024, 1, 1, tzinfo=UTC)
    while len(rows) * 210 < size:
        name = f"{word(dice).title()} {word(dice).title()}"
        rows.append({
            "id": dice.randrange(10**9),
            "name": name + dice.choice(("", "", "", " \xc5str\xf6m", " \u5c0f\u6797")),
            "email": f"{name.replace(' ', '.').lower()}@mail.example",
            "seen": (start + timedelta(seconds=dice.randrange(10**8))).isoformat(),
            "score": round(dice.gauss(50, 20), 3),
            "active": dice.random() < 0.8,
            "parent": dice.choice((None, dice.randrange(10**9))),
            "tags": [word(dice) for _ in range(dice.randrange(4))],
        })  # fmt: skip
    return json.dumps(rows).encode()


def numbers(dice, size):
    """Measurements: rows of floats and integers."""
    rows = []
    while len(rows) * 86 < size:
        rows.append([len(rows), *(dice.gauss(0, 1) for _ in range(3)), dice.randrange(-1000, 1000)])
    return json.dumps(rows).encode()


def text(dice, size):
    """Sentences, their words as often as words come."""
    words = [word(dice) for _ in range(3000)]
    often = [1 / (place + 1) for place in range(len(words))]
    written = []
    while len(written) * 60 < size:
        line = " ".join(dice.choices(words, often, k=dice.randrange(5, 16)))
        written.append(line.capitalize() + dice.choice((".", ".", ".\n", "?", ", \u201cquoted\u201d.")))
    return " ".join(written).encode()


def export(dice, size):
    """A table that a spreadsheet has written: some fields quoted, some empty."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(["id", "date", "customer", "remark", "amount", "currency", "paid"])
    start, number = datetime(2024, 1, 1, tzinfo=UTC), 0
    while file.tell() < size:
        number += 1
        remark = " ".join(word(dice) for _ in range(dice.randrange(6)))
        table.writerow([
            number,
            (start + timedelta(minutes=number)).date(),
            f"{word(dice).title()}, {word(dice).title()}",
            remark + dice.choice(("", "", ' "urgent"', "\nsecond line")),
            f"{dice.expovariate(0.01):.2f}",
            dice.choice(("EUR", "USD", "JPY")),
            dice.choice(("yes", "no", "")),
        ])  # fmt: skip
    return file.getvalue().encode()


def source(dice, size):
    """Source code in Python, by its looks."""
    lines, length = [], 0
    while length < size:
        names = [word(dice) for _ in range(4)]
        block = [f"def {names[0]}_{names[1]}({names[2]}, {names[3]}=None):", f'    """The {names[1]} of {names[2]}."""']
        for _ in range(dice.randrange(2, 9)):
            block.append(dice.choice(STATEMENTS).format(*names, number=dice.randrange(1000)))
        lines += [*block, "", ""]
        length += sum(len(line) + 1 for line in block) + 2
    return "\n".join(lines).encode()


def word(dice):
    return "".join(dice.choices("etaoinshrdlucmfwyp", WEIGHTS, k=dice.choice((2, 3, 3, 4, 4, 5, 6, 7, 8, 10))))


def main():
    folder, size = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1 << 18
    os.makedirs(folder, exist_ok=True)
    for name, data in files(size).items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


WEIGHTS = (12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2)
STATEMENTS = (
    "    if {2} is None:\n        return {number}",
    "    {3} = [{0} for {0} in {2} if {0} > {number}]",
    "    for {1} in range({number}):\n        {2}.append({1} * {3})",
    "    with open({2}) as {3}:\n        {0} = {3}.read()",
    '    raise ValueError(f"{{{2}}} is not {number}")',
    "    # The {0} comes before the {1}.",
    "    return {0}({1}, {2})[{number}:]",
)
MAKERS = {"records.json": records, "numbers.json": numbers, "text.txt": text, "export.csv": export, "source.py": source}

if __name__ == "__main__":
    main()
