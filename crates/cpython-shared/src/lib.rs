//! A value with several owners, made in memory that may be refused: [`Shared`].
//!
//! The `Arc` of the standard library ends the process when there is no memory for it, and the one
//! that can fail is not stable. This is as much of it as modules need: no weak references, no
//! unsized values.
#![expect(unsafe_code, reason = "the memory of a value that several own")]

use std::alloc::{Layout, alloc, dealloc};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::process::abort;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// A counted reference to a value, as `Arc` is.
///
/// ```
/// use cpython_shared::Shared;
/// let one = Shared::new(vec![1, 2]).ok().unwrap();
/// let other = one.clone();
/// drop(one);
/// assert_eq!(*other, [1, 2]);
/// ```
///
/// # Invariants
/// `inner` was allocated for an `Inner<T>`, whose value is initialised and whose `owners` is the
/// number of `Shared`s with this pointer. It is freed when the last of them is dropped.
pub struct Shared<T> {
    inner: NonNull<Inner<T>>,
    _owns: PhantomData<Inner<T>>,
}

struct Inner<T> {
    owners: AtomicUsize,
    value: T,
}

// SAFETY: owners on several threads share the value (`Sync`), and the last one, wherever it is,
// drops it (`Send`).
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: a shared reference can be cloned into an owner, so the same holds.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// A value with one owner.
    ///
    /// # Errors
    /// The value, when there is no memory for it.
    pub fn new(value: T) -> Result<Self, T> {
        // SAFETY: the layout has a size: that of the counter at least.
        let memory = unsafe { alloc(Layout::new::<Inner<T>>()) };
        let Some(inner) = NonNull::new(memory.cast::<Inner<T>>()) else { return Err(value) };
        // SAFETY: just allocated, with this layout.
        unsafe { inner.write(Inner { owners: AtomicUsize::new(1), value }) };
        // INVARIANT: initialised, and this is its one owner.
        Ok(Self { inner, _owns: PhantomData })
    }

    fn inner(&self) -> &Inner<T> {
        // SAFETY: initialised, and this owner keeps it.
        unsafe { self.inner.as_ref() }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        // Relaxed, for whoever clones has an owner already. Owners that are forgotten could make
        // the counter overflow: long before, as `Arc` does, the process ends.
        if self.inner().owners.fetch_add(1, Ordering::Relaxed) > usize::MAX / 2 {
            abort();
        }
        // INVARIANT: counted above.
        Self { inner: self.inner, _owns: PhantomData }
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // Release: what this owner did to the value happens before the last one drops it.
        if self.inner().owners.fetch_sub(1, Ordering::Release) != 1 {
            return;
        }
        fence(Ordering::Acquire);
        /// Frees the memory, also when the value's own destructor panics.
        struct Memory(*mut u8, Layout);
        impl Drop for Memory {
            fn drop(&mut self) {
                // SAFETY: allocated with this layout, and its value is dropped.
                unsafe { dealloc(self.0, self.1) };
            }
        }
        let _memory = Memory(self.inner.as_ptr().cast(), Layout::new::<Inner<T>>());
        // SAFETY: this was the last owner, so nobody else reaches the value, now or later.
        unsafe { self.inner.drop_in_place() };
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    use super::*;

    /// Counts how often it is dropped.
    struct Counted<'a>(&'a AtomicUsize);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_last_owner_drops_the_value_once() {
        let drops = AtomicUsize::new(0);
        let one = Shared::new(Counted(&drops)).ok().unwrap();
        let other = one.clone();
        drop(one);
        assert_eq!(drops.load(Ordering::Relaxed), 0);
        drop(other);
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn owners_on_many_threads() {
        let drops = AtomicUsize::new(0);
        let shared = Shared::new(Counted(&drops)).ok().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                let shared = shared.clone();
                scope.spawn(move || {
                    for _ in 0..1000 {
                        assert_eq!(shared.clone().0.load(Ordering::Relaxed), 0);
                    }
                });
            }
            drop(shared);
        });
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_destructor_that_panics_loses_no_memory() {
        struct Panics(#[expect(dead_code, reason = "memory of its own")] Box<u8>);
        impl Drop for Panics {
            fn drop(&mut self) {
                panic!("in a destructor");
            }
        }
        let shared = Shared::new(Panics(Box::new(1))).ok().unwrap();
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(shared))).is_err());
    }

    #[test]
    fn alignment_is_kept() {
        #[repr(align(64))]
        struct Aligned(u8);
        let shared = Shared::new(Aligned(7)).ok().unwrap();
        assert_eq!((&raw const *shared).addr() % 64, 0);
        assert_eq!(shared.0, 7);
    }
}
