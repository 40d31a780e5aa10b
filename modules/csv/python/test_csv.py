"""`_csv` where user code re-enters, raises, ends early, or runs in many threads at once.

What C does there is not always fit to be copied: see the README of the module.
"""

import _csv
import gc
import io
import threading
import time
import unittest
import weakref


class Lines:
    """An iterator of lines that calls `act(reader)` before it gives the line with this number."""

    def __init__(self, lines, act, before=0):
        self.lines = iter(lines)
        self.act = act
        self.before = before
        self.given = 0
        self.reader = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.given == self.before and self.act is not None:
            act, self.act = self.act, None
            act(self.reader)
        self.given += 1
        return next(self.lines)


def reader(lines, act, before=0, **options):
    source = Lines(lines, act, before)
    source.reader = _csv.reader(source, **options)
    return source.reader


def swallow(read):
    try:
        return next(read)
    except (StopIteration, _csv.Error, ValueError):
        return None


class ReentrantReaders(unittest.TestCase):
    ADVANCED = "^iterator has already advanced the reader$"

    def test_inner_row(self):
        inner = []
        read = reader(["a,b", "c,d", "e,f"], lambda read: inner.append(next(read)))
        with self.assertRaisesRegex(_csv.Error, self.ADVANCED):
            next(read)
        self.assertEqual(inner, [["a", "b"]])
        self.assertEqual(read.line_num, 1)
        self.assertEqual(next(read), ["e", "f"])

    def test_inner_row_in_the_middle_of_one(self):
        read = reader(['"a', "b,c", 'd"'], lambda read: next(read), before=1)
        with self.assertRaisesRegex(_csv.Error, self.ADVANCED):
            next(read)

    def test_inner_row_to_the_end_of_all_lines(self):
        """C 3.15.0rc2 writes to a list that is not there any more."""
        inner = []
        read = reader(['"a', "b"], lambda read: inner.append(next(read)))
        self.assertEqual(list(read), [])
        self.assertEqual(inner, [["ab"]])

    def test_inner_row_to_the_end_in_the_middle_of_one(self):
        inner = []
        read = reader(['"a', '"b', "c"], lambda read: inner.append(next(read)), before=1)
        with self.assertRaisesRegex(_csv.Error, self.ADVANCED):
            next(read)
        self.assertEqual(inner, [["bc"]])

    def test_inner_reading_that_fails_behind_a_line(self):
        """C goes on with what the inner reading has left behind."""
        read = reader(["x,y\rz", "c,d"], swallow)
        with self.assertRaisesRegex(_csv.Error, self.ADVANCED):
            next(read)
        numbers = reader(["1,word", "2,3"], swallow, quoting=_csv.QUOTE_NONNUMERIC)
        with self.assertRaisesRegex(_csv.Error, self.ADVANCED):
            next(numbers)

    def test_inner_reading_that_takes_no_line(self):
        """C forgets the row at hand."""

        def fails(read):
            source.lines, kept = iter(()), source.lines
            self.assertRaises(StopIteration, next, read)
            source.lines = kept

        source = Lines(['"a', 'b",c'], fails, before=1)
        source.reader = _csv.reader(source)
        self.assertEqual(list(source.reader), [["ab", "c"]])

    def test_every_depth(self):
        class Nested:
            """Reads from its own reader, deeper and deeper, before it gives a line."""

            def __init__(self):
                self.depth = 0

            def __iter__(self):
                return self

            def __next__(self):
                self.depth += 1
                if self.depth <= 50:
                    inner.append(swallow(read))
                return "a,b"

        inner = []
        read = _csv.reader(Nested())
        # The innermost gets its row; each of the others finds that it was overtaken.
        self.assertRaises(_csv.Error, next, read)
        self.assertEqual(inner, [["a", "b"]] + [None] * 49)
        self.assertEqual(read.line_num, 1)
        self.assertEqual(next(read), ["a", "b"])

    def test_without_end(self):
        class Recursive:
            def __iter__(self):
                return self

            def __next__(self):
                return next(read)

        read = _csv.reader(Recursive())
        with self.assertRaises(RecursionError):
            next(read)

    def test_limit_changes_between_lines(self):
        old = _csv.field_size_limit(100)
        try:
            read = reader(['"aaaa', "bbbb"], lambda read: _csv.field_size_limit(6), before=1)
            with self.assertRaisesRegex(_csv.Error, r"^field larger than field limit \(6\)$"):
                next(read)
        finally:
            _csv.field_size_limit(old)

    def test_lines_that_vanish(self):
        class Line(str):
            def __del__(self):
                gone.append(swallow(read))

        gone = []
        read = _csv.reader(Line(f"a{i},b") for i in range(6))
        rows = [swallow(read) for _ in range(6)]
        for row in rows + gone:
            self.assertIn(row, [None] + [[f"a{i}", "b"] for i in range(6)])
            self.assertTrue(row is None or {type(field) for field in row} == {str})


