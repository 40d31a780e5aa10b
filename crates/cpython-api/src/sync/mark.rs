//! Who holds a lock: what tells re-entry, and a holder that a fork has lost.
//!
//! `tests/model` compiles this file for loom, which tries it in every order that threads can have.
use crate::atomic::{AtomicU32, AtomicUsize, Ordering};

/// The mark that the holder of a lock leaves in it, and whoever asks for it before.
///
/// # Invariants
/// `owner` is a thread's mark only while that thread holds the lock. `generation` is that of the process whose threads
/// have asked for the lock last: it is written before the lock is taken.
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

    /// Whether the holder of the lock, which is locked, belongs to the process before a fork.
    ///
    /// Nobody of this process has asked for it yet then: whoever does is refused here before.
    #[cold]
    pub(crate) fn is_orphaned(&self, generation: u32) -> bool {
        self.generation.load(Ordering::Relaxed) != generation
    }

    /// Tells that a thread of this process is about to take the lock. A fork can come before it has left its mark.
    #[inline(always)]
    pub(crate) fn announce(&self, generation: u32) {
        if self.generation.load(Ordering::Relaxed) != generation {
            self.generation.store(generation, Ordering::Relaxed);
        }
    }

    /// Leaves the mark of the thread `me`, which has just taken the lock.
    #[inline(always)]
    pub(crate) fn leave(&self, me: usize) {
        self.owner.store(me, Ordering::Relaxed);
    }

    /// Takes the mark away, before the lock is given up.
    #[inline(always)]
    pub(crate) fn take_away(&self) {
        self.owner.store(0, Ordering::Relaxed);
    }
}
