//! Who holds a lock: what tells re-entry, and a holder that a fork has lost.
//!
//! `tests/model` compiles this file for loom, which tries it in every order that threads can have.
use crate::atomic::{AtomicU32, AtomicUsize, Ordering};

/// The mark that the holder of a lock leaves in it.
///
/// # Invariants
/// `owner` is a thread's mark only while that thread holds the lock, and `generation` is then that of the process in
/// which it took it.
pub(crate) struct Mark {
    generation: AtomicU32,
    owner: AtomicUsize,
}

impl Mark {
    /// The mark of an unlocked lock, of two zeros.
    pub(crate) const fn new(generation: AtomicU32, owner: AtomicUsize) -> Self {
        Self { generation, owner }
    }

    /// Tells whether the thread `me` holds the lock; only that thread may ask.
    #[inline(always)]
    pub(crate) fn is_of(&self, me: usize) -> bool {
        self.owner.load(Ordering::Relaxed) == me
    }

    /// Whether the holder, if it has left its mark, belongs to the process before a fork.
    #[cold]
    pub(crate) fn is_orphaned(&self, generation: u32) -> bool {
        self.owner.load(Ordering::Acquire) != 0
            && self.generation.load(Ordering::Relaxed) != generation
    }

    /// Leaves the mark of the thread `me`, which has just taken the lock.
    #[inline(always)]
    pub(crate) fn leave(&self, me: usize, generation: u32) {
        self.generation.store(generation, Ordering::Relaxed);
        self.owner.store(me, Ordering::Release);
    }

    /// Takes the mark away, before the lock is given up.
    #[inline(always)]
    pub(crate) fn take_away(&self) {
        self.owner.store(0, Ordering::Relaxed);
    }
}
