//! One plain count, protected by the GIL; the sign bit of its lower half means immortal.

use crate::{_Py_Dealloc, _Py_IMMORTAL_INITIAL_REFCNT, Py_ssize_t, PyObject};

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn incref(op: *mut PyObject) {
    // SAFETY: a live object's count, read and written under the GIL.
    unsafe {
        let count = local(op);
        if *count >= IMMORTAL {
            return;
        }
        *count += 1;
        #[cfg(Py_REF_DEBUG)]
        if !is_immortal(op) {
            crate::_Py_INCREF_IncRefTotal();
        }
    }
}

/// # Safety
/// As for [`Py_DECREF`](crate::Py_DECREF).
#[inline(always)]
pub(super) unsafe fn decref(op: *mut PyObject) {
    // SAFETY: as above; the last reference destroys the object.
    unsafe {
        #[cfg(Py_REF_DEBUG)]
        if refcnt_full(op) <= 0 || *local(op) > u32::MAX - (1 << 20) {
            crate::_Py_NegativeRefcount(FILE.as_ptr(), line!() as _, op);
        }
        if is_immortal(op) {
            return;
        }
        #[cfg(Py_REF_DEBUG)]
        crate::_Py_DECREF_DecRefTotal();
        let count = local(op);
        *count = (*count).wrapping_sub(1);
        if *count == 0 {
            _Py_Dealloc(op);
        }
    }
}

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn refcnt(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: as above.
    unsafe { *local(op) as Py_ssize_t }
}

/// # Safety
/// As for [`may_be_last`](crate::may_be_last).
#[inline(always)]
pub(super) unsafe fn may_be_last(op: *mut PyObject) -> bool {
    // SAFETY: as above.
    unsafe { *local(op) <= 1 }
}

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn is_immortal(op: *mut PyObject) -> bool {
    // SAFETY: as above.
    unsafe { (*local(op)).cast_signed() < 0 }
}

/// The 32 bits that are the count: `ob_refcnt`.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
unsafe fn local(op: *mut PyObject) -> *mut u32 {
    // SAFETY: in bounds of the object.
    unsafe { &raw mut (*op).__bindgen_anon_1.__bindgen_anon_1.ob_refcnt }
}

/// The count with the flags above it.
///
/// # Safety
/// `op` is a live object.
#[cfg(Py_REF_DEBUG)]
unsafe fn refcnt_full(op: *mut PyObject) -> i64 {
    // SAFETY: as for `local`.
    unsafe { (*op).__bindgen_anon_1.ob_refcnt_full }
}

const IMMORTAL: u32 = _Py_IMMORTAL_INITIAL_REFCNT as u32;

#[cfg(Py_REF_DEBUG)]
const FILE: &core::ffi::CStr = c"cpython-sys";
