"""Readers, writers and dialects that threads share, for `tests/proof`."""

import itertools


class Lines:
    """Lines for ever, each whole by itself."""

    def __init__(self):
        self.lines = itertools.cycle(['a,"b ""c""",1.5\n', "\u20ac,\U0001f40d\r\n", '"two\n', 'lines",x\n', "\n"])

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.lines)


class Sink:
    """A file that keeps the last thing that was written."""

    def write(self, text):
        self.last = text
        return len(text)


def shared(module):
    reader = module.reader(Lines())
    numbers = module.reader(Lines(), quoting=2, skipinitialspace=True)
    writer = module.writer(Sink())
    quoting = module.writer(Sink(), quoting=1, lineterminator="\u20ac")
    row = ["a", 1.5, None, 'b "c"', "\u20ac", "\U0001f40d"]
    rows = [row, ["x"] * 50]
    return [
        lambda: next(reader),
        lambda: next(numbers),
        lambda: (reader.line_num, reader.dialect, numbers.dialect.delimiter),
        lambda: writer.writerow(row),
        lambda: quoting.writerows(rows),
        lambda: row.append("more") if len(row) < 30 else row.clear(),
        lambda: module.register_dialect("shared", delimiter=";"),
        lambda: module.unregister_dialect("shared"),
        lambda: next(module.reader(Lines(), "shared")),
        lambda: (module.list_dialects(), module.get_dialect("shared").delimiter),
        lambda: module.field_size_limit(module.field_size_limit()),
    ]
