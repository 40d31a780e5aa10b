//! One small cell per interpreter, never freed: the owner of handles, and the queue of those
//! that were dropped where they could not be released.
use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use cpython_ffi::raw::{PyInterpreterState, PyInterpreterView, PyMutex, PyObject, PyThreadState};
use cpython_ffi::{Owned, calls, fast};

use crate::guard::Guard;
use crate::stack::Stack;

/// An interpreter as its handles know it.
///
/// # Invariants
/// `state` is the interpreter's address until another interpreter at that address gets a cell (or
/// the runtime is gone), and null from then on. So whoever is attached at that address and has
/// asked for the cell is attached to this interpreter.
pub(crate) struct Interpreter {
    state: AtomicPtr<PyInterpreterState>,
    /// A number that no other interpreter of this runtime has.
    id: i64,
    view: NonNull<PyInterpreterView>,
    /// Whether [`crate::ending`] has asked to be told of its end, and whether that has come.
    watched: AtomicBool,
    ending: AtomicBool,
    /// Whether its modules are gone. Its last destructors can still run.
    ended: AtomicBool,
    /// Objects to release.
    dropped: Stack<Dropped>,
    next: *const Self,
}

// SAFETY: all fields are atomics but `id`, `view` and `next`, which are written before the cell is
// published: the view is never closed, and `next` points to another cell that is never freed.
unsafe impl Sync for Interpreter {}

/// A count of an object that a thread of its interpreter has to give up.
struct Dropped(NonNull<PyObject>);

// SAFETY: the object is not touched but by a thread that is attached to its interpreter.
unsafe impl Send for Dropped {}

/// How many objects wait in all queues: one relaxed read tells that there is nothing to do.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// All cells, in a hash table of lists so that many interpreters do not make one long list.
static CELLS: [AtomicPtr<Interpreter>; BUCKETS] =
    [const { AtomicPtr::new(ptr::null_mut()) }; BUCKETS];

/// Serialises the creation of cells. Held over quiet calls only.
static CREATION: Creation = Creation(std::cell::UnsafeCell::new(PyMutex { _bits: 0 }));
struct Creation(std::cell::UnsafeCell<PyMutex>);
// SAFETY: the mutex is only handed to C's lock and unlock.
unsafe impl Sync for Creation {}

