//! The parts of the API that threads share without a lock, compiled for loom: it runs each test in every order that
//! the threads can have, and shows each value that the memory orderings allow.
//!
//! The files are those of `cpython-api` themselves; what they take from there are loom's atomics here.
#![cfg_attr(
    test,
    expect(unsafe_code, reason = "files of the API, and loom's cells, which check each use")
)]

#[cfg(test)]
#[path = "../../../crates/cpython-api/src/allocate.rs"]
mod allocate;
#[cfg(test)]
#[path = "../../../crates/cpython-api/src/sync/mark.rs"]
mod mark;
#[cfg(test)]
#[path = "../../../crates/cpython-api/src/stack.rs"]
mod stack;

/// What the files know as `crate::atomic`.
#[cfg(test)]
mod atomic {
    pub(crate) use loom::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
}

#[cfg(test)]
pub(crate) use allocate::allocate;

#[cfg(test)]
mod lock;
#[cfg(test)]
mod queue;
