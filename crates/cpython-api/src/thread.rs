//! The token: proof that this OS thread is attached to an interpreter, here and now.
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;

use cpython_ffi::raw::PyThreadState;
use cpython_ffi::{calls, fast};

use crate::guard::Guard;
use crate::{ending, interpreter};

/// Makes a type's `'py` one and the same wherever it is used: neither longer nor shorter.
pub(crate) type Brand<'py> = PhantomData<fn(&'py ()) -> &'py ()>;

/// The attached thread state of this OS thread.
///
/// A function gets one by asking for it as a parameter. It is neither `Send` nor `Copy`; the
/// brand `'py` is fresh for each entry from C, so neither the token nor anything bound to it can
/// be stored away.
///
/// # Invariants
/// `raw` points to a thread state that exists for as long as the entry from C that made it. It
/// was attached when this value was made; every use checks that it still is.
pub struct ThreadState<'py> {
    raw: NonNull<PyThreadState>,
    _brand: Brand<'py>,
    _this_thread: PhantomData<*mut ()>,
}

impl<'py> ThreadState<'py> {
    /// Wraps the thread state.
    ///
    /// # Safety
    /// `raw` is this thread's attached thread state, and `'py` ends before the entry from C (or
    /// the attachment) that it belongs to.
    #[inline(always)]
    pub(crate) const unsafe fn from_raw(raw: NonNull<PyThreadState>) -> Self {
        // INVARIANT: paid by the caller.
        Self { raw, _brand: PhantomData, _this_thread: PhantomData }
    }

    /// The thread state, checked to be attached.
    #[inline(always)]
    pub(crate) fn raw(&self) -> NonNull<PyThreadState> {
        check_attached(self.raw);
        self.raw
    }

    /// The thread state, where a call of C's has just shown that it is attached.
    #[inline(always)]
    pub(crate) fn state(&self) -> NonNull<PyThreadState> {
        self.raw
    }

    /// Runs `work` detached: other threads may run Python meanwhile.
    ///
    /// Memory that is lent to `work` (a `&str` or `&[u8]` of an argument) stays valid, because
    /// the interpreter is kept from finalising until `work` returns. When the interpreter is
    /// already finalising (or has called its `atexit` functions), `work` runs attached instead. A panic of `work` goes on unwinding
    /// after the thread is attached again.
    ///
    /// Nothing in `work` can reach Python: handles and tokens are not `Send`, and one that is
    /// smuggled in aborts the process on use (PyO3 #3640).
    ///
    /// ```compile_fail
    /// # use cpython_api::{ThreadState, Bound, PyAny};
    /// fn smuggle<'py>(ts: &mut ThreadState<'py>, o: &Bound<'py, PyAny>) {
    ///     ts.detach(|| o.is_none());
    /// }
    /// ```
    pub fn detach<R: Send>(&mut self, work: impl FnOnce() -> R + Send) -> R {
        let raw = self.raw();
        let guard = if ending::has_begun(raw) { None } else { Guard::of_current() };
        let Some(guard) = guard else {
            return work();
        };
        let outcome = run_detached(raw, work);
        // Closed when this thread is attached again: one that the end of the interpreter has
        // stopped for ever would keep the locks it holds.
        drop(guard);
        interpreter::drain(raw);
        outcome.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Runs `work` detached without holding up the end of the interpreter.
    ///
    /// For work that may wait for ever (reading from a socket): it owns all it uses. When the
    /// interpreter finalises meanwhile, this call does not return.
    pub fn detach_owned<R: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> R {
        let raw = self.raw();
        let outcome = run_detached(raw, work);
        interpreter::drain(raw);
        outcome.unwrap_or_else(|payload| resume_unwind(payload))
    }
}

/// Detaches, runs `work`, attaches again; gives back the panic if there was one.
fn run_detached<R>(
    raw: NonNull<PyThreadState>,
    work: impl FnOnce() -> R,
) -> std::thread::Result<R> {
    // SAFETY: `raw` was found attached, and on this thread: a token does not leave its thread.
    unsafe { calls::PyEval_SaveThread() };
    // The closure sees nothing of ours that a panic could leave half-done.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    // SAFETY: detached by the call above; `raw` is the state that was saved.
    unsafe { calls::PyEval_RestoreThread(raw) };
    outcome
}

/// The attached thread state of this thread, if there is one.
#[inline(always)]
pub(crate) fn current() -> Option<NonNull<PyThreadState>> {
    // SAFETY: may be called at any time.
    unsafe { calls::PyThreadState_GetUnchecked() }
}

/// Ends the process unless `raw` is attached: the last line against smuggled handles.
///
/// A panic would unwind through frames that believe themselves detached, so this aborts.
#[inline(always)]
pub(crate) fn check_attached(raw: NonNull<PyThreadState>) {
    // SAFETY: by the invariants of the types that hold one, the thread state exists.
    if !unsafe { fast::is_attached(raw) } {
        not_attached();
    }
}

#[cold]
#[inline(never)]
fn not_attached() -> ! {
    crate::message::die(
        "a Python object was used on a thread that is not attached to its interpreter",
    )
}
