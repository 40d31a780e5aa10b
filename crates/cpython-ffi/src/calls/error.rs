//! Exceptions, warnings: `pyerrors.h`, `warnings.h`.
use std::ffi::{c_char, c_int};

use cpython_sys::PyObject;

use crate::{Owned, Ref, Status};

contracts! {
    /// Takes the pending exception; null when there is none.
    quiet fn PyErr_GetRaisedException() -> Option<Owned>;
    /// Makes `exception` (stolen) the pending one; releases the one before.
    runs fn PyErr_SetRaisedException(exception: Owned) -> ();
    /// The type of the pending exception, or null.
    quiet fn PyErr_Occurred() -> Option<Ref>;
    /// Drops the pending exception.
    runs fn PyErr_Clear() -> ();
    /// Raises `class(message)`; the message is UTF-8.
    runs fn PyErr_SetString(class: Ref, message: *const c_char) -> ();
    /// Raises `class(value)`.
    runs fn PyErr_SetObject(class: Ref, value: Ref) -> ();
    /// Raises `MemoryError`, always null.
    quiet fn PyErr_NoMemory() -> Option<Owned>;
    /// Whether an exception (or type) matches a class or tuple of classes: 1 or 0.
    quiet fn PyErr_GivenExceptionMatches(given: Ref, class: Ref) -> c_int;
    /// Reports the pending exception to `sys.unraisablehook`, naming `context`.
    runs fn PyErr_WriteUnraisable(context: Option<Ref>) -> ();
    /// A new exception class; `base` and `dict` may be null.
    runs fn PyErr_NewExceptionWithDoc(name: *const c_char, doc: *const c_char, base: Option<Ref>, dict: Option<Ref>) -> Option<Owned>;
    /// Raises `class` from `errno`, with up to two file names; always null.
    runs fn PyErr_SetFromErrnoWithFilenameObjects(class: Ref, first: Option<Ref>, second: Option<Ref>) -> Option<Owned>;
    /// `warnings.warn(message, category, stacklevel)`.
    runs fn PyErr_WarnEx(category: Option<Ref>, message: *const c_char, stack_level: isize) -> Status;
    /// Runs pending signal handlers when on the main thread.
    runs fn PyErr_CheckSignals() -> Status;
    /// `exception.__cause__ = cause` (stolen, may be null).
    runs fn PyException_SetCause(exception: Ref, cause: Option<Owned>) -> ();
    /// `exception.__context__ = context` (stolen, may be null).
    runs fn PyException_SetContext(exception: Ref, context: Option<Owned>) -> ();
    /// `exception.__cause__`, or null.
    quiet fn PyException_GetCause(exception: Ref) -> Option<Owned>;
    /// `exception.__context__`, or null.
    quiet fn PyException_GetContext(exception: Ref) -> Option<Owned>;
    /// `exception.__traceback__`, or null.
    quiet fn PyException_GetTraceback(exception: Ref) -> Option<Owned>;
    /// Looks up the `filename`-less pending exception's normalised instance; see `PyErr_GetHandledException`.
    quiet fn PyErr_GetHandledException() -> *mut PyObject;
}
