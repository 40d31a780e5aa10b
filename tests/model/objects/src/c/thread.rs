//! Interpreters, each with its GIL; thread states; guards and views (PEP 788); the slow way of a mutex.
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use cpython_ffi::raw::{
    PyInterpreterGuard, PyInterpreterState, PyInterpreterView, PyMutex, PyObject, PyThreadState,
    atexit_datacallbackfunc,
};

use super::{c_functions, memory};

/// What an address of a `PyInterpreterState` leads to.
pub(super) struct Interpreter {
    id: i64,
    gil: Mutex<bool>,
    is_free: Condvar,
    guards: AtomicUsize,
    pub(super) at_exit: Mutex<Vec<(atexit_datacallbackfunc, SendPtr<c_void>)>>,
    /// What `atexit.register` was given.
    pub(super) registered: Mutex<Vec<SendPtr<PyObject>>>,
    /// What the collector knows of.
    pub(super) tracked: Mutex<Vec<SendPtr<PyObject>>>,
    /// How many objects there are.
    pub(super) objects: AtomicIsize,
}

/// An address that threads hand to each other under a lock.
pub(super) struct SendPtr<T>(pub(super) *mut T);

// SAFETY: an address; what is done with it is done by whoever has the GIL.
unsafe impl<T> Send for SendPtr<T> {}

/// The interpreters that have not ended. A view is the number of one.
static ALIVE: Mutex<Vec<(i64, SendPtr<Interpreter>)>> = Mutex::new(Vec::new());

/// The main interpreter's number, 0, is nobody's: no runtime ends here.
static NEXT: AtomicI64 = AtomicI64::new(1);

thread_local! {
    static CURRENT: Cell<*mut PyThreadState> = const { Cell::new(ptr::null_mut()) };
}

impl Interpreter {
    /// A new one, which lives until [`Self::end`].
    pub(super) fn begin() -> *mut Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let new = Box::into_raw(Box::new(Self {
            id,
            gil: Mutex::new(false),
            is_free: Condvar::new(),
            guards: AtomicUsize::new(0),
            at_exit: Mutex::default(),
            registered: Mutex::default(),
            tracked: Mutex::default(),
            objects: AtomicIsize::new(0),
        }));
        lock(&ALIVE).push((id, SendPtr(new)));
        new
    }

    /// Waits for those who hold guards, who need the GIL for that, and lets no other take one.
    ///
    /// # Safety
    /// It has not ended; the thread is attached to it.
    pub(super) unsafe fn close(this: *mut Self) {
        loop {
            let mut alive = lock(&ALIVE);
            // SAFETY: by the caller's word.
            if unsafe { (*this).guards.load(Ordering::Acquire) } == 0 {
                return alive.retain(|(_, other)| other.0 != this);
            }
            drop(alive);
            wait();
        }
    }

    /// # Safety
    /// Closed; nobody uses it any more.
    pub(super) unsafe fn end(this: *mut Self) {
        // SAFETY: from `begin`; by the caller's word.
        drop(unsafe { Box::from_raw(this) });
    }

    /// The one that this thread is attached to.
    pub(super) fn current<'a>() -> &'a Self {
        // SAFETY: an attached thread's interpreter exists.
        unsafe { &*(*current()).interp.cast() }
    }
}

/// The current thread state, or null.
pub(super) fn current() -> *mut PyThreadState {
    CURRENT.get()
}

/// A lock whose holder does not panic, or has done no harm.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A detached thread state of the interpreter.
pub(super) fn new_state(interpreter: *mut Interpreter) -> *mut PyThreadState {
    let state = memory::allocate(size_of::<PyThreadState>()).cast::<PyThreadState>();
    // SAFETY: zeroed memory is a thread state without anything.
    unsafe { (*state).interp = interpreter.cast() };
    state
}

