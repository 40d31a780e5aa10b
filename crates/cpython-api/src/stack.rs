//! A stack that any thread adds to without a lock, and that is emptied as a whole.
//!
//! `tests/model` compiles this file for loom, which tries it in every order that threads can have.
use std::ptr::{self, NonNull};

use crate::atomic::{AtomicPtr, Ordering};

/// The stack. Nothing is released when it is dropped.
///
/// # Invariants
/// `top` is null or the first of a list of entries from [`allocate`](crate::allocate), each of which belongs to the
/// stack.
pub(crate) struct Stack<T> {
    top: AtomicPtr<Entry<T>>,
}

struct Entry<T> {
    value: T,
    next: *mut Self,
}

impl<T: Send> Stack<T> {
    /// An empty stack.
    pub(crate) fn new() -> Self {
        Self { top: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Adds a value; `false` when there is no memory for it, and then it is dropped.
    pub(crate) fn push(&self, value: T) -> bool {
        let next = self.top.load(Ordering::Relaxed);
        let Some(entry) = crate::allocate(Entry { value, next }) else {
            return false;
        };
        let entry = entry.as_ptr();
        loop {
            // SAFETY: the entry is ours until the exchange succeeds.
            let seen = unsafe { (*entry).next };
            // INVARIANT: a new entry before those that there were.
            match self.top.compare_exchange_weak(seen, entry, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return true,
                // SAFETY: the exchange failed, so the entry is still ours.
                Err(now) => unsafe { (*entry).next = now },
            }
        }
    }

    /// Empties the stack; the last value comes first.
    pub(crate) fn take(&self) -> Taken<T> {
        // INVARIANT: the list has no other owner from here on.
        Taken(NonNull::new(self.top.swap(ptr::null_mut(), Ordering::Acquire)))
    }
}

/// What was in a stack.
///
/// # Invariants
/// The list of entries is owned by this value alone.
pub(crate) struct Taken<T>(Option<NonNull<Entry<T>>>);

impl<T> Iterator for Taken<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        // SAFETY: owned, and it came from `allocate`.
        let Entry { value, next } = *unsafe { Box::from_raw(self.0?.as_ptr()) };
        self.0 = NonNull::new(next);
        Some(value)
    }
}
