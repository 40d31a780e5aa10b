//! One small cell per interpreter, never freed: the owner of handles, and the queue of those
//! that were dropped where they could not be released.
use std::ffi::CStr;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use cpython_ffi::raw::{PyInterpreterState, PyInterpreterView, PyMutex, PyObject, PyThreadState};
use cpython_ffi::{Owned, Ref, calls, fast};

/// An interpreter as its handles know it.
///
/// # Invariants
/// `state` is the interpreter's address from creation until its dict is cleared at its end, and
/// null from then on: a later interpreter at the same address gets a cell of its own.
pub(crate) struct Interpreter {
    state: AtomicPtr<PyInterpreterState>,
    view: AtomicPtr<PyInterpreterView>,
    registered: AtomicBool,
    /// Objects to release, as a stack of [`Dropped`].
    dropped: AtomicPtr<Dropped>,
    next: *const Interpreter,
}

// SAFETY: all fields are atomics but `next`, which is written before the cell is published and
// points to another cell that is never freed.
unsafe impl Sync for Interpreter {}

/// An object waiting to be released by a thread of its interpreter.
struct Dropped {
    object: NonNull<PyObject>,
    next: *mut Self,
}

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
    /// A module makes the cell sure when it is initialised ([`Self::ensure`]). C calls the init
    /// function of a library in the main interpreter only, so a function that is called in another
    /// one before `exec` comes here first.
    #[inline(always)]
    pub(crate) fn of(raw: NonNull<PyThreadState>) -> &'static Self {
        // SAFETY: by the invariants of the types that hold one, the thread state exists.
        let state = unsafe { fast::interpreter(raw) };
        Self::find(state).unwrap_or_else(|| Self::first_use(raw))
    }

    #[cold]
    #[inline(never)]
    fn first_use(raw: NonNull<PyThreadState>) -> &'static Self {
        crate::thread::check_attached(raw);
        // SAFETY: just checked, and on its own thread: whatever holds a thread state stays there.
        let made = unsafe { Self::ensure(raw) };
        // SAFETY: it exists.
        let cell = made.then(|| Self::find(unsafe { fast::interpreter(raw) })).flatten();
        cell.unwrap_or_else(|| crate::message::die("no memory to use a Rust module"))
    }

    /// Whether this is the interpreter at `state`, and still alive.
    #[inline(always)]
    pub(crate) fn is(&self, state: *mut PyInterpreterState) -> bool {
        self.state.load(Ordering::Acquire) == state
    }

    /// The PEP 788 view of this interpreter.
    pub(crate) fn view(&self) -> Option<NonNull<PyInterpreterView>> {
        NonNull::new(self.view.load(Ordering::Acquire))
    }

    /// Makes sure that the current interpreter has a cell that learns of its end; `false` with an
    /// exception set when there is no memory for it.
    ///
    /// # Safety
    /// `raw` is this thread's attached thread state.
    pub(crate) unsafe fn ensure(raw: NonNull<PyThreadState>) -> bool {
        cpython_ffi::fork::watch();
        // SAFETY: it exists.
        let state = unsafe { fast::interpreter(raw) };
        if Self::find(state).is_some_and(|cell| cell.registered.load(Ordering::Acquire)) {
            return true;
        }
        // SAFETY: attached. The calls under the lock run no Python, so it cannot be re-entered.
        unsafe {
            fast::PyMutex_Lock(CREATION.0.get());
            let made = Self::create(state);
            fast::PyMutex_Unlock(CREATION.0.get());
            made
        }
    }

    /// Finds or makes the cell, its view and its end-of-life capsule; `false` with an exception set.
    ///
    /// # Safety
    /// Attached to the interpreter at `state`, with `CREATION` locked.
    unsafe fn create(state: *mut PyInterpreterState) -> bool {
        let cell = match Self::find(state) {
            Some(cell) => cell,
            None => {
                let bucket = &CELLS[bucket_of(state)];
                let Some(cell) = allocate(Self {
                    state: AtomicPtr::new(state),
                    view: AtomicPtr::new(ptr::null_mut()),
                    registered: AtomicBool::new(false),
                    dropped: AtomicPtr::new(ptr::null_mut()),
                    next: bucket.load(Ordering::Acquire),
                }) else {
                    // SAFETY: attached.
                    unsafe { calls::PyErr_NoMemory() };
                    return false;
                };
                bucket.store(cell.as_ptr(), Ordering::Release);
                // SAFETY: just allocated, never freed, shared from now on.
                unsafe { cell.as_ref() }
            }
        };
        if cell.view.load(Ordering::Acquire).is_null() {
            // SAFETY: attached.
            let Some(view) = (unsafe { calls::PyInterpreterView_FromCurrent() }) else {
                return false;
            };
            cell.view.store(view.as_ptr(), Ordering::Release);
        }
        if cell.registered.load(Ordering::Acquire) {
            return true;
        }
        // SAFETY: attached; the cell lives for ever; the dict is the interpreter's own.
        unsafe {
            let Some(dict) = calls::PyInterpreterState_GetDict(state) else {
                calls::PyErr_NoMemory();
                return false;
            };
            let Some(key) =
                calls::PyUnicode_FromStringAndSize(NAME.as_ptr(), NAME.count_bytes() as isize)
            else {
                return false;
            };
            let Some(capsule) = calls::PyCapsule_New(
                ptr::from_ref(cell).cast_mut().cast(),
                NAME.as_ptr(),
                Some(interpreter_ended),
            ) else {
                key.release();
                return false;
            };
            let status = calls::PyDict_SetItem(dict, key.as_ref(), capsule.as_ref());
            cell.registered.store(!status.failed(), Ordering::Release);
            if status.failed() {
                // The cell stays in use; only the capsule must not declare it dead.
                cpython_ffi::raw::PyCapsule_SetDestructor(capsule.as_ref().as_ptr(), None);
            }
            capsule.release();
            key.release();
            !status.failed()
        }
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
    /// Nothing is released, and nothing kept, once the interpreter is gone. When there is no
    /// memory for a list entry, the object leaks: there is nothing else that would be sound.
    #[cold]
    #[inline(never)]
    pub(crate) fn defer(&self, object: NonNull<PyObject>) {
        if self.state.load(Ordering::Acquire).is_null() {
            return;
        }
        let Some(entry) = allocate(Dropped { object, next: self.dropped.load(Ordering::Relaxed) })
        else {
            return;
        };
        WAITING.fetch_add(1, Ordering::Relaxed);
        let entry = entry.as_ptr();
        loop {
            // SAFETY: the entry is ours until the exchange succeeds.
            let seen = unsafe { (*entry).next };
            match self.dropped.compare_exchange_weak(
                seen,
                entry,
                Ordering::Release,
                Ordering::Relaxed,
            ) {
                Ok(_) => return,
                // SAFETY: the exchange failed, so the entry is still ours.
                Err(now) => unsafe { (*entry).next = now },
            }
        }
    }

    /// Releases everything that waits.
    ///
    /// # Safety
    /// Attached to this interpreter. May run Python.
    unsafe fn release_dropped(&self) {
        let mut entry = self.dropped.swap(ptr::null_mut(), Ordering::Acquire);
        while !entry.is_null() {
            // SAFETY: the swap made the whole list ours; each entry came from `allocate`.
            let Dropped { object, next } = *unsafe { Box::from_raw(entry) };
            WAITING.fetch_sub(1, Ordering::Relaxed);
            // SAFETY: the count was given up by whoever deferred it; attached by the caller's word.
            unsafe { Owned::new(object).release() };
            entry = next;
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
    if let Some(cell) = Interpreter::find(unsafe { fast::interpreter(raw) })
        && !crate::sync::inside_lock()
    {
        crate::thread::check_attached(raw);
        // SAFETY: just checked.
        unsafe { cell.release_dropped() };
    }
}

const BUCKETS: usize = 64;
/// The key in the interpreter's dict, and the capsule's name.
const NAME: &CStr = c"rust_stdlib.interpreter";

fn bucket_of(state: *mut PyInterpreterState) -> usize {
    let address = state.addr();
    (address >> 4 ^ address >> 12 ^ address >> 20) % BUCKETS
}

/// Puts a value on the heap, or reports that there is no memory.
fn allocate<T>(value: T) -> Option<NonNull<T>> {
    let layout = std::alloc::Layout::new::<T>();
    // SAFETY: neither type used here is zero-sized.
    let memory = NonNull::new(unsafe { std::alloc::alloc(layout) }.cast::<T>())?;
    // SAFETY: freshly allocated for a `T`.
    unsafe { memory.write(value) };
    Some(memory)
}

/// The capsule's destructor: the interpreter's dict is being cleared, nothing of ours runs later.
unsafe extern "C" fn interpreter_ended(capsule: *mut PyObject) {
    // SAFETY: C calls this with the capsule made in `create`, attached to its interpreter.
    unsafe {
        let Some(capsule) = Ref::from_ptr(capsule) else { return };
        let cell = calls::PyCapsule_GetPointer(capsule, NAME.as_ptr()).cast::<Interpreter>();
        if let Some(cell) = cell.as_ref() {
            cell.release_dropped();
            cell.state.store(ptr::null_mut(), Ordering::Release);
        }
    }
}
