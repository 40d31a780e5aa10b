//! What can go wrong inside the lock, where no exception can be made.
use bz2_core::Error;
use cpython_api::exception::{EOFError, OSError, ValueError};
use cpython_api::{PyErr, ThreadState};
use cpython_streaming::NoMemory;

/// Why a call on a stream fails.
pub(crate) enum Failure {
    Stream(Error),
    /// The call is not allowed any more.
    TooLate(&'static str),
    Ended,
    Python(PyErr),
}

impl Failure {
    pub(crate) fn into_error(self, ts: &ThreadState<'_>) -> PyErr {
        match self {
            Self::Stream(Error::NoMemory) => PyErr::no_memory(ts),
            Self::Stream(error @ Error::Unusable) => ValueError::new(ts, error),
            Self::Stream(error) => OSError::new(ts, error),
            Self::TooLate(text) => ValueError::new(ts, text),
            Self::Ended => EOFError::new(ts, "End of stream already reached"),
            Self::Python(error) => error,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Stream(error)
    }
}

impl From<NoMemory> for Failure {
    fn from(NoMemory: NoMemory) -> Self {
        Self::Stream(Error::NoMemory)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}
