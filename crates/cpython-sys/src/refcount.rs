//! Reference counts (`refcount.h`): one implementation for each build kind.

use crate::PyObject;

#[cfg(not(Py_GIL_DISABLED))]
use with_gil as build;

#[cfg(Py_GIL_DISABLED)]
use free_threaded as build;

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

/// Whether the object is immortal: its reference count no longer moves.
///
/// # Safety
/// As for [`Py_INCREF`].
#[inline(always)]
pub unsafe fn _Py_IsImmortal(op: *mut PyObject) -> core::ffi::c_int {
    // SAFETY: the caller promises what it asks.
    unsafe { build::is_immortal(op).into() }
}

/// One plain count, protected by the GIL; the sign bit of its lower half means immortal.
#[cfg(not(Py_GIL_DISABLED))]
mod with_gil {
    use crate::{_Py_Dealloc, _Py_IMMORTAL_INITIAL_REFCNT, Py_ssize_t, PyObject};

    /// # Safety
    /// As for [`Py_INCREF`](super::Py_INCREF).
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
    /// As for [`Py_DECREF`](super::Py_DECREF).
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
    /// As for [`Py_INCREF`](super::Py_INCREF).
    #[inline(always)]
    pub(super) unsafe fn refcnt(op: *mut PyObject) -> Py_ssize_t {
        // SAFETY: as above.
        unsafe { *local(op) as Py_ssize_t }
    }

    /// # Safety
    /// As for [`Py_INCREF`](super::Py_INCREF).
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
}

/// Two counts (PEP 703): the owning thread's, which only it writes, and an atomic one for the others.
#[cfg(Py_GIL_DISABLED)]
mod free_threaded {
    use crate::{
        _Py_IMMORTAL_INITIAL_REFCNT, _Py_MergeZeroLocalRefcount, _Py_REF_SHARED_SHIFT,
        _Py_ThreadId, Py_ssize_t, PyObject,
    };
    use core::sync::atomic::{
        AtomicIsize, AtomicU32, AtomicUsize,
        Ordering::{Relaxed, SeqCst},
    };

    /// # Safety
    /// As for [`Py_INCREF`](super::Py_INCREF).
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
    /// As for [`Py_DECREF`](super::Py_DECREF).
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
    /// As for [`Py_INCREF`](super::Py_INCREF).
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
    /// As for [`Py_INCREF`](super::Py_INCREF).
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
    /// As for [`Py_DECREF`](super::Py_DECREF).
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
}
