//! The function `reader` and its class: an iterator over rows.
use std::ops::Range;
use std::sync::atomic::{AtomicIsize, AtomicU64, Ordering};

use cpython_api::sync::critical_section;
use cpython_api::types::{ListBuilder, PyDict, PyList, PyStr, StrData};
use cpython_api::{
    Bound, Module, Py, PyAny, PyErr, PyResult, Shared, ThreadState, class, function, methods,
};
use csv_core::{Error, Fields, Parser, Quoting, Text};

use crate::dialect::{self, Dialect};
use crate::fields;
use crate::state::State;

/// Reads the rows of a file: each step gives the fields of one.
#[class("_csv.reader", state = State, subclassable)]
pub(crate) struct Reader {
    lines: Py,
    #[member]
    dialect: Py<Dialect>,
    /// How many lines have been read.
    #[member]
    line_num: AtomicU64,
    #[traverse(skip)]
    field_limit: Shared<AtomicIsize>,
}

/// Make an iterator over the rows in an iterable of lines.
///
/// The iterable is a file, a list, or anything else that gives one line of text at a time; a row
/// may go over several. dialect is a dialect, an object with the attributes of one, or the name of
/// one that is registered; keywords change single options of it.
#[function(
    "reader(iterable, dialect=<unrepresentable>, /, **fmtparams)",
    by_hand = "reader($module, iterable, /, dialect='excel', **fmtparams)"
)]
pub(crate) fn reader<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    iterable: &Bound<'py, PyAny>,
    dialect: Option<&Bound<'py, PyAny>>,
    fmtparams: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, Reader>> {
    let state = module.state()?;
    let lines = iterable.iter()?.unbind();
    let dialect = dialect::made(ts, state, dialect, fmtparams)?.unbind();
    let field_limit = state.field_limit.clone();
    let reader = Reader { lines, dialect, line_num: AtomicU64::new(0), field_limit };
    state.reader.instance(ts, reader)
}

#[methods(tp_iter_self)]
impl Reader {
    #[slot(tp_iternext)]
    fn next<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let row = critical_section(ts, this, || this.get().read(ts));
        match row {
            Ok(row) => Ok(row.map(Bound::into_any)),
            Err(stop) => Err(stop.raise(ts, this)),
        }
    }
}

impl Reader {
    /// The next row.
    ///
    /// Nothing of a row that is being read is kept in the object: the iterator of lines may run
    /// any Python, which may read from this reader. If it has, a line is missing here.
    #[inline(always)]
    fn read<'py>(&self, ts: &ThreadState<'py>) -> Result<Option<Bound<'py, PyList>>, Stop> {
        let dialect = self.dialect.get(ts);
        let rules = &dialect.get().rules;
        let lines = self.lines.get(ts);
        let mut row = ListBuilder::new(ts);
        let mut parser = Parser::new();
        let mut line_num = self.line_num.load(Ordering::Relaxed);
        loop {
            let Some(line) = lines.next()? else {
                if !parser.is_unfinished() {
                    return Ok(None);
                }
                self.check_advanced(line_num)?;
                let (quoting, line) = (rules.quoting, None);
                parser.finish(rules, &mut ReadFields { ts, quoting, line, row: &mut row })?;
                return Ok(Some(row.finish()?));
            };
            let Some(line) = line.cast::<PyStr>() else {
                return Err(Stop::NoText(line.clone().unbind()));
            };
            self.check_advanced(line_num)?;
            line_num += 1;
            self.line_num.store(line_num, Ordering::Relaxed);
            let limit = self.field_limit.load(Ordering::Relaxed);
            let text = line.data();
            let (quoting, line) = (rules.quoting, Some(line));
            let fields = &mut ReadFields { ts, quoting, line, row: &mut row };
            let complete = match text {
                StrData::Latin1(units) => parser.line(rules, limit, units, fields)?,
                StrData::Ucs2(units) => parser.line(rules, limit, units, fields)?,
                StrData::Ucs4(units) => parser.line(rules, limit, units, fields)?,
            };
            if complete {
                return Ok(Some(row.finish()?));
            }
        }
    }

    /// Refuses to go on when somebody else has read a line meanwhile.
    #[inline(always)]
    fn check_advanced(&self, line_num: u64) -> Result<(), Stop> {
        if self.line_num.load(Ordering::Relaxed) == line_num { Ok(()) } else { Err(Stop::Advanced) }
    }
}

/// Takes the fields of a row and makes objects of them.
struct ReadFields<'a, 'py> {
    ts: &'a ThreadState<'py>,
    quoting: Quoting,
    /// The line that parts are parts of.
    line: Option<&'a Bound<'py, PyStr>>,
    row: &'a mut ListBuilder<'py>,
}

impl Fields for ReadFields<'_, '_> {
    type Error = Stop;

    #[inline(always)]
    fn in_line(&mut self, range: Range<usize>, unquoted: bool) -> Result<(), Stop> {
        let Some(line) = self.line else { return Ok(()) };
        if !unquoted || fields::is_text(self.quoting, range.is_empty()) {
            return Ok(self.row.push(line.substring(range)?)?);
        }
        self.text(fields::part(fields::text(line.data()), range), unquoted)
    }

    #[inline(never)]
    fn text(&mut self, text: Text<'_>, unquoted: bool) -> Result<(), Stop> {
        Ok(self.row.push(fields::value(self.ts, self.quoting, text, unquoted)?)?)
    }
}

/// Why there is no row.
enum Stop {
    Core(Error),
    Python(PyErr),
    /// The iterator gave something else than a `str`: this.
    NoText(Py),
    /// Python that the iterator ran has read from this reader.
    Advanced,
}

impl Stop {
    #[cold]
    fn raise<'py>(self, ts: &ThreadState<'py>, reader: &Bound<'py, Reader>) -> PyErr {
        if let Self::Python(error) = self {
            return error;
        }
        let module = match reader.module() {
            Ok(module) => module,
            Err(torn) => return torn,
        };
        match (module.state(), self) {
            (Err(not_ready), _) => not_ready,
            (Ok(state), Self::Core(error)) => state.raise(ts, error),
            (Ok(state), Self::NoText(line)) => state.error(
                ts,
                format_args!(
                    "iterator should return strings, not {:.200} \
                     (the file should be opened in text mode)",
                    line.get(ts).type_name()
                ),
            ),
            (Ok(state), Self::Advanced) => {
                state.error(ts, "iterator has already advanced the reader")
            }
            (Ok(_), Self::Python(error)) => error,
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}