class ReentrantWriters(unittest.TestCase):
    def setUp(self):
        self.out = io.StringIO()
        self.writer = _csv.writer(self.out)

    def test_inner_row_of_str(self):
        outer = self

        class Field:
            def __str__(self):
                outer.writer.writerow(["inner", 1])
                return "shown"

        self.writer.writerow(["a", Field(), "b"])
        self.assertEqual(self.out.getvalue(), "inner,1\r\na,shown,b\r\n")

    def test_inner_row_of_an_iterator(self):
        def fields():
            yield "a"
            self.writer.writerows([["inner"], ["rows"]])
            yield "b"

        self.writer.writerows([fields(), ["c"]])
        self.assertEqual(self.out.getvalue(), "inner\r\nrows\r\na,b\r\nc\r\n")

    def test_inner_row_of_write(self):
        texts = []

        class File:
            def write(self, text):
                if len(texts) < 5:
                    texts.append(text)
                    writer.writerow([len(texts), text])
                return len(text)

        writer = _csv.writer(File())
        self.assertEqual(writer.writerow(["x"]), 3)
        self.assertEqual(texts[:2], ["x\r\n", '1,"x\r\n"\r\n'])

    def test_without_end(self):
        class Field:
            def __str__(self):
                return str(writer.writerow([self]))

        writer = self.writer
        with self.assertRaises(RecursionError):
            writer.writerow([Field()])
        writer.writerow(["still", "works"])
        self.assertTrue(self.out.getvalue().endswith("still,works\r\n"))

    def test_row_that_changes(self):
        class Field:
            def __init__(self, act):
                self.act = act

            def __str__(self):
                self.act()
                return "f"

        row = ["a"]
        row += [Field(row.clear), "b", "c"]
        self.writer.writerow(row)
        row += ["a", Field(lambda: row.extend(["more", "yet"]))]
        self.writer.writerow(row)
        row[:] = [Field(lambda: row.__setitem__(slice(1, None), ["x"])), "b", "c"]
        self.writer.writerow(row)
        self.assertEqual(self.out.getvalue(), "a,f\r\na,f,more,yet\r\nf,x\r\n")

    def test_failures_write_nothing(self):
        def fields():
            yield "a"
            raise ZeroDivisionError

        for row, error in ((fields(), ZeroDivisionError), (5, _csv.Error), ([self.Wrong()], TypeError)):
            with self.assertRaises(error):
                self.writer.writerow(row)
        self.writer.writerow("ok")
        self.assertEqual(self.out.getvalue(), "o,k\r\n")

    class Wrong:
        def __str__(self):
            return 5

    def test_write_that_raises(self):
        class File:
            def write(self, text):
                raise KeyError(text)

        for call in (lambda w: w.writerow(["a"]), lambda w: w.writerows([["a"], ["b"]])):
            with self.assertRaisesRegex(KeyError, "a"):
                call(_csv.writer(File()))


class Options(unittest.TestCase):
    def test_dialects_that_run_code(self):
        class Dialect:
            @property
            def delimiter(self):
                _csv.register_dialect("here", delimiter=";")
                return ":"

            def __getattr__(self, name):
                _csv.unregister_dialect("here")
                _csv.register_dialect("here", self.simple)
                raise AttributeError(name)

            simple = type("Simple", (), {"strict": True})

        try:
            made = _csv.reader([], Dialect()).dialect
        finally:
            _csv.unregister_dialect("here")
        self.assertEqual((made.delimiter, made.quotechar, made.strict), (":", '"', False))

    def test_names_that_run_code(self):
        class Name(str):
            def __hash__(self):
                return hash("here")

            def __eq__(self, other):
                _csv._dialects.clear()
                return NotImplemented

        kept = dict(_csv._dialects)
        try:
            for call in (_csv.get_dialect, _csv.unregister_dialect):
                _csv.register_dialect("here")
                self.assertRaises(_csv.Error, call, Name("other"))
                self.assertEqual(_csv.list_dialects(), [])
        finally:
            _csv._dialects.update(kept)

    def test_registry_that_holds_anything(self):
        """Attributes of the 5 are asked for: it has none that count."""
        _csv._dialects["five"] = 5
        self.addCleanup(_csv._dialects.pop, "five")
        self.assertEqual(_csv.get_dialect("five"), 5)
        self.assertEqual(_csv.reader([], "five").dialect.delimiter, ",")

    def test_truth_that_raises(self):
        class Truth:
            def __bool__(self):
                raise ZeroDivisionError

        for name in ("doublequote", "skipinitialspace", "strict"):
            with self.assertRaises(ZeroDivisionError):
                _csv.Dialect(**{name: Truth()})

    def test_subclass_that_is_there_is_initialised_again(self):
        class Sub(_csv.Dialect):
            times = 0

            def __init__(self, *args, **kwargs):
                self.times += 1

        sub = Sub(delimiter=";")
        self.assertIs(_csv.reader([], sub).dialect, sub)
        self.assertEqual(sub.times, 2)


