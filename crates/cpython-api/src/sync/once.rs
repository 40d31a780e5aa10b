//! A value that is made when it is first needed: [`PyOnce`].
use std::ops::ControlFlow;
use std::sync::OnceLock;

use crate::error::PyResult;
use crate::gc::{Stop, Traverse, Visit};

/// A cell that is filled once, by code that may run Python.
///
/// Unlike [`OnceLock::get_or_init`] it holds nothing while it makes the value, so that it cannot
/// deadlock with the GIL. When two threads make one at the same time, the first to finish wins,
/// and the other value is dropped.
///
/// It is for module state: imported functions, compiled patterns. The collector sees what is in
/// it but cannot empty it (others may be reading): what may refer back to its owner belongs in a
/// [`PyLock`](crate::PyLock).
///
/// ```no_run
/// use cpython_api::{Py, PyOnce, PyResult, ThreadState, types::PyDict};
/// struct State { cache: PyOnce<Py<PyDict>> }
/// impl State {
///     fn cache(&self, ts: &ThreadState<'_>) -> PyResult<&Py<PyDict>> {
///         self.cache.get_or_try_init(|| Ok(PyDict::new(ts)?.unbind()))
///     }
/// }
/// ```
#[derive(Debug)]
pub struct PyOnce<T>(OnceLock<T>);

impl<T> PyOnce<T> {
    /// An empty cell.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The value, if there is one yet.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }

    /// The value, made by `make` when there is none yet.
    ///
    /// # Errors
    /// What `make` raises; then the cell stays empty.
    #[inline]
    pub fn get_or_try_init(&self, make: impl FnOnce() -> PyResult<T>) -> PyResult<&T> {
        match self.0.get() {
            Some(value) => Ok(value),
            None => {
                let made = make()?;
                // Waits only for a thread that is storing a value made already.
                Ok(self.0.get_or_init(|| made))
            }
        }
    }
}

impl<T> Default for PyOnce<T> {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: the value is owned and visited once.
unsafe impl<T: Traverse> Traverse for PyOnce<T> {
    const HAS_REFERENCES: bool = T::HAS_REFERENCES;

    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.0.traverse(visit)
    }

    fn clear(&self) {
        self.0.clear();
    }

    fn clear_exclusive(&mut self) {
        self.0.clear_exclusive();
    }
}
