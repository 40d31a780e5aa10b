//! Attaching a thread to the interpreter of a handle, from anywhere (PEP 788).
use cpython_ffi::{calls, fast};

use crate::guard::Guard;
use crate::handle::{Bound, Py};
use crate::interpreter;
use crate::thread::{self, ThreadState};

/// Why a thread could not be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gone {
    /// The interpreter has ended or is ending.
    Finalized,
    /// There is no memory for a thread state.
    NoMemory,
    /// A [`PyLock`](crate::PyLock) is held on this thread: no Python may run inside.
    InsideLock,
}

impl<T> Py<T> {
    /// Attaches this thread to the owner and runs `work` with a token and the object.
    ///
    /// Needs no token, works on any thread, and nests. The interpreter is kept from finalising
    /// until `work` returns.
    ///
    /// # Errors
    /// [`Gone`], and then `work` has not run.
    pub fn attach<R>(
        &self,
        work: impl for<'py> FnOnce(&mut ThreadState<'py>, &Bound<'py, T>) -> R,
    ) -> Result<R, Gone> {
        if crate::sync::inside_lock() {
            return Err(Gone::InsideLock);
        }
        if self.owner().has_ended() {
            return Err(Gone::Finalized);
        }
        let guard = Guard::of_view(self.owner().view()).ok_or(Gone::Finalized)?;
        let attached = Attached::to(guard)?;
        let raw = thread::current().ok_or(Gone::NoMemory)?;
        // SAFETY: the current thread state exists.
        if !self.owner().surely_is(unsafe { fast::interpreter(raw) }) {
            // The view of an ended interpreter has led to one that came after it.
            return Err(Gone::Finalized);
        }
        // SAFETY: attached until `attached` is dropped; the brand is the closure's own.
        let mut ts = unsafe { ThreadState::from_raw(raw) };
        interpreter::drain(raw);
        let object = self.bind(&ts);
        let result = work(&mut ts, &object);
        drop(object);
        drop(attached);
        Ok(result)
    }
}

/// An attachment made by this thread, undone on drop (also when unwinding).
struct Attached {
    token: *mut std::ffi::c_void,
    /// Closed after the attachment has ended.
    _guard: Guard,
}

impl Attached {
    fn to(guard: Guard) -> Result<Self, Gone> {
        // SAFETY: the guard is open; `Ensure` swaps whatever thread state is attached now.
        let token = unsafe { calls::PyThreadState_Ensure(guard.raw()) };
        if token.is_null() {
            return Err(Gone::NoMemory);
        }
        Ok(Self { token, _guard: guard })
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        // SAFETY: pairs with the `Ensure` that made the token, on the same thread.
        unsafe { calls::PyThreadState_Release(self.token) };
    }
}
