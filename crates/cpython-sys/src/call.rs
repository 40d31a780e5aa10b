//! Calls by vectorcall (`cpython/abstract.h`, PEP 590).

use crate::{PY_VECTORCALL_ARGUMENTS_OFFSET, Py_ssize_t, PyObject, PyObject_VectorcallMethod};

/// The number of positional arguments in the `nargsf` of a vectorcall function.
#[inline(always)]
#[must_use]
pub const fn PyVectorcall_NARGS(nargsf: usize) -> Py_ssize_t {
    (nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET).cast_signed()
}

/// Calls a method without arguments. Returns a new reference, or null with an exception set.
///
/// # Safety
/// Both are live objects, `name` is a `str`, and the thread is attached.
#[inline(always)]
pub unsafe fn PyObject_CallMethodNoArgs(
    mut receiver: *mut PyObject,
    name: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: one argument, which the callee may overwrite while the call runs.
    unsafe {
        PyObject_VectorcallMethod(
            name,
            &raw mut receiver,
            1 | PY_VECTORCALL_ARGUMENTS_OFFSET,
            core::ptr::null_mut(),
        )
    }
}

/// Calls a method with one argument. Returns a new reference, or null with an exception set.
///
/// # Safety
/// All three are live objects, `name` is a `str`, and the thread is attached.
#[inline(always)]
pub unsafe fn PyObject_CallMethodOneArg(
    receiver: *mut PyObject,
    name: *mut PyObject,
    argument: *mut PyObject,
) -> *mut PyObject {
    let mut arguments = [receiver, argument];
    // SAFETY: two arguments, the first of which the callee may overwrite while the call runs.
    unsafe {
        PyObject_VectorcallMethod(
            name,
            arguments.as_mut_ptr(),
            2 | PY_VECTORCALL_ARGUMENTS_OFFSET,
            core::ptr::null_mut(),
        )
    }
}
