//! Reference counts (`refcount.h`): one implementation for each build kind.

use crate::PyObject;

#[cfg_attr(not(Py_GIL_DISABLED), path = "refcount/with_gil.rs")]
#[cfg_attr(Py_GIL_DISABLED, path = "refcount/free_threaded.rs")]
mod build;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("cpython-sys has the reference counts of 64-bit platforms only");

/// Takes a strong reference; does nothing to an immortal object.
///
/// # Safety
/// `op` is a live object and the thread is attached to its interpreter.
#[inline(always)]
pub unsafe fn Py_INCREF(op: *mut PyObject) {
    // SAFETY: the caller promises what it asks.
    unsafe { build::incref(op) }
}

/// Gives a strong reference back, which may destroy the object and so run any Python code.
///
/// # Safety
/// As for [`Py_INCREF`]; the caller owns a reference and loses it.
#[inline(always)]
pub unsafe fn Py_DECREF(op: *mut PyObject) {
    // SAFETY: the caller promises what it asks.
    unsafe { build::decref(op) }
}

/// [`Py_INCREF`] that lets a null pointer pass.
///
/// # Safety
/// As for [`Py_INCREF`], if `op` is not null.
#[inline(always)]
pub unsafe fn Py_XINCREF(op: *mut PyObject) {
    if !op.is_null() {
        // SAFETY: the caller promises it of a pointer that is not null.
        unsafe { Py_INCREF(op) }
    }
}

/// [`Py_DECREF`] that lets a null pointer pass.
///
/// # Safety
/// As for [`Py_DECREF`], if `op` is not null.
#[inline(always)]
pub unsafe fn Py_XDECREF(op: *mut PyObject) {
    if !op.is_null() {
        // SAFETY: the caller promises it of a pointer that is not null.
        unsafe { Py_DECREF(op) }
    }
}

/// Takes a strong reference and returns the object.
///
/// # Safety
/// As for [`Py_INCREF`].
#[inline(always)]
pub unsafe fn Py_NewRef(op: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller promises what it asks.
    unsafe { Py_INCREF(op) };
    op
}

/// [`Py_NewRef`] that lets a null pointer pass.
///
/// # Safety
/// As for [`Py_INCREF`], if `op` is not null.
#[inline(always)]
pub unsafe fn Py_XNewRef(op: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller promises what it asks.
    unsafe { Py_XINCREF(op) };
    op
}

/// Empties a place that owns a reference, then gives the reference back: in this order, so that
/// code that runs meanwhile finds the place empty.
///
/// # Safety
/// `place` may be read and written; what it holds is null or a reference that it owns.
#[inline(always)]
pub unsafe fn Py_CLEAR(place: *mut *mut PyObject) {
    // SAFETY: the place may be read and written, and owned what it held.
    unsafe {
        let old = place.replace(core::ptr::null_mut());
        Py_XDECREF(old);
    }
}

/// The reference count. Other threads may change it at any time in a free-threaded build.
///
/// # Safety
/// As for [`Py_INCREF`].
#[inline(always)]
pub unsafe fn Py_REFCNT(op: *mut PyObject) -> crate::Py_ssize_t {
    // SAFETY: the caller promises what it asks.
    unsafe { build::refcnt(op) }
}

/// Whether giving one reference back could destroy the object. The answer may be "yes" too often,
/// when threads share the object, but never "no" wrongly. C has no name for it.
///
/// # Safety
/// As for [`Py_INCREF`]; the caller owns a reference.
#[inline(always)]
pub unsafe fn may_be_last(op: *mut PyObject) -> bool {
    // SAFETY: the caller promises what it asks.
    unsafe { build::may_be_last(op) }
}

/// Whether the object is immortal: its reference count no longer moves.
///
/// # Safety
/// As for [`Py_INCREF`].
#[inline(always)]
pub unsafe fn _Py_IsImmortal(op: *mut PyObject) -> core::ffi::c_int {
    // SAFETY: the caller promises what it asks.
    unsafe { build::is_immortal(op).into() }
}
