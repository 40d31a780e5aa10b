//! Exceptions: one pending on each thread state.
use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use cpython_ffi::raw::{self, PyObject};

use super::c_functions;
use super::object::{
    PyExc_MemoryError, PyObject_IsInstance, PyType_IsSubtype, free_object, new_object,
};
use super::thread::current;
use super::values::{c_text, text, told};

/// An exception with its message.
#[repr(C)]
pub(super) struct Exception {
    header: PyObject,
    value: *mut PyObject,
}

/// Raises a class with a message.
///
/// # Safety
/// Attached; a live exception class.
pub(super) unsafe fn set(class: *mut PyObject, message: &CStr) {
    let message = text(message.to_bytes());
    // SAFETY: by the caller's word.
    unsafe {
        PyErr_SetObject(class, message);
        raw::Py_DECREF(message);
    }
}

/// Takes the pending exception: `TypeError: what was wrong`; none when nothing is pending.
///
/// # Safety
/// Attached.
pub(super) unsafe fn take() -> Option<String> {
    // SAFETY: by the caller's word; the exception is one of the model's.
    unsafe {
        let raised = PyErr_GetRaisedException();
        if raised.is_null() {
            return None;
        }
        let value = (*raised.cast::<Exception>()).value;
        let message = if value.is_null() { String::new() } else { told(value) };
        let told = format!("{}: {message}", c_text((*raw::Py_TYPE(raised)).tp_name));
        raw::Py_DECREF(raised);
        Some(told)
    }
}

c_functions! {
    fn PyErr_SetObject(class: *mut PyObject, value: *mut PyObject) {
        let object = new_object(class.cast(), size_of::<Exception>());
        (*object.cast::<Exception>()).value = raw::Py_XNewRef(value);
        PyErr_SetRaisedException(object);
    }

    fn PyErr_NoMemory() -> *mut PyObject {
        PyErr_SetObject(PyExc_MemoryError, ptr::null_mut());
        ptr::null_mut()
    }

    fn PyErr_SetRaisedException(exception: *mut PyObject) {
        raw::Py_XDECREF(ptr::replace(&raw mut (*current()).current_exception, exception));
    }

    fn PyErr_GetRaisedException() -> *mut PyObject {
        ptr::replace(&raw mut (*current()).current_exception, ptr::null_mut())
    }

    fn PyErr_Occurred() -> *mut PyObject {
        let pending = (*current()).current_exception;
        if pending.is_null() { pending } else { raw::Py_TYPE(pending).cast() }
    }

    fn PyErr_Clear() {
        PyErr_SetRaisedException(ptr::null_mut());
    }

    fn PyErr_GivenExceptionMatches(given: *mut PyObject, class: *mut PyObject) -> c_int {
        if raw::PyType_Check(given) != 0 {
            PyType_IsSubtype(given.cast(), class.cast())
        } else {
            PyObject_IsInstance(given, class)
        }
    }

    fn _Py_FatalErrorFunc(_function: *const c_char, reason: *const c_char) -> ! {
        eprintln!("Fatal Python error: {}", c_text(reason));
        std::process::abort()
    }

    /// Nobody looks at it.
    fn PyErr_WriteUnraisable(_context: *mut PyObject) {
        PyErr_Clear();
    }
}

/// # Safety
/// An exception that nobody refers to.
pub(super) unsafe extern "C" fn dealloc_exception(object: *mut PyObject) {
    // SAFETY: by the caller's word.
    unsafe {
        raw::Py_XDECREF((*object.cast::<Exception>()).value);
        free_object(object.cast());
    }
}
