//! Walking over a dict's items whatever happens to it: [`Bound::steady_items`].
use std::ptr;

use cpython_ffi::{Ref, calls, fast};

use super::{PyAny, PyDict, PyFrozenDict, Value};
use crate::handle::Bound;
use crate::sync::in_critical_section;

/// The items of a dict, one after the other, as C's `PyDict_Next` gives them.
///
/// What the walk does may change the dict: each step looks at it as it is then.
///
/// # Invariants
/// `dict` is a `dict` or a `frozendict`. `section` is the top-most critical section of the
/// handle's thread state at the time when the dict's lock was taken; it holds that lock as long
/// as it is the top-most one.
pub struct SteadyItems<'a, 'py> {
    dict: &'a Bound<'py, PyAny>,
    section: usize,
    position: isize,
}

impl<'py> Bound<'py, PyDict> {
    /// Runs `walk` while no other thread changes the dict: a critical section, or the GIL.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::{PyDict, Value}};
    /// fn sum(dict: &Bound<'_, PyDict>) -> i64 {
    ///     dict.steady_items(|items| {
    ///         let ints = items.map(|(_, value)| if let Value::Int(n) = value { n } else { 0 });
    ///         ints.sum()
    ///     })
    /// }
    /// ```
    #[inline(always)]
    pub fn steady_items<R>(&self, walk: impl FnOnce(&mut SteadyItems<'_, 'py>) -> R) -> R {
        steady(self.as_any(), walk)
    }
}

impl<'py> Bound<'py, PyFrozenDict> {
    /// The same for a `frozendict`, which nobody changes.
    #[inline(always)]
    pub fn steady_items<R>(&self, walk: impl FnOnce(&mut SteadyItems<'_, 'py>) -> R) -> R {
        steady(self.as_any(), walk)
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: a live `frozendict`, which begins as a `dict` does.
        unsafe { cpython_ffi::raw::PyDict_GET_SIZE(self.checked().as_ptr()) as usize }
    }

    /// Whether there are no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[inline(always)]
fn steady<'py, R>(
    dict: &Bound<'py, PyAny>,
    walk: impl FnOnce(&mut SteadyItems<'_, 'py>) -> R,
) -> R {
    let walk = || {
        // SAFETY: the thread state exists, and is this thread's.
        let section = unsafe { fast::critical_section(dict.state()) };
        // INVARIANT: called for both types only; just begun, or begun before with the same lock.
        walk(&mut SteadyItems { dict, section, position: 0 })
    };
    if fast::GIL_DISABLED { in_critical_section(dict.checked(), walk) } else { walk() }
}

impl<'py> Iterator for SteadyItems<'_, 'py> {
    type Item = (Value<'py>, Value<'py>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        self.dict.checked();
        // SAFETY: attached, as just checked, so the thread state is this thread's.
        let section = unsafe { fast::critical_section(self.dict.state()) };
        // Something in the walk may have let go of the lock.
        if fast::GIL_DISABLED && section != self.section {
            return self.next_found();
        }
        // SAFETY: with the GIL, or the dict's lock, which is still held.
        unsafe { self.step() }
    }
}

impl<'py> SteadyItems<'_, 'py> {
    /// The next item where the lock was let go of.
    #[cold]
    #[inline(never)]
    fn next_found(&mut self) -> Option<(Value<'py>, Value<'py>)> {
        // SAFETY: with the dict's lock.
        in_critical_section(self.dict.checked(), || unsafe { self.step() })
    }

    /// The next item. Part of its caller: on the way through memory, the parts of an item would be
    /// written one by one and read together, for which a processor waits.
    ///
    /// # Safety
    /// Attached; no other thread changes the dict in this call.
    #[inline(always)]
    unsafe fn step(&mut self) -> Option<(Value<'py>, Value<'py>)> {
        let (dict, state) = (self.dict.reference(), self.dict.state());
        let (mut key, mut value) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: attached, and nobody changes the dict before both are looked at, by the caller's
        // word. A position that no longer fits is past the end for C.
        unsafe {
            if calls::PyDict_Next(dict, &mut self.position, &mut key, &mut value) == 0 {
                return None;
            }
            let (key, value) = (Ref::from_ptr(key)?, Ref::from_ptr(value)?);
            Some((Value::of(key, state), Value::of(value, state)))
        }
    }
}
