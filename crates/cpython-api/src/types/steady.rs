//! Looking at the items of a list without counting them: [`Bound::steady`].
use cpython_ffi::{Ref, fast, raw};

use super::compare::simple_less;
use super::{PyAny, PyList, Value};
use crate::handle::Bound;
use crate::sync::in_critical_section;

/// The items of a list while no other thread changes it.
///
/// # Invariants
/// `section` is the top-most critical section of the handle's thread state at the time when the
/// list's lock was taken; it holds that lock as long as it is the top-most one.
pub struct Steady<'a, 'py> {
    list: &'a Bound<'py, PyList>,
    section: usize,
}

impl<'py> Bound<'py, PyList> {
    /// Runs `search` while no other thread changes the list: a critical section, or the GIL.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyAny, types::PyList};
    /// fn all_less<'py>(items: &Bound<'py, PyList>, x: &Bound<'py, PyAny>) -> Option<bool> {
    ///     items.steady(|items| {
    ///         (0..items.len()).try_fold(true, |all, i| Some(all && items.is_less(i, x)?))
    ///     })
    /// }
    /// ```
    #[inline(always)]
    pub fn steady<R>(&self, search: impl FnOnce(&Steady<'_, 'py>) -> R) -> R {
        let search = || {
            // SAFETY: the thread state exists, and is this thread's.
            let section = unsafe { fast::critical_section(self.state()) };
            // INVARIANT: just begun, or begun before with the same lock.
            search(&Steady { list: self, section })
        };
        if fast::GIL_DISABLED { in_critical_section(self.checked(), search) } else { search() }
    }
}

impl<'py> Steady<'_, 'py> {
    /// `len(self)`, at this moment.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self[i] < x`, when that needs no Python: for exact `int`s of one digit, `float`s and
    /// Latin-1 `str`s. Nothing otherwise, and when there is no such item.
    #[inline(always)]
    pub fn is_less(&self, i: usize, x: &Bound<'py, PyAny>) -> Option<bool> {
        self.look(i, |item| simple_less(item, x.reference()))
    }

    /// `x < self[i]`, as for [`Self::is_less`].
    #[inline(always)]
    pub fn is_greater(&self, i: usize, x: &Bound<'py, PyAny>) -> Option<bool> {
        self.look(i, |item| simple_less(x.reference(), item))
    }

    /// What `self[i]` is; nothing when there are not so many.
    #[inline(always)]
    pub fn value_at(&self, i: usize) -> Option<Value<'py>> {
        let list = self.list.checked();
        if !self.has_lock() {
            return self.value_found(i);
        }
        if i >= self.list.len() {
            return None;
        }
        // SAFETY: attached, with the GIL or the list's lock; in range. The list keeps the item
        // until somebody else runs, and it is looked at here.
        unsafe {
            let item = raw::PyList_GET_ITEM(list.as_ptr(), i as isize);
            Some(Value::of(Ref::from_ptr(item)?, self.list.state()))
        }
    }

    /// The same where the lock was let go of.
    #[cold]
    #[inline(never)]
    fn value_found(&self, i: usize) -> Option<Value<'py>> {
        self.list.get(i).map(|item| item.value())
    }

    /// Shows `look` an item. `look` runs no Python, and keeps nothing.
    #[inline(always)]
    fn look<R>(&self, i: usize, look: impl FnOnce(Ref) -> Option<R>) -> Option<R> {
        let list = self.list.checked();
        if !self.has_lock() || i >= self.list.len() {
            return None;
        }
        // SAFETY: attached, with the GIL or the list's lock; in range. The list keeps the item
        // until somebody else runs.
        let item = unsafe { Ref::from_ptr(raw::PyList_GET_ITEM(list.as_ptr(), i as isize)) };
        item.and_then(look)
    }

    /// Whether the list is still as `steady` has locked it: something in the search may have let go
    /// of the lock. To be asked on an attached thread.
    #[inline(always)]
    fn has_lock(&self) -> bool {
        // SAFETY: the handle is used on its own thread, whose thread state it has.
        !fast::GIL_DISABLED || unsafe { fast::critical_section(self.list.state()) } == self.section
    }
}
