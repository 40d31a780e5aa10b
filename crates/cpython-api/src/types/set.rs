//! `set` and `frozenset`.
use cpython_ffi::{calls, raw};

use super::{PyAny, PyFrozenSet, PySet};
use crate::error::{PyResult, owned_by};
use crate::handle::Bound;
use crate::thread::ThreadState;

impl PySet {
    /// `set(iterable)`, empty without one.
    ///
    /// # Errors
    /// What iterating or hashing raises; `MemoryError`.
    pub fn new<'py>(
        ts: &ThreadState<'py>,
        iterable: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; the iterable is live; the call returns a `set`.
        unsafe { owned_by(ts, calls::PySet_New(iterable.map(Bound::reference))) }
    }
}

impl PyFrozenSet {
    /// `frozenset(iterable)`, empty without one.
    ///
    /// # Errors
    /// What iterating or hashing raises; `MemoryError`.
    pub fn new<'py>(
        ts: &ThreadState<'py>,
        iterable: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; the iterable is live; the call returns a `frozenset`.
        unsafe { owned_by(ts, calls::PyFrozenSet_New(iterable.map(Bound::reference))) }
    }
}

/// To walk over the items, use [`Bound::iter`](Bound#method.iter) of any object.
///
/// ```no_run
/// use cpython_api::{Bound, PyAny, PyResult, types::PySet};
/// fn seen_before<'py>(seen: &Bound<'py, PySet>, o: &Bound<'py, PyAny>) -> PyResult<bool> {
///     let before = seen.contains(o)?;
///     seen.add(o)?;
///     Ok(before)
/// }
/// ```
impl<'py> Bound<'py, PySet> {
    /// `self.add(item)`.
    ///
    /// # Errors
    /// What hashing or comparing raises; `MemoryError`.
    pub fn add<T>(&self, item: &Bound<'py, T>) -> PyResult<()> {
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PySet_Add(self.checked(), item.reference()) })
    }

    /// `self.discard(item)`, with whether it was there.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    pub fn discard<T>(&self, item: &Bound<'py, T>) -> PyResult<bool> {
        // SAFETY: attached; both live.
        self.answer(unsafe { calls::PySet_Discard(self.checked(), item.reference()) })
    }
}

macro_rules! sets {
    ($($marker:ident),*) => {$(
        impl<'py> Bound<'py, $marker> {
            /// `len(self)`, at this moment.
            #[inline]
            pub fn len(&self) -> usize {
                // SAFETY: a live `set` or `frozenset`.
                unsafe { raw::PySet_GET_SIZE(self.checked().as_ptr()) as usize }
            }

            /// Whether there are no items.
            #[inline]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// `item in self`.
            ///
            /// # Errors
            /// What hashing or comparing raises.
            pub fn contains<T>(&self, item: &Bound<'py, T>) -> PyResult<bool> {
                // SAFETY: attached; both live.
                self.answer(unsafe { calls::PySet_Contains(self.checked(), item.reference()) })
            }
        }
    )*};
}

sets!(PySet, PyFrozenSet);
