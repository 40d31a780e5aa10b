//! `OSError` from the operating system's error numbers.
use std::io;

use crate::error::{PyErr, PyResult};
use crate::exception::{ExceptionType, OSError};
use crate::handle::Bound;
use crate::message::Message;
use crate::thread::ThreadState;
use crate::types::{PyAny, PyInt, PyStr};

impl PyErr {
    /// `OSError(errno, strerror[, filename])`, which chooses the subclass: `FileNotFoundError` and
    /// so on. C's `PyErr_SetFromErrnoWithFilenameObject`.
    ///
    /// For an interrupted call (`EINTR`) the handlers of signals run first, and what they raise
    /// is the result.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyErr, PyResult, ThreadState};
    /// fn refuse<'py>(ts: &ThreadState<'py>, path: &Bound<'py>) -> PyResult<()> {
    ///     Err(PyErr::from_errno(ts, 13, Some(path)))
    /// }
    /// ```
    #[cold]
    pub fn from_errno<'py>(
        ts: &ThreadState<'py>,
        errno: i32,
        filename: Option<&Bound<'py, PyAny>>,
    ) -> Self {
        let error = io::Error::from_raw_os_error(errno);
        if error.kind() == io::ErrorKind::Interrupted
            && let Err(raised) = ts.check_signals()
        {
            return raised;
        }
        make(ts, errno, &error, filename).unwrap_or_else(|failure| failure)
    }

    /// The same for an error of Rust's standard library. One without a number becomes an
    /// `OSError` with its text.
    ///
    /// ```no_run
    /// use cpython_api::{PyErr, PyResult, ThreadState};
    /// fn size(ts: &ThreadState<'_>, path: &str) -> PyResult<u64> {
    ///     let found = std::fs::metadata(path).map_err(|error| PyErr::from_io(ts, &error, None))?;
    ///     Ok(found.len())
    /// }
    /// ```
    #[cold]
    pub fn from_io<'py>(
        ts: &ThreadState<'py>,
        error: &io::Error,
        filename: Option<&Bound<'py, PyAny>>,
    ) -> Self {
        match error.raw_os_error() {
            Some(errno) => Self::from_errno(ts, errno, filename),
            None => OSError::new(ts, error),
        }
    }
}

/// The exception; the error is that of making it.
fn make<'py>(
    ts: &ThreadState<'py>,
    errno: i32,
    error: &io::Error,
    filename: Option<&Bound<'py, PyAny>>,
) -> PyResult<PyErr> {
    let text = Message::new(format_args!("{error}"));
    let added = Message::new(format_args!(" (os error {errno})"));
    let number = PyInt::new(ts, errno)?;
    // Rust adds the number to what `strerror` says; C has a word of its own for 0.
    let text = text.as_str().strip_suffix(added.as_str()).unwrap_or(text.as_str());
    let text = PyStr::new(ts, if errno == 0 { "Error" } else { text })?;
    let class = OSError::class(ts);
    let made = match filename {
        Some(filename) => class.call(&[&number, &text, filename]),
        None => class.call(&[&number, &text]),
    }?;
    Ok(PyErr::from_object(made))
}
