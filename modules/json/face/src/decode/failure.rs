//! From an error of the core to an exception.
use cpython_api::exception::{ExceptionType, StopIteration};
use cpython_api::types::{PyInt, PyStr};
use cpython_api::{Bound, PyErr, PyResult, PyType, ThreadState};
use json_core::decode::{Broken, Error};

/// The exception for any error.
#[cold]
pub(super) fn raised<'py>(
    ts: &ThreadState<'py>,
    document: &Bound<'py, PyStr>,
    error: Error<PyErr>,
) -> PyErr {
    match error {
        Error::Broken(broken) => self::broken(ts, document, broken),
        Error::NoValue(at) => no_value(ts, at),
        Error::Build(error) => error,
    }
}

/// `json.decoder.JSONDecodeError`.
fn broken<'py>(ts: &ThreadState<'py>, document: &Bound<'py, PyStr>, broken: Broken) -> PyErr {
    try_broken(ts, document, broken).unwrap_or_else(|failure| failure)
}

fn try_broken<'py>(
    ts: &ThreadState<'py>,
    document: &Bound<'py, PyStr>,
    broken: Broken,
) -> PyResult<PyErr> {
    let class = ts.import_attr(c"json.decoder", c"JSONDecodeError")?;
    let message = PyStr::format(ts, format_args!("{}", broken.kind))?;
    let at = PyInt::new(ts, broken.at)?;
    let exception = class.call(&[message.as_any(), document.as_any(), at.as_any()])?;
    Ok(match class.cast::<PyType>() {
        Some(class) => PyErr::with_value(ts, class, &exception),
        None => PyErr::from_object(exception),
    })
}

/// `StopIteration(at)`, which callers in Python turn into an exception of their own.
#[cold]
pub(super) fn no_value(ts: &ThreadState<'_>, at: usize) -> PyErr {
    match PyInt::new(ts, at) {
        Ok(at) => PyErr::with_value(ts, &StopIteration::class(ts), &at),
        Err(no_memory) => no_memory,
    }
}
