//! What the module keeps: its classes, its exception, the registered dialects, the field limit.
use std::sync::atomic::{AtomicIsize, Ordering};

use cpython_api::exception::{Exception, ExceptionType};
use cpython_api::types::{PyDict, PyStr, StrData};
use cpython_api::{
    ClassRef, Module, ModuleState, Py, PyErr, PyResult, PyType, Shared, StrWriter, ThreadState,
    Traverse,
};
use csv_core::{Error, Quoting};

use crate::dialect::Dialect;
use crate::reader::Reader;
use crate::writer::Writer;

/// The state of the module.
#[derive(Traverse)]
pub struct State {
    pub(crate) error: Py<PyType>,
    /// The registered dialects by name; Python sees it, and may put anything there.
    pub(crate) dialects: Py<PyDict>,
    pub(crate) dialect: ClassRef<Dialect>,
    pub(crate) reader: ClassRef<Reader>,
    pub(crate) writer: ClassRef<Writer>,
    pub(crate) write: Py<PyStr>,
    /// The most characters that a field may have; readers share it.
    #[traverse(skip)]
    pub(crate) field_limit: Shared<AtomicIsize>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let (dialect, reader, writer) =
            (module.new_class(ts)?, module.new_class(ts)?, module.new_class(ts)?);
        let dialects = PyDict::new(ts)?;
        // Not under their own names: those are the functions'.
        module.add(c"Dialect", &dialect.get(ts))?;
        module.add(c"Reader", &reader.get(ts))?;
        module.add(c"Writer", &writer.get(ts))?;
        module.add(c"_dialects", &dialects)?;
        for (name, style) in [
            (c"QUOTE_MINIMAL", Quoting::Minimal),
            (c"QUOTE_ALL", Quoting::All),
            (c"QUOTE_NONNUMERIC", Quoting::NonNumeric),
            (c"QUOTE_NONE", Quoting::None),
            (c"QUOTE_STRINGS", Quoting::Strings),
            (c"QUOTE_NOTNULL", Quoting::NotNull),
        ] {
            module.add_int(name, style as i64)?;
        }
        Ok(Self {
            error: module.add_spec_exception(ts, c"_csv.Error", &Exception::class(ts))?,
            dialects: dialects.unbind(),
            dialect,
            reader,
            writer,
            write: PyStr::interned(ts, c"write")?.unbind(),
            field_limit: Shared::new(AtomicIsize::new(FIELD_LIMIT))
                .map_err(|_| PyErr::no_memory(ts))?,
        })
    }
}

impl State {
    /// `_csv.Error` with a text.
    #[cold]
    pub(crate) fn error(&self, ts: &ThreadState<'_>, text: impl std::fmt::Display) -> PyErr {
        PyErr::new(ts, &self.error.get(ts), text)
    }

    /// The exception that an error of the core is.
    #[cold]
    pub(crate) fn raise(&self, ts: &ThreadState<'_>, error: Error) -> PyErr {
        match error {
            Error::Memory => PyErr::no_memory(ts),
            Error::AfterQuote { delimiter, quote } => {
                self.after_quote(ts, delimiter, quote).unwrap_or_else(|no_memory| no_memory)
            }
            _ => self.error(ts, error),
        }
    }

    /// The limit for fields at this moment.
    pub(crate) fn field_limit(&self) -> isize {
        self.field_limit.load(Ordering::Relaxed)
    }

    /// Both characters may be surrogates, which Rust's text cannot hold.
    fn after_quote(&self, ts: &ThreadState<'_>, delimiter: u32, quote: u32) -> PyResult<PyErr> {
        let mut text = StrWriter::new(ts, 0)?;
        text.push('\'')?;
        text.push_data(StrData::Ucs4(&[delimiter]))?;
        text.push_str("' expected after '")?;
        text.push_data(StrData::Ucs4(&[quote]))?;
        text.push('\'')?;
        Ok(PyErr::with_value(ts, &self.error.get(ts), text.finish()?.as_any()))
    }
}

/// The limit for fields until somebody sets another.
const FIELD_LIMIT: isize = 128 * 1024;
