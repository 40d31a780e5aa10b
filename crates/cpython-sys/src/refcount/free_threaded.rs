//! Two counts (PEP 703): the owning thread's, which only it writes, and an atomic one for the others.

use crate::{
    _Py_IMMORTAL_INITIAL_REFCNT, _Py_MergeZeroLocalRefcount, _Py_REF_SHARED_SHIFT, _Py_ThreadId,
    Py_ssize_t, PyObject,
};
use core::sync::atomic::{
    AtomicIsize, AtomicU32, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn incref(op: *mut PyObject) {
    // SAFETY: a live object's counts; only its owner writes the local one.
    unsafe {
        let count = local(op).load(Relaxed);
        if count == IMMORTAL {
            return;
        }
        if is_owned(op) {
            local(op).store(count + 1, Relaxed);
        } else {
            shared(op).fetch_add(1 << _Py_REF_SHARED_SHIFT, SeqCst);
        }
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
    // SAFETY: as above; at zero the owner hands over to the merge, which may destroy the object.
    unsafe {
        let count = local(op).load(Relaxed);
        if count == IMMORTAL {
            return;
        }
        #[cfg(Py_REF_DEBUG)]
        crate::_Py_DECREF_DecRefTotal();
        if is_owned(op) {
            #[cfg(Py_REF_DEBUG)]
            if count == 0 {
                crate::_Py_NegativeRefcount(FILE.as_ptr(), line!() as _, op);
            }
            let count = count.wrapping_sub(1);
            local(op).store(count, Relaxed);
            if count == 0 {
                _Py_MergeZeroLocalRefcount(op);
            }
        } else {
            decref_shared(op);
        }
    }
}

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn refcnt(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: as above.
    unsafe {
        match local(op).load(Relaxed) {
            IMMORTAL => _Py_IMMORTAL_INITIAL_REFCNT as Py_ssize_t,
            count => count as Py_ssize_t + (shared(op).load(Relaxed) >> _Py_REF_SHARED_SHIFT),
        }
    }
}

/// # Safety
/// As for [`may_be_last`](crate::may_be_last).
#[inline(always)]
pub(super) unsafe fn may_be_last(op: *mut PyObject) -> bool {
    // SAFETY: as above. Only this thread writes the local count of what it owns, so that one above
    // one does not become zero; what others own may be destroyed when the counts are merged.
    unsafe {
        let count = local(op).load(Relaxed);
        count != IMMORTAL && (count <= 1 || !is_owned(op))
    }
}

/// # Safety
/// As for [`Py_INCREF`](crate::Py_INCREF).
#[inline(always)]
pub(super) unsafe fn is_immortal(op: *mut PyObject) -> bool {
    // SAFETY: as above.
    unsafe { local(op).load(Relaxed) == IMMORTAL }
}

/// Whether this thread owns the object, so that it alone writes the local count.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
unsafe fn is_owned(op: *mut PyObject) -> bool {
    // SAFETY: a live object's field, aligned, only ever accessed atomically here.
    unsafe { AtomicUsize::from_ptr(&raw mut (*op).ob_tid).load(Relaxed) == _Py_ThreadId() }
}

/// The owner's count: `ob_ref_local`.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
unsafe fn local<'a>(op: *mut PyObject) -> &'a AtomicU32 {
    // SAFETY: as for `is_owned`; the callers use it at once.
    unsafe { AtomicU32::from_ptr(&raw mut (*op).ob_ref_local) }
}

/// The atomic count, with two flags in its low bits: `ob_ref_shared`.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
unsafe fn shared<'a>(op: *mut PyObject) -> &'a AtomicIsize {
    // SAFETY: as for `is_owned`; the callers use it at once.
    unsafe { AtomicIsize::from_ptr(&raw mut (*op).ob_ref_shared) }
}

/// Gives back a reference to an object that another thread owns.
///
/// # Safety
/// As for [`Py_DECREF`](crate::Py_DECREF).
#[inline(always)]
unsafe fn decref_shared(op: *mut PyObject) {
    #[cfg(Py_REF_DEBUG)]
    // SAFETY: the caller owns a reference to a live object.
    unsafe {
        crate::_Py_DecRefSharedDebug(op, FILE.as_ptr(), line!() as _)
    }
    #[cfg(not(Py_REF_DEBUG))]
    // SAFETY: the caller owns a reference to a live object.
    unsafe {
        crate::_Py_DecRefShared(op)
    }
}

/// `_Py_IMMORTAL_REFCNT_LOCAL`
const IMMORTAL: u32 = u32::MAX;

#[cfg(Py_REF_DEBUG)]
const FILE: &core::ffi::CStr = c"cpython-sys";
