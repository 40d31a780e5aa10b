//! Telling a process from the one that it was forked from.
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many forks lie between this process and the one that called [`watch`].
#[inline(always)]
pub fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// Begins to count. Calling it again does nothing.
///
/// Without memory for that, forks go unseen: then a thread can wait for a lock whose holder is gone.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(unix)]
        // SAFETY: the function is `'static` and does nothing but add to an atomic number, which
        // is allowed after a fork.
        unsafe {
            pthread_atfork(None, None, Some(count));
        }
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
