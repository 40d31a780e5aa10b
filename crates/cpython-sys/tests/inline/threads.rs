//! Thread states, mutexes, and objects that two threads count at once.

use crate::{counts::mortal, report::Report, sys};
use std::{
    ffi::c_int,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};
use sys::{Py_ssize_t, PyMutex, PyObject};

type Action = unsafe extern "C" fn(*mut PyObject);
type Lock = unsafe extern "C" fn(*mut PyMutex);

const THREADS: usize = 4;
const ROUNDS: usize = 200_000;

/// Compares what only several threads can show.
pub(crate) fn compare(report: &mut Report) {
    attached(report);
    thread_id(report);
    mutex(report);
    shared_object(report);
    last_reference_elsewhere(report);
}

fn attached(report: &mut Report) {
    // SAFETY: the thread is attached, then not, then again.
    unsafe {
        let c = original!(Py_THREAD_ATTACHED: fn() -> c_int)();
        report.same("_Py_THREAD_ATTACHED", sys::_Py_THREAD_ATTACHED, c);
        let state = sys::PyThreadState_Get();
        report.same("attached", sys::PyThreadState_is_attached(state), true);
        let saved = sys::PyEval_SaveThread();
        let detached = sys::PyThreadState_is_attached(state);
        sys::PyEval_RestoreThread(saved);
        report.same("detached", detached, false);
        report.same("attached again", sys::PyThreadState_is_attached(state), true);
    }
}

#[cfg(Py_GIL_DISABLED)]
fn thread_id(report: &mut Report) {
    // SAFETY: a function that reads a register.
    let both = || unsafe { (sys::_Py_ThreadId(), original!(_Py_ThreadId: fn() -> usize)()) };
    let (rust, c) = both();
    report.same("_Py_ThreadId", rust, c);
    let (other, other_c) = thread::spawn(both).join().unwrap();
    report.same("_Py_ThreadId of a thread", other, other_c);
    report.same("two threads have one id", other == rust, false);
}

#[cfg(not(Py_GIL_DISABLED))]
fn thread_id(_: &mut Report) {}

/// What one language locks, the other one sees and unlocks.
fn mutex(report: &mut Report) {
    /// # Safety
    /// As for the macro.
    unsafe extern "C" fn rust_lock(mutex: *mut PyMutex) {
        // SAFETY: the caller promises what it asks.
        unsafe { sys::PyMutex_Lock(mutex) }
    }
    /// # Safety
    /// As for the macro.
    unsafe extern "C" fn rust_unlock(mutex: *mut PyMutex) {
        // SAFETY: the caller promises what it asks.
        unsafe { sys::PyMutex_Unlock(mutex) }
    }
    let rust: (Lock, Lock) = (rust_lock, rust_unlock);
    let c: (Lock, Lock) =
        (original!(PyMutex_Lock: fn(*mut PyMutex)), original!(PyMutex_Unlock: fn(*mut PyMutex)));
    let is_locked = original!(PyMutex_IsLocked: fn(*mut PyMutex) -> c_int);

    let mut shared = PyMutex { _bits: 0 };
    for (lock, unlock) in [(rust.0, c.1), (c.0, rust.1)] {
        // SAFETY: locked and unlocked by this thread.
        unsafe {
            let mutex = &raw mut shared;
            report.same("free", sys::PyMutex_IsLocked(mutex), is_locked(mutex));
            lock(mutex);
            report.same("locked", [sys::PyMutex_IsLocked(mutex), 1], [is_locked(mutex), 1]);
            unlock(mutex);
            report.same("free again", [sys::PyMutex_IsLocked(mutex), 0], [is_locked(mutex), 0]);
        }
    }

    for (lock, unlock) in [(rust.0, c.1), (c.0, rust.1)] {
        waiting(report, lock, unlock);
    }
}

