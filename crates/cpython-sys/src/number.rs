//! `int` and `float` from the inside (`longintrepr.h`, `floatobject.h`).

use crate::{
    _PyLong_NON_SIZE_BITS, _PyLong_SIGN_MASK, Py_ssize_t, PyFloatObject, PyLongObject, PyObject,
};
use core::ffi::c_int;

/// Whether an `int` has at most one digit, so that [`PyUnstable_Long_CompactValue`] may be asked.
///
/// # Safety
/// `op` is a live `int`.
#[inline(always)]
pub unsafe fn PyUnstable_Long_IsCompact(op: *const PyLongObject) -> c_int {
    // SAFETY: a live int's field, which never changes.
    unsafe { ((*op).long_value.lv_tag < 2 << _PyLong_NON_SIZE_BITS).into() }
}

/// The value of a compact `int`.
///
/// # Safety
/// `op` is a live `int` that is compact.
#[inline(always)]
pub unsafe fn PyUnstable_Long_CompactValue(op: *const PyLongObject) -> Py_ssize_t {
    // SAFETY: a live int's fields, which never change; there is always memory for one digit.
    unsafe {
        let sign = 1 - ((*op).long_value.lv_tag & _PyLong_SIGN_MASK as usize).cast_signed();
        sign * (*op).long_value.ob_digit[0] as Py_ssize_t
    }
}

/// The value of a `float`.
///
/// # Safety
/// `op` is a live `float`.
#[inline(always)]
pub unsafe fn PyFloat_AS_DOUBLE(op: *mut PyObject) -> f64 {
    // SAFETY: a live float's field, which never changes.
    unsafe { (*op.cast::<PyFloatObject>()).ob_fval }
}
