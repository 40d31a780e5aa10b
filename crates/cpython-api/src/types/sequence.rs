//! `list` and `tuple`.
use std::ops::Range;

use cpython_ffi::{Ref, calls, fast, raw};

use super::{PyAny, PyList, PyTuple};
use crate::error::{PyErr, PyResult, owned, owned_by};
use crate::exception::IndexError;
use crate::handle::Bound;
use crate::thread::ThreadState;

impl PyTuple {
    /// A new `tuple` of the items.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new<'py>(
        ts: &ThreadState<'py>,
        items: &[&Bound<'py, PyAny>],
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; each place is filled with a count of its own before Python runs.
        unsafe {
            let tuple: Bound<'py, Self> = owned_by(ts, calls::PyTuple_New(items.len() as isize))?;
            for (i, item) in items.iter().enumerate() {
                let item = item.reference().to_owned();
                raw::PyTuple_SET_ITEM(tuple.reference().as_ptr(), i as isize, item.into_ptr());
            }
            Ok(tuple)
        }
    }
}

impl<'py> Bound<'py, PyTuple> {
    /// `len(self)`.
    #[inline(always)]
    pub fn len(&self) -> usize {
        // SAFETY: a live `tuple`, whose length does not change.
        unsafe { raw::PyTuple_GET_SIZE(self.checked().as_ptr()) as usize }
    }

    /// Whether there are no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self[i]`; nothing when there are not so many.
    #[inline]
    pub fn get(&self, i: usize) -> Option<Bound<'py, PyAny>> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: in range; a tuple's items do not change. One that somebody else is still
        // filling (the collector shows it) has empty places.
        unsafe {
            let item = raw::PyTuple_GET_ITEM(self.reference().as_ptr(), i as isize);
            Some(Bound::beside(self, Ref::from_ptr(item)?.to_owned()))
        }
    }

    /// The items.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, types::PyTuple};
    /// fn all_true(items: &Bound<'_, PyTuple>) -> PyResult<bool> {
    ///     for item in items.iter() {
    ///         if !item.is_true()? {
    ///             return Ok(false);
    ///         }
    ///     }
    ///     Ok(true)
    /// }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Bound<'py, PyAny>> {
        (0..self.len()).map_while(|i| self.get(i))
    }

    /// `self[range]`, cut to what there is.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn slice(&self, range: Range<usize>) -> PyResult<Self> {
        // SAFETY: attached; C cuts the range; the call returns a `tuple`.
        unsafe {
            let (low, high) = (clipped(range.start), clipped(range.end));
            owned(self, calls::PyTuple_GetSlice(self.checked(), low, high))
        }
    }
}

impl PyList {
    /// A new `list` of the items.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new<'py>(
        ts: &ThreadState<'py>,
        items: &[&Bound<'py, PyAny>],
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; each place is filled with a count of its own before Python runs.
        unsafe {
            let list: Bound<'py, Self> = owned_by(ts, calls::PyList_New(items.len() as isize))?;
            for (i, item) in items.iter().enumerate() {
                let item = item.reference().to_owned();
                raw::PyList_SET_ITEM(list.reference().as_ptr(), i as isize, item.into_ptr());
            }
            Ok(list)
        }
    }
}

impl PyList {
    /// A new `list` that takes over what is in `items` from `start` on. On failure it all stays.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyList};
    /// fn list<'py>(ts: &ThreadState<'py>, mut items: Vec<Bound<'py>>) -> PyResult<Bound<'py, PyList>> {
    ///     PyList::take_from(ts, &mut items, 0)
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn take_from<'py>(
        ts: &ThreadState<'py>,
        items: &mut Vec<Bound<'py, PyAny>>,
        start: usize,
    ) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        let start = start.min(items.len());
        let length = (items.len() - start) as isize;
        // SAFETY: attached. No Python runs between here and the end: each place is filled, with the
        // count that the item brings, before anybody sees the list.
        unsafe {
            let list: Bound<'py, Self> = owned_by(ts, calls::PyList_New(length))?;
            for (i, item) in items.drain(start..).enumerate() {
                let item = item.into_owned().into_ptr();
                raw::PyList_SET_ITEM(list.reference().as_ptr(), i as isize, item);
            }
            Ok(list)
        }
    }
}

