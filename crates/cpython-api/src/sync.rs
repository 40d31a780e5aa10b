//! Locks that Python cannot be run under: [`PyLock`]; C's critical sections; [`PyOnce`].
mod critical;
mod inside;
mod mark;
mod once;

use std::cell::{Cell, UnsafeCell};
use std::ops::ControlFlow;
use std::ptr;

use cpython_ffi::raw::PyMutex;
use cpython_ffi::{fast, fork};

use crate::atomic::{AtomicU32, AtomicUsize};
use crate::error::PyResult;
use crate::exception::RuntimeError;
use crate::gc::{Stop, Traverse, Visit};
use crate::interpreter;
use crate::thread::{self, ThreadState};

pub(crate) use critical::in_critical_section;
pub use critical::{critical_section, critical_section2};
pub use inside::Inside;
use mark::Mark;
pub use once::PyOnce;

/// A value that one thread at a time changes, in a closure in which no Python runs.
///
/// Made for the payload of a class or the state of a module, where all there is is `&self`.
/// Waiting for the lock lets other threads run Python; nothing can wait inside it.
///
/// The closure is `Send`, so that it can capture neither a token nor a
/// [`Bound`](crate::Bound): move a [`Py`](crate::Py) in, or take one out. What it drops is
/// released after the lock is.
///
/// A panic in the closure leaves the lock unlocked and the value as it is then. It is not
/// poisoned: the value is valid for Rust whatever happened, the panic has become an exception that
/// somebody sees, and an object that refuses to work for ever after is worse than one that is half
/// changed, which is what C would leave.
///
/// ```no_run
/// use cpython_api::{Bound, Py, PyAny, PyLock, PyResult, ThreadState};
/// struct Stack { items: PyLock<Vec<Py>> }
///
/// impl Stack {
///     fn push(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
///         let item = item.clone().unbind();
///         self.items.with(ts, |items| items.push(item))
///     }
///     fn pop(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
///         self.items.with(ts, Vec::pop)
///     }
/// }
/// ```
///
/// Using Python inside does not compile:
///
/// ```compile_fail
/// # use cpython_api::{Bound, PyAny, PyLock, ThreadState};
/// fn inside(ts: &ThreadState<'_>, lock: &PyLock<i32>, o: &Bound<'_, PyAny>) {
///     let _ = lock.with(ts, |_| o.is_true());
/// }
/// ```
///
/// A value that must stay on its thread cannot be shared by a lock:
///
/// ```compile_fail
/// # use cpython_api::PyLock;
/// fn shared<T: Sync>() {}
/// shared::<PyLock<std::sync::MutexGuard<'static, i32>>>();
/// ```
///
/// # Invariants
/// `value` is touched by the thread that holds `mutex` only, or by the collector while it is not
/// held. While it is held, `mark` is that of the holder (but for a moment at the beginning and the
/// end, when it is nobody's).
pub struct PyLock<T> {
    mutex: UnsafeCell<PyMutex>,
    mark: Mark,
    value: UnsafeCell<T>,
}

// SAFETY: the mutex gives `&mut T` to one thread after the other, which asks for `T: Send`; a
// shared `&T` is given to nobody but the collector, while no thread can lock.
unsafe impl<T: Send> Sync for PyLock<T> {}

impl<T> PyLock<T> {
    /// An unlocked lock.
    pub const fn new(value: T) -> Self {
        Self {
            mutex: UnsafeCell::new(PyMutex { _bits: 0 }),
            mark: Mark::new(AtomicU32::new(0), AtomicUsize::new(0)),
            value: UnsafeCell::new(value),
        }
    }

    /// Runs `work` on the value, alone.
    ///
    /// # Errors
    /// `RuntimeError` when this thread is inside already (which takes a token from elsewhere), or
    /// when the thread that is has not survived a fork: neither waits.
    #[inline]
    pub fn with<R>(
        &self,
        ts: &ThreadState<'_>,
        work: impl FnOnce(&mut T) -> R + Send,
    ) -> PyResult<R> {
        let held = self.lock(ts)?;
        // SAFETY: this thread holds the mutex until `held` is dropped, and re-entry is refused.
        let result = work(unsafe { &mut *self.value.get() });
        drop(held);
        interpreter::drain(ts.raw());
        Ok(result)
    }

    /// Runs `work` on the values of two locks. The order in which they are named does not matter.
    ///
    /// # Errors
    /// As for [`Self::with`]; `RuntimeError` when both are the same lock.
    pub fn with_both<U, R>(
        &self,
        other: &PyLock<U>,
        ts: &ThreadState<'_>,
        work: impl FnOnce(&mut T, &mut U) -> R + Send,
    ) -> PyResult<R> {
        // All threads lock the lower address first, so that none waits for another in a ring.
        let (mine, theirs);
        if ptr::from_ref(self).addr() <= ptr::from_ref(other).addr() {
            mine = self.lock(ts)?;
            theirs = other.lock(ts)?;
        } else {
            theirs = other.lock(ts)?;
            mine = self.lock(ts)?;
        }
        // SAFETY: this thread holds both mutexes, which are different ones: locking the same
        // twice is refused.
        let result = unsafe { work(&mut *self.value.get(), &mut *other.value.get()) };
        drop((mine, theirs));
        interpreter::drain(ts.raw());
        Ok(result)
    }

