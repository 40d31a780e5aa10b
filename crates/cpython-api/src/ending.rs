//! Learns that an interpreter wants to end, before C begins to wait for open guards.
//!
//! C waits for a moment without any guard. Threads that go on detaching, each with a guard of its
//! own, may never leave it one: so they stop to detach once it is known that C waits.
use std::ptr::NonNull;

use cpython_ffi::fast;
use cpython_ffi::raw::PyThreadState;

use crate::error::PyResult;
use crate::interpreter::{self, Interpreter};
use crate::thread::{self, ThreadState};
use crate::types::PyCapsule;

/// Has the interpreter tell when it has called its `atexit` functions, which is what it does last
/// before it waits. Asked for by each module when it is made; done once.
///
/// A program that empties `atexit` tells it too early: nothing is detached from then on.
pub(crate) fn watch(ts: &ThreadState<'_>) -> PyResult<()> {
    let interpreter = Interpreter::of(ts.raw());
    if !interpreter.begin_watch() {
        return Ok(());
    }
    let watched = (|| {
        let nothing = ts.import_attr(c"builtins", c"id")?;
        let told = PyCapsule::new(ts, c"rust.ending", Told(interpreter))?;
        ts.import_attr(c"atexit", c"register")?.call(&[&nothing, &told])
    })();
    if watched.is_err() {
        interpreter.end_watch();
    }
    watched.map(drop)
}

/// Whether the interpreter of `raw` wants to end.
#[inline]
pub(crate) fn has_begun(raw: NonNull<PyThreadState>) -> bool {
    // SAFETY: by the invariants of the types that hold one, the thread state exists.
    Interpreter::wants_to_end(unsafe { fast::interpreter(raw) })
}

/// An argument of an `atexit` function: C drops those when it has called them all.
struct Told(&'static Interpreter);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.begin_end();
        // While modules are there: what a waiting object is the last to keep alive is dropped well, too.
        if let Some(raw) = thread::current() {
            interpreter::drain(raw);
        }
    }
}
