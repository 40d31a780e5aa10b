//! What may be done to Python while a [`PyLock`](super::PyLock) is held: [`Inside`].
use std::ops::ControlFlow;

use cpython_simd::Sink;

use crate::buffer::bytes_of;
use crate::bytes_growth::Room;
use crate::error::{PyErr, PyResult};
use crate::exception::SystemError;
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

    /// A `bytes` of both parts.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn join(&self, first: &[u8], second: &[u8]) -> PyResult<Py<PyBytes>> {
        let size = first.len().checked_add(second.len());
        let size = size.ok_or_else(|| PyErr::no_memory(self.ts))?;
        let both = PyBytes::build(self.ts, size, |out| {
            let written = out.extend(first).and_then(|()| out.extend(second));
            written.map_err(|full| SystemError::new(self.ts, full))
        });
        Ok(both?.unbind())
    }

    /// The bytes of an object that the value keeps. They stay valid while detached, and end with
    /// the lock.
    pub fn slice<'b>(&self, bytes: &'b Py<PyBytes>) -> &'b [u8]
    where
        'a: 'b,
    {
        let bytes = bytes.get(self.ts);
        // SAFETY: counted for `'b` by the handle that is borrowed, and seen to belong to this
        // interpreter, which outlives `'a`: what uses the bytes is attached, or holds a guard.
        unsafe { bytes_of(bytes.reference()) }
    }

    /// Another handle on an object.
    pub fn another<T>(&self, object: &Py<T>) -> Py<T> {
        object.clone_ref(self.ts)
    }

    /// `MemoryError`.
    pub fn no_memory(&self) -> PyErr {
        PyErr::no_memory(self.ts)
    }
}
