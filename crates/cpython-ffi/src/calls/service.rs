//! Services of the runtime: `ceval.h`, `cpython/audit.h`, `pyerrors.h`.
use std::ffi::{c_char, c_int};

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
