//! A lock that cannot deadlock on itself: [`PyLock`].
use std::cell::{Cell, UnsafeCell};

use cpython_ffi::calls;
use cpython_ffi::raw::PyMutex;

thread_local! {
    /// How many [`PyLock`]s this OS thread holds.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Whether this OS thread is inside the closure of a [`PyLock`].
#[inline(always)]
pub(crate) fn inside_lock() -> bool {
    HELD.get() != 0
}

/// placeholder
pub struct PyLock<T> {
    mutex: UnsafeCell<PyMutex>,
    value: UnsafeCell<T>,
}
