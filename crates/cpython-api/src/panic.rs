//! What becomes of a panic: one place that stops it at the border to C.
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::exception::SystemError;
use crate::message::die;
use crate::thread::{self, ThreadState};

/// Runs `body`; a panic becomes a `SystemError`, pending for C, and `failure`.
#[inline(always)]
pub(crate) fn guard<R>(failure: R, body: impl FnOnce() -> R) -> R {
    // The body's own state is lost with the panic; what it shares is locks and handles, which
    // keep their invariants when dropped by unwinding.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(payload) => {
            discard(payload);
            raise();
            failure
        }
    }
}

/// Runs `body`, which C gives no way to fail: a panic is reported as unraisable.
#[inline(always)]
pub(crate) fn guard_unraisable(body: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(body)) {
        discard(payload);
        raise();
        // SAFETY: destructors are called attached; an exception has just been set.
        unsafe { cpython_ffi::calls::PyErr_WriteUnraisable(None) };
    }
}

/// Runs `body` where not even an exception can be set: a panic ends the process.
#[inline(always)]
pub(crate) fn guard_fatal<R>(place: &'static std::ffi::CStr, body: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        std::mem::forget(payload);
        fatal(place)
    })
}

/// Where no panic can be caught, because everything is compiled with `panic=abort`: has each end the process with
/// the Python traceback. Else nothing.
pub(crate) fn watch() {
    #[cfg(panic = "abort")]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let tell = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                tell(panic);
                fatal(c"Rust code panicked; this is a bug in the module");
            }));
        });
    }
}

/// Ends the process with the Python traceback, as C's `Py_FatalError` does.
#[cold]
pub(crate) fn fatal(reason: &'static std::ffi::CStr) -> ! {
    // SAFETY: a C string; the call does not return.
    unsafe { cpython_ffi::raw::_Py_FatalErrorFunc(c"Rust".as_ptr(), reason.as_ptr()) }
}

/// Drops a panic's payload, whose own destructor may panic in turn.
#[cold]
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
        fatal(c"the payload of a panic panicked when it was dropped");
    }
}

#[cold]
fn raise() {
    match thread::current() {
        Some(raw) => {
            // SAFETY: the current thread state is attached; the token does not leave this call.
            let ts = unsafe { ThreadState::from_raw(raw) };
            // SAFETY: as above.
            unsafe {
                SystemError::new(&ts, "Rust code panicked; this is a bug in the module")
                    .restore(&ts)
            };
        }
        None => die("a panic reached C on a thread that is not attached"),
    }
}