    /// Runs `work` on the value, alone, with what else may be done to Python inside: to run
    /// detached, and to make `bytes`.
    ///
    /// This is how an object works on its stream while other threads run Python. One that wants
    /// the same object waits, and lets others go on.
    ///
    /// ```no_run
    /// use std::ops::ControlFlow::{Break, Continue};
    /// use cpython_api::types::PyBytes;
    /// use cpython_api::{Py, PyErr, PyLock, PyResult, Room, ThreadState};
    /// struct Random { state: PyLock<u32> }
    ///
    /// impl Random {
    ///     fn bytes(&self, ts: &mut ThreadState<'_>, count: usize) -> PyResult<Py<PyBytes>> {
    ///         self.state.hold(ts, |state, inside| {
    ///             inside.grow(Room::at_most(count), |out| {
    ///                 *state = state.wrapping_mul(69069).wrapping_add(1);
    ///                 let full = out.push((*state >> 24) as u8).is_err();
    ///                 Ok::<_, PyErr>(if full { Break(()) } else { Continue(()) })
    ///             })
    ///         })?
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`Self::with`].
    pub fn hold<R>(
        &self,
        ts: &mut ThreadState<'_>,
        work: impl FnOnce(&mut T, &mut Inside<'_, '_>) -> R + Send,
    ) -> PyResult<R> {
        let held = self.lock(ts)?;
        // SAFETY: this thread holds the mutex until `held` is dropped, and re-entry is refused.
        let result = work(unsafe { &mut *self.value.get() }, &mut Inside::new(ts));
        drop(held);
        interpreter::drain(ts.raw());
        Ok(result)
    }

    /// The value of a lock that nobody shares.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    /// Locks, or tells why that would never happen.
    #[inline(always)]
    fn lock(&self, ts: &ThreadState<'_>) -> PyResult<Held<'_>> {
        ts.raw();
        let me = this_thread();
        if self.mark.is_of(me) {
            return Err(refused(ts, "this thread is inside the lock already"));
        }
        if self.is_locked() && self.mark.is_orphaned(fork::generation()) {
            return Err(refused(ts, "the lock is held by a thread that did not survive a fork"));
        }
        Ok(self.lock_as(me))
    }

    /// Locks for this thread, which does not hold the lock.
    #[inline(always)]
    fn lock_as(&self, me: usize) -> Held<'_> {
        self.mark.announce(fork::generation());
        // SAFETY: a mutex that does not move while it is borrowed; not held by this thread. This
        // thread is attached, so that C can detach it while it waits.
        unsafe { fast::PyMutex_Lock(self.mutex.get()) };
        self.mark.leave(me);
        HELD.set(HELD.get() + 1);
        Held { mutex: &self.mutex, mark: &self.mark }
    }

    #[inline(always)]
    fn is_locked(&self) -> bool {
        // SAFETY: a mutex.
        unsafe { fast::PyMutex_IsLocked(self.mutex.get()) != 0 }
    }
}

/// A locked mutex. Dropping it unlocks, also when unwinding.
struct Held<'a> {
    mutex: &'a UnsafeCell<PyMutex>,
    mark: &'a Mark,
}

impl Drop for Held<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.mark.take_away();
        // SAFETY: locked by `lock_as`, on this thread.
        unsafe { fast::PyMutex_Unlock(self.mutex.get()) };
        HELD.set(HELD.get() - 1);
    }
}

// SAFETY: the value is owned and visited once, or not at all while it is locked.
unsafe impl<T: Traverse> Traverse for PyLock<T> {
    const HAS_REFERENCES: bool = T::HAS_REFERENCES;

    /// A locked value is not looked at: its references look external then, and it is kept.
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        if !T::HAS_REFERENCES || self.is_locked() {
            return ControlFlow::Continue(());
        }
        // SAFETY: during a traversal the other threads wait for the GIL, or the world is stopped;
        // locking needs an attached thread, so that nobody locks now.
        unsafe { (*self.value.get()).traverse(visit) }
    }

    fn clear(&self) {
        let me = this_thread();
        if !T::HAS_REFERENCES || self.is_locked() || thread::current().is_none() {
            return;
        }
        let held = self.lock_as(me);
        // SAFETY: this thread holds the mutex, and did not hold it before.
        unsafe { (*self.value.get()).clear_exclusive() };
        drop(held);
        if let Some(state) = thread::current() {
            interpreter::drain(state);
        }
    }

    fn clear_exclusive(&mut self) {
        self.value.get_mut().clear_exclusive();
    }
}

impl<T: Default> Default for PyLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> std::fmt::Debug for PyLock<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PyLock(..)")
    }
}

/// Whether this OS thread is inside the closure of a [`PyLock`].
#[inline(always)]
pub(crate) fn inside_lock() -> bool {
    HELD.get() != 0
}

/// A mark that no other living OS thread has.
#[inline(always)]
pub(crate) fn this_thread() -> usize {
    HELD.with(|held| ptr::from_ref(held).addr())
}

#[cold]
fn refused(ts: &ThreadState<'_>, why: &str) -> crate::PyErr {
    RuntimeError::new(ts, why)
}

thread_local! {
    /// How many [`PyLock`]s this OS thread holds.
    static HELD: Cell<usize> = const { Cell::new(0) };
}
