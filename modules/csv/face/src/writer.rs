//! The function `writer` and its class: rows to the `write` of a file.
use cpython_api::exception::TypeError;
use cpython_api::sync::critical_section;
use cpython_api::types::{PyDict, PyInt, PyList, PyStr, PyTuple, StrData};
use cpython_api::{
    Bound, Module, Py, PyAny, PyErr, PyResult, ThreadState, class, function, methods,
};
use csv_core::{Buffer, Error, Quoting, Row};

use crate::dialect::{self, Dialect};
use crate::fields::{string, text};
use crate::state::State;

/// Writes rows to a file, as text.
#[class("_csv.writer", state = State, subclassable)]
pub(crate) struct Writer {
    write: Py,
    #[member]
    dialect: Py<Dialect>,
}

/// Make an object that writes rows to a file.
///
/// The file is anything with a method write(), which gets the text of one row at a time. dialect
/// and keywords are what they are for reader().
#[function(
    "writer(fileobj, dialect=<unrepresentable>, /, **fmtparams)",
    by_hand = "writer($module, fileobj, /, dialect='excel', **fmtparams)"
)]
pub(crate) fn writer<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    fileobj: &Bound<'py, PyAny>,
    dialect: Option<&Bound<'py, PyAny>>,
    fmtparams: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, Writer>> {
    let state = module.state()?;
    let write = fileobj.getattr_opt(state.write.get(ts))?;
    let Some(write) = write.filter(|write| write.is_callable()) else {
        return Err(TypeError::new(ts, "argument 1 must have a \"write\" method"));
    };
    let dialect = dialect::made(ts, state, dialect, fmtparams)?.unbind();
    state.writer.instance(ts, Writer { write: write.unbind(), dialect })
}

#[methods]
impl Writer {
    /// Write one row.
    ///
    /// A field that is no text is written as str() shows it; None is an empty one.
    #[method("writerow(row, /)")]
    fn writerow<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        row: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        write_one(ts, this, row, &mut Buffer::new())
    }

    /// Write several rows, one after the other.
    ///
    /// Each is written as writerow() does it.
    #[method("writerows(rows, /)")]
    fn writerows<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        rows: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let rows = rows.iter()?;
        let mut memory = Buffer::new();
        while let Some(row) = rows.next()? {
            write_one(ts, this, &row, &mut memory)?;
        }
        Ok(())
    }
}

/// Writes a row; other threads that use this writer wait.
fn write_one<'py>(
    ts: &ThreadState<'py>,
    this: &Bound<'py, Writer>,
    row: &Bound<'py, PyAny>,
    memory: &mut Buffer,
) -> PyResult<Bound<'py, PyAny>> {
    let writer = this.get();
    let written = critical_section(ts, this, || {
        let line = writer.line(ts, row, memory)?;
        Ok(writer.write.get(ts).call1(&line)?)
    });
    written.map_err(|stop| Stop::raise(stop, ts, this, row))
}

impl Writer {
    /// The text of a row.
    ///
    /// Nothing of it is kept in the object: iterating and `str()` may run any Python, which may
    /// write rows of its own with this writer.
    #[inline]
    fn line<'py>(
        &self,
        ts: &ThreadState<'py>,
        fields: &Bound<'py, PyAny>,
        memory: &mut Buffer,
    ) -> Result<Bound<'py, PyStr>, Stop> {
        let dialect = self.dialect.get(ts);
        let dialect = dialect.get();
        let terminator = dialect.lineterminator.get(ts);
        let mut row = Row::new(&dialect.rules, text(terminator.data()), std::mem::take(memory));
        let quoting = dialect.rules.quoting;
        if let Some(list) = fields.cast_exact::<PyList>() {
            for field in list.iter() {
                add(&mut row, quoting, &field)?;
            }
        } else if let Some(tuple) = fields.cast_exact::<PyTuple>() {
            for field in tuple.iter() {
                add(&mut row, quoting, &field)?;
            }
        } else {
            let fields = fields.iter().map_err(Stop::NotIterable)?;
            while let Some(field) = fields.next()? {
                add(&mut row, quoting, &field)?;
            }
        }
        *memory = row.finish()?;
        Ok(string(ts, memory.text())?)
    }
}

/// Adds a field to a row.
#[inline(always)]
fn add(row: &mut Row<'_>, quoting: Quoting, field: &Bound<'_, PyAny>) -> Result<(), Stop> {
    let quoted = match quoting {
        Quoting::Minimal | Quoting::None => false,
        Quoting::All => true,
        Quoting::NonNumeric => !field.is_number(),
        Quoting::Strings => field.cast::<PyStr>().is_some(),
        Quoting::NotNull => !field.is_none(),
    };
    if let Some(field) = field.cast::<PyStr>() {
        add_text(row, field, quoted)?;
    } else if field.is_none() {
        row.null(quoted)?;
    } else if let Some(number) = field.cast_exact::<PyInt>().and_then(|field| field.as_compact()) {
        row.field(decimal(number, &mut [0; 20]), quoted)?;
    } else {
        add_text(row, &field.str()?, quoted)?;
    }
    Ok(())
}

#[inline]
fn add_text(row: &mut Row<'_>, field: &Bound<'_, PyStr>, quoted: bool) -> Result<(), Error> {
    match field.data() {
        StrData::Latin1(units) => row.field(units, quoted),
        StrData::Ucs2(units) => row.field(units, quoted),
        StrData::Ucs4(units) => row.field(units, quoted),
    }
}

/// The decimal digits of a number, with a sign when it is negative.
fn decimal(number: isize, digits: &mut [u8; 20]) -> &[u8] {
    let mut left = number.unsigned_abs();
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        start -= 1;
        digits[start] = b'-';
    }
    &digits[start..]
}

/// Why a row is not written.
enum Stop {
    Core(Error),
    Python(PyErr),
    /// The row has no iterator.
    NotIterable(PyErr),
}

impl Stop {
    #[cold]
    fn raise<'py>(
        self,
        ts: &ThreadState<'py>,
        writer: &Bound<'py, Writer>,
        row: &Bound<'py, PyAny>,
    ) -> PyErr {
        let module = match writer.module() {
            Ok(module) => module,
            Err(torn) => return torn,
        };
        match (module.state(), self) {
            (_, Self::Python(error)) => error,
            (Err(not_ready), _) => not_ready,
            (Ok(state), Self::Core(error)) => state.raise(ts, error),
            (Ok(state), Self::NotIterable(error)) if error.is::<TypeError>(ts) => {
                state.error(ts, format_args!("iterable expected, not {:.200}", row.type_name()))
            }
            (Ok(_), Self::NotIterable(error)) => error,
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