impl Interpreter {
    /// The cell of the interpreter that `raw` belongs to.
    ///
    /// Modules make sure of the cell when they are loaded ([`Self::ensure`]), but C calls their
    /// init function in the main interpreter: another one may have none before its first use.
    #[inline(always)]
    pub(crate) fn of(raw: NonNull<PyThreadState>) -> &'static Self {
        // SAFETY: by the invariants of the types that hold one, the thread state exists.
        let state = unsafe { fast::interpreter(raw) };
        Self::find(state).filter(|cell| !cell.has_ended()).unwrap_or_else(|| Self::first_use(raw))
    }

    #[cold]
    #[inline(never)]
    fn first_use(raw: NonNull<PyThreadState>) -> &'static Self {
        crate::thread::check_attached(raw);
        // SAFETY: just checked, and on its own thread: whatever holds a thread state stays there.
        let cell = unsafe { Self::find_or_create(raw) };
        cell.unwrap_or_else(|| crate::message::die("no memory to use a Rust module"))
    }

    /// Whether this is the interpreter at `state`.
    ///
    /// `state` is that of a token, whose interpreter has asked for its cell.
    #[inline(always)]
    pub(crate) fn is(&self, state: *mut PyInterpreterState) -> bool {
        self.state.load(Ordering::Acquire) == state
    }

    /// Whether this is the interpreter at `state`, which may never have asked for its cell.
    ///
    /// Says "no" too often after the end, when it cannot be told from one that came after it.
    #[inline(always)]
    pub(crate) fn surely_is(&self, state: *mut PyInterpreterState) -> bool {
        self.is(state) && !self.has_ended()
    }

    /// Whether the interpreter's modules are gone.
    #[inline(always)]
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Whether the interpreter at `state` has begun to end.
    pub(crate) fn wants_to_end(state: *mut PyInterpreterState) -> bool {
        Self::find(state).is_some_and(|cell| cell.ending.load(Ordering::Relaxed))
    }

    /// Notes that the end has begun.
    pub(crate) fn begin_end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether it is this caller who has to see to it that the end is told of.
    pub(crate) fn begin_watch(&self) -> bool {
        !self.watched.swap(true, Ordering::Relaxed)
    }

    /// Takes back what `begin_watch` has begun, and could not be done.
    pub(crate) fn end_watch(&self) {
        self.watched.store(false, Ordering::Relaxed);
    }

    /// The PEP 788 view of this interpreter. After the end it may be that of a later one.
    pub(crate) fn view(&self) -> NonNull<PyInterpreterView> {
        self.view
    }

    /// Makes sure that the current interpreter has a cell; `false` with an exception set when
    /// there is no memory for it.
    ///
    /// # Safety
    /// `raw` is this thread's attached thread state.
    pub(crate) unsafe fn ensure(raw: NonNull<PyThreadState>) -> bool {
        // SAFETY: by the caller's word.
        unsafe { Self::find_or_create(raw) }.is_some()
    }

    /// The cell of the current interpreter; `None` with an exception set.
    ///
    /// # Safety
    /// As for [`Self::ensure`].
    unsafe fn find_or_create(raw: NonNull<PyThreadState>) -> Option<&'static Self> {
        // SAFETY: it exists.
        let state = unsafe { fast::interpreter(raw) };
        if let Some(cell) = Self::find(state).filter(|cell| !cell.has_ended()) {
            return Some(cell);
        }
        crate::guard::watch_forks();
        crate::panic::watch();
        // SAFETY: attached. The calls under the lock run no Python, so it cannot be re-entered.
        unsafe {
            fast::PyMutex_Lock(CREATION.0.get());
            let cell = Self::create(state);
            fast::PyMutex_Unlock(CREATION.0.get());
            cell
        }
    }

    /// Finds or makes the cell; `None` with an exception set.
    ///
    /// # Safety
    /// Attached to the interpreter at `state`, with `CREATION` locked.
    unsafe fn create(state: *mut PyInterpreterState) -> Option<&'static Self> {
        // SAFETY: the current interpreter.
        let id = unsafe { calls::PyInterpreterState_GetID(state) };
        let former = Self::find(state);
        if let Some(cell) = former.filter(|cell| cell.id == id) {
            return Some(cell);
        }
        // Keeps the interpreter from ending before it is known who wants to hear of that. When it
        // is ending already, the cell is that of an ended one from the start.
        let guard = Guard::of_current();
        // SAFETY: attached.
        let view = unsafe { calls::PyInterpreterView_FromCurrent() }?;
        let bucket = &CELLS[bucket_of(state)];
        let cell = crate::allocate(Self {
            state: AtomicPtr::new(state),
            id,
            view,
            watched: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            ended: AtomicBool::new(guard.is_none()),
            dropped: Stack::new(),
            next: bucket.load(Ordering::Acquire),
        });
        // SAFETY: attached; the cell lives for ever.
        let known = cell.filter(|cell| unsafe {
            let hook = Some(interpreter_ended as unsafe extern "C" fn(_));
            guard.is_none() || !calls::PyUnstable_AtExit(state, hook, cell.as_ptr().cast()).failed()
        });
        let Some(cell) = known else {
            // SAFETY: attached. A cell that could not be announced is never used.
            unsafe { calls::PyErr_NoMemory() };
            return None;
        };
        if id == MAIN {
            // C has room for 32 of these. Without one, handles of this runtime must not outlive it.
            // SAFETY: may be called at any time.
            let _ = unsafe { calls::Py_AtExit(Some(runtime_ended)) };
        }
        if let Some(former) = former {
            former.state.store(ptr::null_mut(), Ordering::Release);
        }
        bucket.store(cell.as_ptr(), Ordering::Release);
        // SAFETY: just allocated, never freed, shared from now on.
        Some(unsafe { cell.as_ref() })
    }

    #[inline(always)]
    fn find(state: *mut PyInterpreterState) -> Option<&'static Self> {
        let mut cell: *const Self = CELLS[bucket_of(state)].load(Ordering::Acquire);
        // SAFETY: cells are never freed and `next` never changes.
        while let Some(found) = unsafe { cell.as_ref() } {
            if found.is(state) {
                return Some(found);
            }
            cell = found.next;
        }
        None
    }

    /// Hands an object over to the interpreter at `state`; nothing is touched when it has ended.
    #[cold]
    pub(crate) fn defer_to(state: *mut PyInterpreterState, object: NonNull<PyObject>) {
        if let Some(cell) = Self::find(state) {
            cell.defer(object);
        }
    }

    /// Hands an object over, to be released when a thread of this interpreter next comes by.
    ///
    /// Nothing is released, and nothing kept, once the interpreter has ended. When there is no
    /// memory for a list entry, the object leaks: there is nothing else that would be sound.
    #[cold]
    #[inline(never)]
    pub(crate) fn defer(&self, object: NonNull<PyObject>) {
        if self.has_ended() {
            return;
        }
        WAITING.fetch_add(1, Ordering::Relaxed);
        if !self.dropped.push(Dropped(object)) {
            WAITING.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Releases everything that waits.
    ///
    /// # Safety
    /// Attached to this interpreter. May run Python.
    unsafe fn release_dropped(&self) {
        for Dropped(object) in self.dropped.take() {
            WAITING.fetch_sub(1, Ordering::Relaxed);
            // SAFETY: the count was given up by whoever deferred it; attached by the caller's word.
            unsafe { Owned::new(object).release() };
        }
    }
}

/// Releases what waits for the interpreter of `raw`, if anything waits anywhere.
#[inline(always)]
pub(crate) fn drain(raw: NonNull<PyThreadState>) {
    if WAITING.load(Ordering::Relaxed) != 0 {
        drain_now(raw);
    }
}

#[cold]
#[inline(never)]
fn drain_now(raw: NonNull<PyThreadState>) {
    // SAFETY: by the invariants of the types that hold one, the thread state exists.
    let cell = Interpreter::find(unsafe { fast::interpreter(raw) });
    if let Some(cell) = cell.filter(|cell| !cell.has_ended())
        && !crate::sync::inside_lock()
    {
        crate::thread::check_attached(raw);
        // SAFETY: just checked.
        unsafe { cell.release_dropped() };
    }
}

const BUCKETS: usize = 64;
/// The number of the main interpreter, in each runtime that the process starts.
const MAIN: i64 = 0;

fn bucket_of(state: *mut PyInterpreterState) -> usize {
    let address = state.addr();
    (address >> 4 ^ address >> 12 ^ address >> 20) % BUCKETS
}

/// Called when the interpreter has no modules any more: what follows are last destructors.
unsafe extern "C" fn interpreter_ended(cell: *mut c_void) {
    // SAFETY: C passes the cell that was announced, attached to its interpreter.
    unsafe {
        if let Some(cell) = cell.cast::<Interpreter>().as_ref() {
            cell.release_dropped();
            cell.ended.store(true, Ordering::Release);
            cell.release_dropped();
        }
    }
}

/// Called when no interpreter is left: the next runtime uses the same address and number again.
unsafe extern "C" fn runtime_ended() {
    for bucket in &CELLS {
        let mut cell: *const Interpreter = bucket.load(Ordering::Acquire);
        // SAFETY: cells are never freed and `next` never changes.
        while let Some(found) = unsafe { cell.as_ref() } {
            found.state.store(ptr::null_mut(), Ordering::Release);
            cell = found.next;
        }
    }
}
