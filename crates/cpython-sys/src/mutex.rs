//! The uncontended path of `PyMutex` (`cpython/pylock.h`).

use crate::{_Py_LOCKED, _Py_UNLOCKED, PyMutex, bindings};
use core::{
    ffi::c_int,
    sync::atomic::{AtomicU8, Ordering::SeqCst},
};

/// Locks; waits when it must, detached from the interpreter meanwhile.
///
/// # Safety
/// `mutex` stays where it is while it is locked, and this thread has not locked it already.
#[inline(always)]
pub unsafe fn PyMutex_Lock(mutex: *mut PyMutex) {
    // SAFETY: the caller promises a mutex; all access to it is atomic.
    unsafe {
        if bits(mutex).compare_exchange(UNLOCKED, LOCKED, SeqCst, SeqCst).is_err() {
            bindings::PyMutex_Lock(mutex);
        }
    }
}

/// Unlocks, and wakes a thread that waits.
///
/// # Safety
/// `mutex` is locked, and the caller is who may unlock it.
#[inline(always)]
pub unsafe fn PyMutex_Unlock(mutex: *mut PyMutex) {
    // SAFETY: the caller promises a mutex; all access to it is atomic.
    unsafe {
        if bits(mutex).compare_exchange(LOCKED, UNLOCKED, SeqCst, SeqCst).is_err() {
            bindings::PyMutex_Unlock(mutex);
        }
    }
}

/// Whether somebody holds the lock right now.
///
/// # Safety
/// `mutex` is a mutex.
#[inline(always)]
pub unsafe fn PyMutex_IsLocked(mutex: *mut PyMutex) -> c_int {
    // SAFETY: the caller promises a mutex; all access to it is atomic.
    unsafe { (bits(mutex).load(SeqCst) & LOCKED != 0).into() }
}

/// The only field.
///
/// # Safety
/// `mutex` is a mutex; the reference is used at once.
#[inline(always)]
unsafe fn bits<'a>(mutex: *mut PyMutex) -> &'a AtomicU8 {
    // SAFETY: the caller promises a mutex and uses the reference at once.
    unsafe { AtomicU8::from_ptr(&raw mut (*mutex)._bits) }
}

const UNLOCKED: u8 = _Py_UNLOCKED as u8;
const LOCKED: u8 = _Py_LOCKED as u8;
