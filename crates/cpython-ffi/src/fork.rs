//! Telling a process from the one that it was forked from.
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many forks lie between this process and the one that called [`watch`].
#[inline(always)]
pub fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Begins to count, and to run `in_child` in every child. Calling it again does nothing.
///
/// Without memory for that, forks go unseen: then a thread can wait for a lock whose holder is gone.
pub fn watch(in_child: extern "C" fn()) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the functions are `'static`; what ours does, adding to an atomic number, is
        // allowed after a fork.
        unsafe {
            pthread_atfork(None, None, Some(count));
            pthread_atfork(None, None, Some(in_child));
        }
        #[cfg(not(unix))]
        let _ = in_child;
    });
}

static GENERATION: AtomicU32 = AtomicU32::new(0);

#[cfg(unix)]
extern "C" fn count() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

#[cfg(unix)]
unsafe extern "C" {
    /// POSIX: runs functions around `fork`, the last one in the child.
    fn pthread_atfork(
        prepare: Option<extern "C" fn()>,
        parent: Option<extern "C" fn()>,
        child: Option<extern "C" fn()>,
    ) -> std::ffi::c_int;
}
