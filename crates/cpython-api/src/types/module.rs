//! Modules while they are being built: constants and exception classes.
use std::ffi::CStr;
use std::ptr;

use cpython_ffi::calls;
use cpython_ffi::raw::{self, PyType_Slot, PyType_Spec};

use super::{PyAny, PyModule, PyStr, PyType};
use crate::error::{PyResult, owned, owned_by};
use crate::exception::SystemError;
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
        let doc = doc.map_or(ptr::null(), CStr::as_ptr);
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

    /// Makes an exception class like [`Self::add_exception`], but as a C module does that makes it
    /// from a `PyType_Spec`: without weak references to instances.
    ///
    /// # Errors
    /// `SystemError` when the base is no class of exceptions; `MemoryError`.
    pub fn add_spec_exception(
        &self,
        ts: &ThreadState<'py>,
        name: &'static CStr,
        base: &Bound<'py, PyType>,
    ) -> PyResult<Py<PyType>> {
        ts.raw();
        let mut end = PyType_Slot { slot: 0, pfunc: ptr::null_mut() };
        let mut spec = PyType_Spec {
            name: name.as_ptr(),
            basicsize: 0,
            itemsize: 0,
            flags: (raw::Py_TPFLAGS_DEFAULT | raw::Py_TPFLAGS_BASETYPE) as _,
            slots: &mut end,
        };
        // SAFETY: a live type.
        let base_raises = unsafe {
            let class = base.checked().as_ptr().cast();
            raw::PyType_HasFeature(class, raw::Py_TPFLAGS_BASE_EXC_SUBCLASS as _) != 0
        };
        if !base_raises {
            return Err(SystemError::new(ts, "the base of an exception class must be one"));
        }
        // SAFETY: attached; the spec is complete, adds nothing to its base, and its name is
        // `'static`; the call returns a class.
        let class: Bound<'py, PyType> = unsafe {
            owned(
                self,
                calls::PyType_FromMetaclass(
                    ptr::null_mut(),
                    Some(self.checked()),
                    &mut spec,
                    Some(base.checked()),
                ),
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