/// Takes the GIL.
///
/// # Safety
/// The thread state exists and is this thread's; no thread state is current.
pub(super) unsafe fn attach(state: *mut PyThreadState) {
    assert!(current().is_null(), "attached already");
    // SAFETY: by the caller's word.
    unsafe {
        let interpreter = (*state).interp.cast::<Interpreter>();
        let mut held = lock(&(*interpreter).gil);
        while *held {
            held = (*interpreter).is_free.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        *held = true;
        mark(state).store(ATTACHED, Ordering::Relaxed);
    }
    CURRENT.set(state);
}

/// Gives the GIL up; the thread state.
pub(super) fn detach() -> *mut PyThreadState {
    let state = CURRENT.replace(ptr::null_mut());
    assert!(!state.is_null(), "not attached");
    // SAFETY: the current thread state exists.
    unsafe {
        mark(state).store(DETACHED, Ordering::Relaxed);
        let interpreter = (*state).interp.cast::<Interpreter>();
        *lock(&(*interpreter).gil) = false;
        (*interpreter).is_free.notify_one();
    }
    state
}

/// # Safety
/// The thread state exists.
unsafe fn mark<'a>(state: *mut PyThreadState) -> &'a AtomicI32 {
    // SAFETY: by the caller's word.
    unsafe { AtomicI32::from_ptr(&raw mut (*state).state) }
}

/// Lets others run, attached or not.
fn wait() {
    if current().is_null() {
        return thread::yield_now();
    }
    let state = detach();
    thread::yield_now();
    // SAFETY: just detached.
    unsafe { attach(state) };
}

c_functions! {
    fn PyThreadState_GetUnchecked() -> *mut PyThreadState {
        current()
    }

    fn PyEval_SaveThread() -> *mut PyThreadState {
        detach()
    }

    fn PyEval_RestoreThread(state: *mut PyThreadState) {
        attach(state);
    }

    fn PyInterpreterState_GetID(interpreter: *mut PyInterpreterState) -> i64 {
        (*interpreter.cast::<Interpreter>()).id
    }

    fn PyUnstable_AtExit(
        interpreter: *mut PyInterpreterState,
        function: atexit_datacallbackfunc,
        data: *mut c_void,
    ) -> c_int {
        lock(&(*interpreter.cast::<Interpreter>()).at_exit).push((function, SendPtr(data)));
        0
    }

    /// No runtime ends here.
    fn Py_AtExit(_function: Option<unsafe extern "C" fn()>) -> c_int {
        0
    }

    fn PyInterpreterGuard_FromCurrent() -> *mut PyInterpreterGuard {
        guard(Interpreter::current().id)
    }

    fn PyInterpreterGuard_FromView(view: *mut PyInterpreterView) -> *mut PyInterpreterGuard {
        guard(*view.cast::<i64>())
    }

    fn PyInterpreterGuard_Close(guard: *mut PyInterpreterGuard) {
        (*guard.cast::<Interpreter>()).guards.fetch_sub(1, Ordering::Release);
    }

    fn PyInterpreterView_FromCurrent() -> *mut PyInterpreterView {
        Box::into_raw(Box::new(Interpreter::current().id)).cast()
    }

    fn PyThreadState_Ensure(guard: *mut PyInterpreterGuard) -> *mut c_void {
        let former = if current().is_null() { ptr::null_mut() } else { detach() };
        attach(new_state(guard.cast()));
        Box::into_raw(Box::new(former)).cast()
    }

    fn PyThreadState_Release(token: *mut c_void) {
        memory::free(detach().cast());
        let former = Box::from_raw(token.cast::<*mut PyThreadState>());
        if !former.is_null() {
            attach(*former);
        }
    }

    fn PyMutex_Lock(mutex: *mut PyMutex) {
        let bits = AtomicU8::from_ptr(&raw mut (*mutex)._bits);
        while bits.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {
            wait();
        }
    }

    fn PyMutex_Unlock(_mutex: *mut PyMutex) {
        panic!("nobody has marked a mutex as waited for");
    }

    /// There are no forks here.
    fn pthread_atfork(_before: *const c_void, _after: *const c_void, _child: *const c_void) -> c_int {
        0
    }
}

/// An open guard of the interpreter with this number, or null when it has ended.
fn guard(id: i64) -> *mut PyInterpreterGuard {
    let alive = lock(&ALIVE);
    let found =
        alive.iter().find(|(other, _)| *other == id).map(|(_, found)| NonNull::new(found.0));
    found.flatten().map_or(ptr::null_mut(), |interpreter| {
        // SAFETY: alive: it is taken from the list before it ends.
        unsafe { interpreter.as_ref() }.guards.fetch_add(1, Ordering::Acquire);
        interpreter.as_ptr().cast()
    })
}

/// `_Py_THREAD_DETACHED` and `_Py_THREAD_ATTACHED` of `pycore_pystate.h`.
const DETACHED: i32 = 0;
const ATTACHED: i32 = 1;
