//! How handles and tokens get to where they must not be, in safe code: a scoped thread-local that
//! holds a closure (PyO3 #3640).
use scoped_tls_hkt::scoped_thread_local;

scoped_thread_local!(static CALLBACK: for<'a> &'a (dyn Fn() + 'a));

/// Runs `work`, during which [`call`] calls `callback`.
pub(crate) fn lend<R>(callback: &dyn Fn(), work: impl FnOnce() -> R) -> R {
    CALLBACK.set(callback, work)
}

/// Calls what is lent; tells whether there was something.
pub(crate) fn call() -> bool {
    let lent = CALLBACK.is_set();
    if lent {
        CALLBACK.with(|callback| callback());
    }
    lent
}
