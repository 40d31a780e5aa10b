//! Services of the runtime: `ceval.h`, `cpython/audit.h`, `pyerrors.h`.
use std::ffi::{CStr, c_char, c_int};

use crate::{Ref, Status};

contracts! {
    /// Counts one more level of recursion; a `RecursionError` ending in `place` at the limit.
    quiet fn Py_EnterRecursiveCall(place: *const c_char) -> c_int;
    /// Counts one level less.
    quiet fn Py_LeaveRecursiveCall() -> ();
    /// Raises an audit event with a tuple of arguments.
    runs fn PySys_AuditTuple(event: *const c_char, arguments: Option<Ref>) -> Status;
    /// Whether the interpreter is finalising: 1 or 0.
    quiet fn Py_IsFinalizing() -> c_int;
}

/// Raises an audit event without arguments. The call behind this and the next two is variadic,
/// which a contract cannot say; unlike `PySys_AuditTuple` it makes no tuple when nobody listens.
///
/// # Safety
/// The thread is attached. May run Python.
pub unsafe fn audit0(event: &CStr) -> Status {
    // SAFETY: attached; a null format takes no arguments.
    Status(unsafe { cpython_sys::PySys_Audit(event.as_ptr(), std::ptr::null()) })
}

/// Raises an audit event with one argument.
///
/// # Safety
/// The thread is attached. May run Python.
pub unsafe fn audit1(event: &CStr, a: Ref) -> Status {
    // SAFETY: attached; the format takes one live object, and counts it.
    Status(unsafe { cpython_sys::PySys_Audit(event.as_ptr(), c"(O)".as_ptr(), a.as_ptr()) })
}

/// Raises an audit event with two arguments.
///
/// # Safety
/// The thread is attached. May run Python.
pub unsafe fn audit2(event: &CStr, a: Ref, b: Ref) -> Status {
    let format = c"(OO)".as_ptr();
    // SAFETY: attached; the format takes two live objects, and counts them.
    Status(unsafe { cpython_sys::PySys_Audit(event.as_ptr(), format, a.as_ptr(), b.as_ptr()) })
}

/// `warnings.warn(text, category, stack_level)` with a `str`; variadic, as above.
///
/// # Safety
/// The thread is attached, `category` is a class and `text` a `str`. May run Python.
pub unsafe fn warn(category: Ref, text: Ref, stack_level: isize) -> Status {
    let (category, text, format) = (category.as_ptr(), text.as_ptr(), c"%U".as_ptr());
    // SAFETY: attached; the format takes one live `str`.
    Status(unsafe { cpython_sys::PyErr_WarnFormat(category, stack_level, format, text) })
}