/// Any thread and any Python that runs may change a list: each call looks at it as it is then.
impl<'py> Bound<'py, PyList> {
    /// `len(self)`, at this moment.
    #[inline(always)]
    pub fn len(&self) -> usize {
        // SAFETY: a live `list`.
        unsafe { raw::PyList_GET_SIZE(self.checked().as_ptr()) as usize }
    }

    /// Whether there are no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self[i]`; nothing when there are not so many.
    #[inline]
    pub fn get(&self, i: usize) -> Option<Bound<'py, PyAny>> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: attached. With a GIL: in range, and nothing runs before the item is counted.
        // Without: C reads and counts it in one step.
        unsafe {
            if fast::GIL_DISABLED {
                return self.get_shared(i);
            }
            let item = raw::PyList_GET_ITEM(self.reference().as_ptr(), i as isize);
            Some(Bound::beside(self, Ref::from_ptr(item)?.to_owned()))
        }
    }

    /// `self[i]` where other threads run.
    fn get_shared(&self, i: usize) -> Option<Bound<'py, PyAny>> {
        // SAFETY: attached.
        let item = unsafe { calls::PyList_GetItemRef(self.checked(), i as isize) };
        if item.is_none() {
            // The list has become shorter since: nobody wants that exception.
            drop(PyErr::fetch_beside(self));
        }
        // SAFETY: a new reference, made on this thread.
        item.map(|item| unsafe { Bound::beside(self, item) })
    }

    /// `self[i] = item`.
    ///
    /// # Errors
    /// `IndexError` when there are not so many.
    pub fn set<T>(&self, i: usize, item: &Bound<'py, T>) -> PyResult<()> {
        if i >= self.len() {
            return Err(IndexError::new(&self.token(), "list assignment index out of range"));
        }
        // SAFETY: attached; the count is handed over; C checks the index again.
        self.done(unsafe {
            calls::PyList_SetItem(self.checked(), i as isize, item.reference().to_owned())
        })
    }

    /// `self.append(item)`.
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline]
    pub fn append<T>(&self, item: &Bound<'py, T>) -> PyResult<()> {
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PyList_Append(self.checked(), item.reference()) })
    }

    /// `self.insert(i, item)`: at the end when there are not so many.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn insert<T>(&self, i: usize, item: &Bound<'py, T>) -> PyResult<()> {
        // SAFETY: attached; both live; C cuts the index.
        self.done(unsafe { calls::PyList_Insert(self.checked(), clipped(i), item.reference()) })
    }

    /// `self.extend(iterable)`.
    ///
    /// # Errors
    /// What iterating raises; `MemoryError`.
    pub fn extend<T>(&self, iterable: &Bound<'py, T>) -> PyResult<()> {
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PyList_Extend(self.checked(), iterable.reference()) })
    }

    /// `self[range] = items`, the range cut to what there is; without items it is deleted.
    ///
    /// # Errors
    /// What iterating over the items raises; `MemoryError`.
    pub fn set_slice(
        &self,
        range: Range<usize>,
        items: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let (low, high) = (clipped(range.start), clipped(range.end));
        let items = items.map(Bound::reference);
        // SAFETY: attached; all live; C cuts the range.
        self.done(unsafe { calls::PyList_SetSlice(self.checked(), low, high, items) })
    }

    /// `self.sort()`.
    ///
    /// # Errors
    /// What comparing raises; `ValueError` when the list changes meanwhile.
    pub fn sort(&self) -> PyResult<()> {
        // SAFETY: attached.
        self.done(unsafe { calls::PyList_Sort(self.checked()) })
    }

    /// `tuple(self)`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn to_tuple(&self) -> PyResult<Bound<'py, PyTuple>> {
        // SAFETY: attached; the call returns a `tuple`.
        unsafe { owned(self, calls::PyList_AsTuple(self.checked())) }
    }

    /// The items, each as it is when it is reached: what Python's own iterator does.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, types::PyList};
    /// fn count_none(items: &Bound<'_, PyList>) -> usize {
    ///     items.iter().filter(|item| item.is_none()).count()
    /// }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Bound<'py, PyAny>> {
        (0..).map_while(|i| self.get(i))
    }
}

/// An index for C, which cuts what is too large.
fn clipped(i: usize) -> isize {
    isize::try_from(i).unwrap_or(isize::MAX)
}
