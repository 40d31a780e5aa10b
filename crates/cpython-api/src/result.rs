//! Results: what a function gives back, as C wants it.
use cpython_ffi::Owned;
use cpython_ffi::raw::PyObject;

use crate::error::{PyErr, PyResult};
use crate::handle::{Bound, Py};
use crate::thread::ThreadState;

/// A new reference on its way to C.
pub struct Outcome(Owned);

impl Outcome {
    /// Gives the reference to C.
    #[inline(always)]
    pub(crate) fn into_ptr(self) -> *mut PyObject {
        self.0.into_ptr()
    }

    /// Takes the reference of a handle.
    #[inline(always)]
    pub(crate) fn of<T>(object: Bound<'_, T>) -> Self {
        Self(object.into_owned())
    }

    /// `None`, `True`, ...: an immortal object.
    ///
    /// # Safety
    /// `object` is immortal.
    #[inline(always)]
    unsafe fn immortal(object: *mut PyObject) -> Self {
        // SAFETY: not null, immortal: no count is needed.
        Self(unsafe { Owned::new(std::ptr::NonNull::new_unchecked(object)) })
    }
}

/// A Rust type that a function can give back.
pub trait Return<'py> {
    /// Converts; `token` is asked for by conversions that touch objects.
    ///
    /// # Errors
    /// The function's own error; `MemoryError`.
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome>;
}

/// `None`.
impl<'py> Return<'py> for () {
    #[inline(always)]
    fn give(self, _token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome> {
        // SAFETY: immortal.
        Ok(unsafe { Outcome::immortal(cpython_ffi::raw::Py_None()) })
    }
}

impl<'py, T> Return<'py> for Bound<'py, T> {
    #[inline(always)]
    fn give(self, _token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome> {
        Ok(Outcome::of(self))
    }
}

impl<'py, T> Return<'py> for Py<T> {
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome> {
        Ok(Outcome::of(self.bind(&token())))
    }
}

impl<'py, R: Return<'py>> Return<'py> for Result<R, PyErr> {
    #[inline(always)]
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome> {
        self?.give(token)
    }
}