/// A thread that finds the mutex locked waits, and goes on when it is unlocked.
fn waiting(report: &mut Report, lock: Lock, unlock: Lock) {
    let place = Box::leak(Box::new(AtomicU8::new(0))).as_ptr().expose_provenance();
    let mutex = move || std::ptr::with_exposed_provenance_mut::<PyMutex>(place);
    let (sender, receiver) = mpsc::channel();
    // SAFETY: a mutex is one byte, this one is never freed; locked here, unlocked here, then locked
    // in the thread.
    unsafe {
        lock(mutex());
        let saved = sys::PyEval_SaveThread();
        thread::spawn(move || {
            lock(mutex());
            sender.send(()).unwrap();
        });
        let early = receiver.recv_timeout(Duration::from_millis(50)).is_ok();
        unlock(mutex());
        let late = receiver.recv_timeout(Duration::from_secs(10)).is_ok();
        sys::PyEval_RestoreThread(saved);
        report.same("a locked mutex is waited for", early, false);
        report.same("unlocking wakes who waits", late, true);
    }
}

/// Threads take and give back references to an object of this thread, in both languages at once.
fn shared_object(report: &mut Report) {
    let incref: Action = original!(Py_INCREF: fn(*mut PyObject));
    let decref: Action = original!(Py_DECREF: fn(*mut PyObject));
    let refcnt = original!(Py_REFCNT: fn(*mut PyObject) -> Py_ssize_t);
    // SAFETY: the object outlives the threads; each thread gives back what it took, but for one
    // reference that it leaves behind.
    unsafe {
        let op = sys::PyList_New(0);
        let place = op.expose_provenance();
        on_threads(move |index| {
            let op = std::ptr::with_exposed_provenance_mut::<PyObject>(place);
            for _ in 0..ROUNDS {
                if index % 2 == 0 {
                    sys::Py_INCREF(op);
                    decref(op);
                } else {
                    incref(op);
                    sys::Py_DECREF(op);
                }
            }
            sys::Py_INCREF(op);
        });
        report.same("a shared object", sys::Py_REFCNT(op), refcnt(op));
        report.same("a shared object", sys::Py_REFCNT(op), 1 + THREADS as Py_ssize_t);
        (0..THREADS).for_each(|_| sys::Py_DECREF(op));
        report.same("not shared any more", sys::Py_REFCNT(op), 1);
        sys::Py_DECREF(op);
    }
}

static DESTROYED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count_destroyed(_: *mut PyObject) {
    DESTROYED.fetch_add(1, SeqCst);
}

/// The owner lets go first; a reference that another thread holds keeps the object alive until then.
fn last_reference_elsewhere(report: &mut Report) {
    // SAFETY: two references, given back by two threads.
    unsafe {
        let op = mortal(Some(count_destroyed));
        sys::Py_INCREF(op);
        sys::Py_DECREF(op);
        let place = op.expose_provenance();
        let take = move |_| sys::Py_INCREF(std::ptr::with_exposed_provenance_mut(place));
        let give = move |_| sys::Py_DECREF(std::ptr::with_exposed_provenance_mut(place));
        on_threads(take);
        sys::Py_DECREF(op);
        report.same("the others hold it", DESTROYED.load(SeqCst), 0);
        on_threads(give);
        report.same("the others let go", DESTROYED.load(SeqCst), 1);
    }
}

/// Runs a function on several attached threads while this one waits detached.
fn on_threads(work: impl Fn(usize) + Send + Copy + 'static) {
    // SAFETY: this thread is attached and touches nothing until it is again.
    let saved = unsafe { sys::PyEval_SaveThread() };
    let start = Arc::new(Barrier::new(THREADS));
    let threads = (0..THREADS).map(|index| {
        let start = start.clone();
        thread::spawn(move || {
            start.wait();
            // SAFETY: the interpreter outlives the thread, which is joined below.
            let state = unsafe { sys::PyGILState_Ensure() };
            work(index);
            // SAFETY: the state that this thread got.
            unsafe { sys::PyGILState_Release(state) };
        })
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap();
    }
    // SAFETY: the state that this thread saved.
    unsafe { sys::PyEval_RestoreThread(saved) };
}
