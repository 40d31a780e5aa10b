//! `None`, `True`, `False`, `NotImplemented`, `...`: from the token, without a call.
use std::ptr::NonNull;

use cpython_ffi::raw;

use super::{PyAny, PyBool};
use crate::handle::Borrowed;
use crate::thread::ThreadState;

/// The objects of which there is one each.
///
/// ```no_run
/// use cpython_api::{Bound, ThreadState};
/// fn first<'py>(ts: &ThreadState<'py>, items: &[Bound<'py>]) -> Bound<'py> {
///     items.first().unwrap_or(&ts.none()).clone()
/// }
/// ```
impl<'py> ThreadState<'py> {
    /// `None`.
    #[inline(always)]
    pub fn none(&self) -> Borrowed<'static, 'py, PyAny> {
        self.immortal(raw::Py_None())
    }

    /// `True` or `False`.
    #[inline(always)]
    pub fn bool(&self, value: bool) -> Borrowed<'static, 'py, PyBool> {
        self.immortal(if value { raw::Py_True() } else { raw::Py_False() })
    }

    /// `NotImplemented`.
    #[inline(always)]
    pub fn not_implemented(&self) -> Borrowed<'static, 'py, PyAny> {
        self.immortal(raw::Py_NotImplemented())
    }

    /// `...`.
    #[inline(always)]
    pub fn ellipsis(&self) -> Borrowed<'static, 'py, PyAny> {
        self.immortal(raw::Py_Ellipsis())
    }

    #[inline(always)]
    fn immortal<T>(&self, object: *mut raw::PyObject) -> Borrowed<'static, 'py, T> {
        // SAFETY: one of the static objects above, which live as long as the process.
        unsafe { Borrowed::new(self.raw(), NonNull::new_unchecked(object)) }
    }
}
