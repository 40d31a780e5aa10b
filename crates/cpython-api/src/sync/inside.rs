//! What may be done to Python while a [`PyLock`](super::PyLock) is held: [`Inside`].
use std::ops::ControlFlow;

use cpython_simd::Sink;

use crate::bytes_growth::Room;
use crate::error::{PyErr, PyResult};
use crate::handle::Py;
use crate::thread::ThreadState;
use crate::types::PyBytes;

/// Given to the closure of [`PyLock::hold`](super::PyLock::hold): it does what runs no Python, and
/// nothing else.
///
/// It stays with its thread, so that it cannot be taken along to where the thread is detached:
///
/// ```compile_fail
/// # use cpython_api::{PyLock, ThreadState};
/// fn inner(ts: &mut ThreadState<'_>, lock: &PyLock<i32>) {
///     let _ = lock.hold(ts, |_, inside| inside.detach(|| inside.detach(|| ())));
/// }
/// ```
pub struct Inside<'a, 'py> {
    ts: &'a mut ThreadState<'py>,
}

impl<'a, 'py> Inside<'a, 'py> {
    pub(super) fn new(ts: &'a mut ThreadState<'py>) -> Self {
        Self { ts }
    }

    /// Runs `work` detached, as [`ThreadState::detach`] does. The lock stays held.
    pub fn detach<R: Send>(&mut self, work: impl FnOnce() -> R + Send) -> R {
        self.ts.detach(work)
    }

    /// As [`PyBytes::grow`].
    ///
    /// # Errors
    /// As for [`PyBytes::grow`].
    pub fn grow<E: From<PyErr> + Send>(
        &mut self,
        room: Room,
        step: impl FnMut(&mut Sink<'_>) -> Result<ControlFlow<()>, E> + Send,
    ) -> Result<Py<PyBytes>, E> {
        Ok(PyBytes::grow(self.ts, room, step)?.unbind())
    }

    /// A `bytes` of these bytes.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn bytes(&self, bytes: &[u8]) -> PyResult<Py<PyBytes>> {
        Ok(PyBytes::new(self.ts, bytes)?.unbind())
    }

    /// `MemoryError`.
    pub fn no_memory(&self) -> PyErr {
        PyErr::no_memory(self.ts)
    }
}
