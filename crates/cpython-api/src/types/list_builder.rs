//! Building a `list` whose length is not known beforehand: [`ListBuilder`].
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::{self, NonNull};

use cpython_ffi::raw::{PyObject, PyThreadState};
use cpython_ffi::{calls, raw};

use super::{PyAny, PyList};
use crate::error::{PyErr, PyResult, owned_by};
use crate::handle::Bound;
use crate::thread::{Brand, ThreadState, check_attached};

/// Collects items and makes a `list` of exactly their number.
///
/// Nobody sees the items before the list is complete, and short lists need no memory meanwhile.
///
/// ```no_run
/// use cpython_api::{Bound, IntoPy, PyResult, ThreadState, types::{ListBuilder, PyList}};
/// fn up_to<'py>(ts: &ThreadState<'py>, n: i64) -> PyResult<Bound<'py, PyList>> {
///     let mut list = ListBuilder::new(ts);
///     for i in 0..n {
///         list.push(i.into_py(ts)?)?;
///     }
///     list.finish()
/// }
/// ```
///
/// # Invariants
/// The first `first_len` places of `first`, and all of `more`, each stand for one count of a live
/// object of the interpreter of `state`, which exists for `'py`. `more` is empty until `first` is
/// full.
pub struct ListBuilder<'py> {
    first: [MaybeUninit<NonNull<PyObject>>; FIRST],
    first_len: usize,
    more: Vec<NonNull<PyObject>>,
    state: NonNull<PyThreadState>,
    _brand: Brand<'py>,
}

impl<'py> ListBuilder<'py> {
    /// Without items.
    #[inline(always)]
    pub fn new(ts: &ThreadState<'py>) -> Self {
        let first = [const { MaybeUninit::uninit() }; FIRST];
        Self { first, first_len: 0, more: Vec::new(), state: ts.raw(), _brand: PhantomData }
    }

    /// Adds an item.
    ///
    /// # Errors
    /// `MemoryError`; then the item is dropped.
    #[inline(always)]
    pub fn push<T>(&mut self, item: Bound<'py, T>) -> PyResult<()> {
        if let Some(place) = self.first.get_mut(self.first_len) {
            // INVARIANT: the handle's count is taken over. All handles of a brand are of one
            // thread state.
            place.write(item.into_owned().into_non_null());
            self.first_len += 1;
            return Ok(());
        }
        self.push_more(item.into_any())
    }

    #[inline(never)]
    fn push_more(&mut self, item: Bound<'py>) -> PyResult<()> {
        if self.more.len() == self.more.capacity() && self.more.try_reserve(FIRST).is_err() {
            return Err(PyErr::no_memory(&item.token()));
        }
        self.more.push(item.into_owned().into_non_null());
        Ok(())
    }

    /// The `list`.
    ///
    /// # Errors
    /// `MemoryError`; then the items are dropped.
    #[inline(always)]
    pub fn finish(self) -> PyResult<Bound<'py, PyList>> {
        check_attached(self.state);
        // SAFETY: attached, on this thread: handles are not `Send`, and neither is this.
        let ts = unsafe { ThreadState::from_raw(self.state) };
        let len = self.first_len + self.more.len();
        // SAFETY: attached; the call returns a `list`, or fails.
        let list: Bound<'py, PyList> = unsafe { owned_by(&ts, calls::PyList_New(len as isize)) }?;
        let mut this = ManuallyDrop::new(self);
        // SAFETY: so many places are there, all empty, in memory of the list's own; the counts are
        // handed over, and no Python runs before all places are filled. An address is what a place
        // holds.
        unsafe {
            let places = (*list.reference().as_ptr().cast::<raw::PyListObject>()).ob_item.cast();
            ptr::copy_nonoverlapping(this.first.as_ptr(), places, this.first_len);
            let places = places.add(this.first_len).cast();
            ptr::copy_nonoverlapping(this.more.as_ptr(), places, this.more.len());
        }
        drop(std::mem::take(&mut this.more));
        Ok(list)
    }

    /// The items.
    #[inline(always)]
    fn items(&self) -> impl Iterator<Item = NonNull<PyObject>> {
        let first = self.first[..self.first_len].iter();
        // SAFETY: initialised, by the invariant.
        first.map(|item| unsafe { item.assume_init() }).chain(self.more.iter().copied())
    }
}

impl Drop for ListBuilder<'_> {
    fn drop(&mut self) {
        for item in self.items() {
            // SAFETY: the count that the place stands for, given up once; the handle's own drop
            // knows what to do where the thread is not attached.
            drop(unsafe { Bound::<PyAny>::from_raw(self.state, item) });
        }
    }
}

/// How many items need no memory of their own.
const FIRST: usize = 64;
