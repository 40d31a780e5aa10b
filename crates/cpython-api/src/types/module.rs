//! Modules while they are being built: constants and exception classes.
use std::ffi::CStr;

use cpython_ffi::calls;

use super::{PyAny, PyModule, PyStr, PyType};
use crate::error::{PyResult, owned, owned_by};
use crate::handle::{Bound, Py};
use crate::thread::ThreadState;

impl<'py> Bound<'py, PyModule> {
    /// Adds an object under a name.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn add(&self, name: &CStr, value: &Bound<'py, PyAny>) -> PyResult<()> {
        // SAFETY: attached; a live module, a C string and a live object.
        self.done(unsafe {
            calls::PyModule_AddObjectRef(self.checked(), name.as_ptr(), Some(value.reference()))
        })
    }

    /// Adds an `int`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn add_int(&self, name: &CStr, value: i64) -> PyResult<()> {
        let ts = self.token();
        // SAFETY: attached. All supported platforms have 64 bits, so the cast keeps the value.
        let value: Bound<'py, PyAny> =
            unsafe { owned_by(&ts, calls::PyLong_FromSsize_t(value as isize)) }?;
        self.add(name, &value)
    }

    /// Adds a `str`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn add_str(&self, name: &CStr, value: &str) -> PyResult<()> {
        let value = PyStr::new(&self.token(), value)?;
        self.add(name, &value)
    }

    /// Makes an exception class and adds it under the last part of its dotted name, as C's
    /// `PyErr_NewExceptionWithDoc` does.
    ///
    /// ```no_run
    /// # use cpython_api::{Bound, Py, PyResult, PyType, ThreadState, types::PyModule};
    /// # use cpython_api::exception::{ExceptionType, ValueError};
    /// # fn exec<'py>(ts: &ThreadState<'py>, module: &Bound<'py, PyModule>) -> PyResult<Py<PyType>> {
    /// module.add_exception(ts, c"binascii.Error", &ValueError::class(ts), None)
    /// # }
    /// ```
    ///
    /// # Errors
    /// `SystemError` when the name has no dot; `MemoryError`.
    pub fn add_exception(
        &self,
        ts: &ThreadState<'py>,
        name: &'static CStr,
        base: &Bound<'py, PyType>,
        doc: Option<&'static CStr>,
    ) -> PyResult<Py<PyType>> {
        ts.raw();
        let doc = doc.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: attached; C strings and a live class; the call returns a class.
        let class: Bound<'py, PyType> = unsafe {
            owned(
                self,
                calls::PyErr_NewExceptionWithDoc(name.as_ptr(), doc, Some(base.checked()), None),
            )
        }?;
        self.add(last_part(name), &class)?;
        Ok(class.unbind())
    }
}

/// What follows the last dot.
pub(crate) fn last_part(name: &CStr) -> &CStr {
    let bytes = name.to_bytes_with_nul();
    let start = bytes.iter().rposition(|&byte| byte == b'.').map_or(0, |dot| dot + 1);
    CStr::from_bytes_with_nul(&bytes[start..]).unwrap_or_default()
}
