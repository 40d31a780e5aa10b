//! The macros of the headers, inline and typed: reads that need no call.
use std::ffi::c_ulong;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, Ordering};

use cpython_sys::{
    PyByteArray_AS_STRING, PyByteArrayObject, PyInterpreterState, PyObject, PyThreadState,
    PyTypeObject,
};

use crate::Ref;

pub use cpython_sys::{GIL_DISABLED, PyMutex_IsLocked, PyMutex_Lock, PyMutex_Unlock};

/// `_Py_THREAD_ATTACHED` of `pycore_pystate.h`.
const ATTACHED: i32 = 1;

/// Whether the thread state is attached at this moment.
///
/// # Safety
/// `state` points to a thread state that has not been freed.
#[inline(always)]
pub unsafe fn is_attached(state: NonNull<PyThreadState>) -> bool {
    // SAFETY: not freed by the caller's word; the field is written atomically by other threads
    // (stop-the-world, shutdown), so it is read so too.
    let field = unsafe { AtomicI32::from_ptr(&raw mut (*state.as_ptr()).state) };
    field.load(Ordering::Relaxed) == ATTACHED
}

/// The interpreter of a thread state.
///
/// # Safety
/// `state` points to a thread state that has not been freed.
#[inline(always)]
pub unsafe fn interpreter(state: NonNull<PyThreadState>) -> *mut PyInterpreterState {
    // SAFETY: not freed; the field never changes after creation.
    unsafe { (*state.as_ptr()).interp }
}

/// The top-most critical section of a thread state, with C's marks; 0 when there is none.
///
/// # Safety
/// `state` is this thread's thread state.
#[inline(always)]
pub unsafe fn critical_section(state: NonNull<PyThreadState>) -> usize {
    // SAFETY: only the owning thread writes the field.
    unsafe { (*state.as_ptr()).critical_section }
}

/// Whether an exception is pending on the thread state.
///
/// # Safety
/// `state` is this thread's attached thread state.
#[inline(always)]
pub unsafe fn exception_pending(state: NonNull<PyThreadState>) -> bool {
    // SAFETY: only the owning thread writes the field.
    unsafe { !(*state.as_ptr()).current_exception.is_null() }
}

/// The type of an object, borrowed from it.
///
/// # Safety
/// `o` is live.
#[inline(always)]
pub unsafe fn type_of(o: Ref) -> *mut PyTypeObject {
    // SAFETY: live.
    unsafe { cpython_sys::Py_TYPE(o.as_ptr()) }
}

/// Whether the type of `o` has one of the `Py_TPFLAGS_*` bits.
///
/// # Safety
/// `o` is live.
#[inline(always)]
pub unsafe fn has_flag(o: Ref, flag: c_ulong) -> bool {
    // SAFETY: live; a type outlives its instances.
    unsafe { cpython_sys::PyType_HasFeature(type_of(o), flag) != 0 }
}

/// Whether `class` is exactly the type of `o`.
///
/// # Safety
/// `o` is live.
#[inline(always)]
pub unsafe fn is_exactly(o: Ref, class: *mut PyTypeObject) -> bool {
    // SAFETY: live.
    unsafe { type_of(o) == class }
}

/// Opens an export of a `bytearray`, as `PyObject_GetBuffer` does, and tells where its bytes are.
///
/// # Safety
/// `o` is a live, exact `bytearray`, the thread is attached, and there is a GIL.
#[inline(always)]
pub unsafe fn export_bytearray(o: Ref) -> *mut u8 {
    // SAFETY: live, and the GIL keeps others out.
    unsafe {
        (*o.as_ptr().cast::<PyByteArrayObject>()).ob_exports += 1;
        PyByteArray_AS_STRING(o.as_ptr()).cast()
    }
}

/// Gives an export back, as `PyBuffer_Release` does.
///
/// # Safety
/// As for [`export_bytearray`]; the export is open.
#[inline(always)]
pub unsafe fn unexport_bytearray(o: Ref) {
    // SAFETY: live, and the GIL keeps others out.
    unsafe { (*o.as_ptr().cast::<PyByteArrayObject>()).ob_exports -= 1 };
}

/// Whether giving up one reference may run a destructor.
///
/// On free-threaded builds the answer may be "yes" too often, never "no" wrongly.
///
/// # Safety
/// `o` is live.
#[inline(always)]
pub unsafe fn may_be_last(o: NonNull<PyObject>) -> bool {
    // SAFETY: live.
    unsafe { cpython_sys::may_be_last(o.as_ptr()) }
}
