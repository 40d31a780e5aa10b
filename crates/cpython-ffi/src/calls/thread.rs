//! Thread states, interpreters, locks: `pystate.h`, `ceval.h`, `cpython/lock.h`, `critical_section.h`.
use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use cpython_sys::{
    PyCriticalSection, PyCriticalSection2, PyInterpreterGuard, PyInterpreterState,
    PyInterpreterView, PyObject, PyThreadState, atexit_datacallbackfunc,
};

use crate::Status;

contracts! {
    /// The current thread state, null when detached. Needs no attached thread.
    quiet fn PyThreadState_GetUnchecked() -> Option<NonNull<PyThreadState>>;
    /// Detaches; the result goes to `PyEval_RestoreThread`.
    quiet fn PyEval_SaveThread() -> Option<NonNull<PyThreadState>>;
    /// Attaches again; waits, and never returns when the interpreter is shutting down. Needs a detached thread.
    runs fn PyEval_RestoreThread(state: NonNull<PyThreadState>) -> ();
    /// Keeps the current interpreter from finalising; null with an exception when it already is.
    quiet fn PyInterpreterGuard_FromCurrent() -> Option<NonNull<PyInterpreterGuard>>;
    /// The same for the interpreter behind a view; null without an exception. Needs no attached thread.
    quiet fn PyInterpreterGuard_FromView(view: NonNull<PyInterpreterView>) -> Option<NonNull<PyInterpreterGuard>>;
    /// Lets finalisation go on. Needs no attached thread.
    quiet fn PyInterpreterGuard_Close(guard: NonNull<PyInterpreterGuard>) -> ();
    /// A weak reference to the current interpreter; null with an exception.
    quiet fn PyInterpreterView_FromCurrent() -> Option<NonNull<PyInterpreterView>>;
    /// Frees a view. Needs no attached thread.
    quiet fn PyInterpreterView_Close(view: NonNull<PyInterpreterView>) -> ();
    /// Attaches a thread state of the guarded interpreter; null when there is no memory. Needs no attached thread.
    runs fn PyThreadState_Ensure(guard: NonNull<PyInterpreterGuard>) -> *mut c_void;
    /// Undoes `PyThreadState_Ensure`.
    runs fn PyThreadState_Release(token: *mut c_void) -> ();
    /// Calls `function` when the interpreter has no modules any more; before its last collection.
    quiet fn PyUnstable_AtExit(interpreter: *mut PyInterpreterState, function: atexit_datacallbackfunc, data: *mut c_void) -> Status;
    /// Calls `function` when no interpreter is left; negative when C's list is full. Needs no attached thread.
    quiet fn Py_AtExit(function: Option<unsafe extern "C" fn()>) -> c_int;
    /// A number that no other interpreter of this process has or will have.
    quiet fn PyInterpreterState_GetID(interpreter: *mut PyInterpreterState) -> i64;
    /// Begins a critical section on `o`; nothing on builds with a GIL.
    quiet fn PyCriticalSection_Begin(section: *mut PyCriticalSection, o: *mut PyObject) -> ();
    /// Ends it.
    quiet fn PyCriticalSection_End(section: *mut PyCriticalSection) -> ();
    /// Begins a critical section on two objects.
    quiet fn PyCriticalSection2_Begin(section: *mut PyCriticalSection2, a: *mut PyObject, b: *mut PyObject) -> ();
    /// Ends it.
    quiet fn PyCriticalSection2_End(section: *mut PyCriticalSection2) -> ();
}