class Lifetimes(unittest.TestCase):
    def test_cycles_are_collected(self):
        class Source(list):
            pass

        class File:
            def write(self, text):
                return len(text)

        source, file = Source(), File()
        source.append(iter(source))
        source.reader = _csv.reader(source)
        file.writer = _csv.writer(file)
        gone = [weakref.ref(source), weakref.ref(file)]
        del source, file
        gc.collect()
        self.assertEqual([ref() for ref in gone], [None, None])

    def test_collected_while_reading(self):
        def lines():
            for i in range(10):
                gc.collect()
                yield f'"{i}'
                gc.collect()
                yield f'{i}",x'

        self.assertEqual([len(row) for row in _csv.reader(lines())], [2] * 10)

    def test_objects_of_the_collector(self):
        """Whoever finds a half-made object finds nothing wrong in it."""

        def lines():
            for _ in range(5):
                for found in gc.get_objects():
                    if type(found) is list:
                        len(found) and found[-1]
                yield "a,b,c"

        self.assertEqual(list(_csv.reader(lines())), [["a", "b", "c"]] * 5)

    def test_cannot_be_made(self):
        for cls in (_csv.Reader, _csv.Writer):
            self.assertRaises(TypeError, cls)
            self.assertRaises(TypeError, object.__new__, cls)


class Memory(unittest.TestCase):
    """Each allocation fails in turn."""

    def test_is_short(self):
        try:
            from _testcapi import remove_mem_hooks, set_nomemory
        except ImportError:
            self.skipTest("without _testcapi")
        lines = ['a,b,"c""d","e\n', 'f",g,1\u20ac,"x,y"\r\n', ",".join(["ab"] * 100)]
        rows = [["a", 1, 2.5, 'b,"c"', "\u20ac", None], ["x" * 1000, 10**30], ("q",) * 100]
        writer = _csv.writer(io.StringIO())
        works = (
            lambda: list(_csv.reader(lines)),
            lambda: list(_csv.reader(["1,2.5,'a',3_0"], quoting=2, quotechar="'")),
            lambda: writer.writerows(rows),
            lambda: _csv.Dialect(delimiter=";", lineterminator="\n").delimiter,
            lambda: _csv.reader([], delimiter=5),
            lambda: writer.writerow(5),
        )
        for work in works:
            ends = set()
            for n in range(1, 250):
                try:
                    try:
                        set_nomemory(n, n % 2 and n + 1)
                        work()
                    finally:
                        remove_mem_hooks()
                    ends.add(None)
                except Exception as error:
                    ends.add(type(error))
            self.assertLessEqual(ends, {None, MemoryError, TypeError, _csv.Error})
            self.assertTrue(ends - {MemoryError})


class Threads(unittest.TestCase):
    """Eight threads that share everything: rows are whole, or there is an exception."""

    def together(self, work):
        errors = []

        def run(i):
            try:
                barrier.wait()
                work(i)
            except BaseException as error:
                errors.append(error)

        barrier = threading.Barrier(8)
        threads = [threading.Thread(target=run, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def test_one_reader(self):
        lines = [f"{i},{i},{'x' * (i % 50)}" for i in range(4000)]
        read = _csv.reader(iter(lines))
        rows = []
        self.together(lambda i: rows.extend(read))
        self.assertEqual(sorted(",".join(row) for row in rows), sorted(lines))

    def test_one_reader_of_a_slow_iterator(self):
        def lines():
            for i in range(20):
                time.sleep(0.0001)
                yield f'"{i}'
                yield f'{i}",z'

        def work(_):
            while True:
                try:
                    row = next(read)
                except (_csv.Error, ValueError):  # overtaken; the generator is running
                    continue
                except StopIteration:
                    return
                self.assertIn(type(row), (list,))

        read = _csv.reader(lines())
        self.together(work)

    def test_one_writer(self):
        out = io.StringIO()
        writer = _csv.writer(out)
        self.together(lambda i: writer.writerows([[i, j, "a,b"] for j in range(500)]))
        rows = list(_csv.reader(io.StringIO(out.getvalue())))
        self.assertEqual(len(rows), 4000)
        self.assertTrue(all(row[2] == "a,b" for row in rows))

    def test_one_row(self):
        row = ["a", 1, 2.5, None] * 20
        out = io.StringIO()
        writer = _csv.writer(out)

        def work(i):
            for j in range(300):
                if i < 4:
                    writer.writerow(row)
                else:
                    row.append(j)
                    row.pop(0)

        self.together(work)
        for read in _csv.reader(io.StringIO(out.getvalue())):
            self.assertGreater(len(read), 70)

    def test_registry_and_limit(self):
        def work(i):
            for j in range(300):
                name = f"thread {j % 10}"
                _csv.register_dialect(name, delimiter=";")
                try:
                    list(_csv.reader(["a;b"] * 3, name))
                    _csv.unregister_dialect(name)
                except _csv.Error:
                    pass
                _csv.field_size_limit(1000 + j)

        old = _csv.field_size_limit()
        try:
            self.together(work)
        finally:
            _csv.field_size_limit(old)
            for name in _csv.list_dialects():
                if name.startswith("thread"):
                    _csv.unregister_dialect(name)

    def test_dialect_shared(self):
        dialect = _csv.Dialect(delimiter="|", lineterminator="end")
        self.together(lambda i: [(dialect.delimiter, dialect.strict, dialect.lineterminator) for _ in range(2000)])


if __name__ == "__main__":
    unittest.main()
