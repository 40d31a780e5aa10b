//! What keeps an interpreter from finalising (PEP 788), and what becomes of it in a forked child.
//!
//! C waits at the end of an interpreter until every guard is closed. A child process inherits
//! their number, but not the threads that would close them, so that it would never end. That is
//! why each open guard stands in a table: the child closes those of the threads it has lost.
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use cpython_ffi::raw::{PyInterpreterGuard, PyInterpreterView};
use cpython_ffi::{calls, fork};

use crate::sync::this_thread;

/// An open guard. Dropping it closes it.
///
/// # Invariants
/// `raw` is open, and `place` is the place in the table that holds it.
pub(crate) struct Guard {
    raw: NonNull<PyInterpreterGuard>,
    place: &'static Place,
}

impl Guard {
    /// A guard on the current interpreter; `None` when it is finalising or memory is short.
    ///
    /// Called attached. Leaves no exception.
    pub(crate) fn of_current() -> Option<Self> {
        // SAFETY: attached.
        let guard = unsafe { calls::PyInterpreterGuard_FromCurrent() };
        if guard.is_none() {
            // SAFETY: attached; the failed call has set an exception that nobody wants.
            unsafe { calls::PyErr_Clear() };
        }
        Self::open(guard?)
    }

    /// A guard on the interpreter behind a view; `None` when it is finalising or memory is short.
    ///
    /// Needs no attached thread. Views are never closed.
    pub(crate) fn of_view(view: NonNull<PyInterpreterView>) -> Option<Self> {
        // SAFETY: an open view.
        Self::open(unsafe { calls::PyInterpreterGuard_FromView(view) }?)
    }

    /// The guard for C.
    pub(crate) fn raw(&self) -> NonNull<PyInterpreterGuard> {
        self.raw
    }

    /// Finds a place for an open guard; without one it is closed again.
    fn open(raw: NonNull<PyInterpreterGuard>) -> Option<Self> {
        match Table::claim() {
            Some(place) => {
                place.guard.store(raw.as_ptr(), Ordering::Release);
                Some(Self { raw, place })
            }
            None => {
                // SAFETY: open, and given up by the caller.
                unsafe { calls::PyInterpreterGuard_Close(raw) };
                None
            }
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.place.guard.store(ptr::null_mut(), Ordering::Release);
        self.place.owner.store(NOBODY, Ordering::Release);
        // SAFETY: open by the invariant; needs no attached thread.
        unsafe { calls::PyInterpreterGuard_Close(self.raw) };
    }
}

/// Begins to look after the children of this process.
pub(crate) fn watch_forks() {
    fork::watch(close_orphans);
}

/// Closes the guards of the threads that have not survived the fork.
///
/// This thread's own are closed by the frames that hold them, which the child has, too.
extern "C" fn close_orphans() {
    let me = this_thread();
    let mut table = Some(&TABLE);
    while let Some(Table { places, next }) = table {
        for place in places.iter().filter(|place| place.owner.load(Ordering::Acquire) != me) {
            place.owner.store(NOBODY, Ordering::Release);
            if let Some(guard) = NonNull::new(place.guard.swap(ptr::null_mut(), Ordering::AcqRel)) {
                // SAFETY: open: its place is emptied before it is closed. There is no other thread.
                unsafe { calls::PyInterpreterGuard_Close(guard) };
            }
        }
        // SAFETY: tables are never freed.
        table = unsafe { next.load(Ordering::Acquire).as_ref() };
    }
}

/// A place for one guard: free, or taken by the thread whose mark it has.
struct Place {
    owner: AtomicUsize,
    guard: AtomicPtr<PyInterpreterGuard>,
}

/// Places, and more of them.
struct Table {
    places: [Place; PLACES],
    next: AtomicPtr<Self>,
}

impl Table {
    const fn new() -> Self {
        Self { places: [const { Place::new() }; PLACES], next: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Takes a free place for this thread; `None` when there is no memory for more of them.
    fn claim() -> Option<&'static Place> {
        let me = this_thread();
        // Threads begin to look at different places.
        let start = (me >> 6) ^ (me >> 12);
        let mut table = &TABLE;
        loop {
            for i in 0..PLACES {
                let place = &table.places[start.wrapping_add(i) % PLACES];
                let free = place.owner.load(Ordering::Relaxed) == NOBODY;
                if free && place.take(me) {
                    return Some(place);
                }
            }
            table = table.next()?;
        }
    }

    /// The table after this one, made when there is none yet.
    fn next(&self) -> Option<&'static Self> {
        if let Some(next) = NonNull::new(self.next.load(Ordering::Acquire)) {
            // SAFETY: tables are never freed.
            return Some(unsafe { next.as_ref() });
        }
        let made = crate::allocate(Self::new())?.as_ptr();
        let null = ptr::null_mut();
        let next = match self.next.compare_exchange(null, made, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => made,
            Err(faster) => {
                // SAFETY: nobody else has seen it; it came from the global allocator.
                drop(unsafe { Box::from_raw(made) });
                faster
            }
        };
        // SAFETY: not null, and never freed.
        unsafe { next.as_ref() }
    }
}

impl Place {
    const fn new() -> Self {
        Self { owner: AtomicUsize::new(NOBODY), guard: AtomicPtr::new(ptr::null_mut()) }
    }

    fn take(&self, owner: usize) -> bool {
        self.owner.compare_exchange(NOBODY, owner, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }
}

static TABLE: Table = Table::new();

/// How many guards are open at the same time before more memory is needed.
const PLACES: usize = 64;

/// The mark of no thread.
const NOBODY: usize = 0;
