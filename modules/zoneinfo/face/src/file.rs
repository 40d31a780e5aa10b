//! Python's file objects as the source of a zone.
use cpython_api::exception::{AssertionError, ExceptionType, TypeError, ValueError};
use cpython_api::types::{PyBytes, PyStr, PyType};
use cpython_api::{Bound, IntoPy, Kept, PyAny, PyErr, PyResult, ThreadState};
use zoneinfo_core::{Error, Kind, Source, Zone};

use crate::state::State;

/// Reads a zone with a file's methods.
pub(crate) fn read<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    file: &Bound<'py, PyAny>,
) -> PyResult<Zone> {
    Zone::read(&mut File { ts, state, file, is_at_start: true })
        .map_err(|error| error.kind().map_or_else(|raised| raised, |(kind, e)| raise(ts, kind, e)))
}

/// A binary file, or what behaves like one.
struct File<'a, 'py> {
    ts: &'a ThreadState<'py>,
    state: &'a State,
    file: &'a Bound<'py, PyAny>,
    is_at_start: bool,
}

impl Source for File<'_, '_> {
    type Error = PyErr;

    fn read(&mut self, count: i64, out: &mut Vec<u8>) -> Result<(), Error<PyErr>> {
        out.clear();
        let mut left = count;
        loop {
            // A buffered file makes room for as much as it is asked for.
            let asked = left.min(PIECE);
            let count = asked.into_py(self.ts).map_err(Error::Source)?;
            let piece = self
                .file
                .call_method(self.state.names.read.get(self.ts), &[&count])
                .map_err(Error::Source)?;
            let read = self.append(&piece, out)?;
            left -= asked;
            if left <= 0 || read != asked {
                return Ok(());
            }
        }
    }

    fn seek(&mut self, distance: i64) -> Result<(), Error<PyErr>> {
        let seek = || {
            let (distance, from_here) = (distance.into_py(self.ts)?, 1.into_py(self.ts)?);
            self.file.call_method(self.state.names.seek.get(self.ts), &[&distance, &from_here])
        };
        seek().map(drop).map_err(Error::Source)
    }

    fn read_line(&mut self, out: &mut Vec<u8>) -> Result<(), Error<PyErr>> {
        out.clear();
        let name = self.state.names.readline.get(self.ts);
        let line = self.file.call_method(name, &[]).map_err(Error::Source)?;
        self.append(&line, out).map(drop)
    }
}

impl<'py> File<'_, 'py> {
    /// Adds what a method gave, and tells how much that was.
    fn append(
        &mut self,
        piece: &Bound<'py, PyAny>,
        out: &mut Vec<u8>,
    ) -> Result<i64, Error<PyErr>> {
        let mut kept = Kept::default();
        let is_at_start = std::mem::replace(&mut self.is_at_start, false);
        let bytes = match piece.buffer(&mut kept) {
            Ok(bytes) => bytes,
            // What is no bytes is not equal to the bytes that a file begins with.
            Err(error) if is_at_start && error.is::<TypeError>(self.ts) => {
                return Err(Error::NoMagic);
            }
            Err(error) => return Err(Error::Source(error)),
        };
        out.try_reserve(bytes.len()).map_err(|_| Error::NoMemory)?;
        out.extend_from_slice(bytes);
        Ok(i64::try_from(bytes.len()).unwrap_or(i64::MAX))
    }
}

/// The exception that Python's own reader raises.
#[cold]
fn raise(ts: &ThreadState<'_>, kind: Kind, error: Error<PyErr>) -> PyErr {
    match (kind, error) {
        (Kind::MemoryError, _) => PyErr::no_memory(ts),
        (Kind::StructError, error) => {
            let class = ts.import_attr(c"struct", c"error").and_then(Bound::into_cast::<PyType>);
            class.map_or_else(|failure| failure, |class| PyErr::new(ts, &class, error))
        }
        (Kind::AssertionError, Error::LineBreak(found)) => PyBytes::new(ts, &found)
            .map_or_else(|e| e, |found| PyErr::with_value(ts, &AssertionError::class(ts), &found)),
        (Kind::UnicodeDecodeError, Error::Abbreviation(bytes)) => {
            match PyStr::from_utf8(ts, &bytes) {
                Ok(_) => ValueError::new(ts, "an abbreviation is no UTF-8"),
                Err(error) => error,
            }
        }
        (_, error) => ValueError::new(ts, error),
    }
}

/// The most that a file is asked for at once, in bytes: more than any real file has in one block.
const PIECE: i64 = 1 << 20;
