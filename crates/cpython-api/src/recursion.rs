//! The guard against endless recursion: [`ThreadState::enter_recursion`].
use std::ffi::CStr;
use std::marker::PhantomData;

use cpython_ffi::calls;

use crate::error::{PyErr, PyResult};
use crate::thread::ThreadState;

/// One level of recursion, left when it is dropped.
#[must_use = "the level ends when this is dropped"]
pub struct RecursionLevel<'a>(PhantomData<(&'a (), *mut ())>);

impl ThreadState<'_> {
    /// Counts one more level of recursion, in code that Python code can make call itself.
    ///
    /// `place` ends the message: `c" in json encoding"`.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyAny, PyResult, ThreadState};
    /// fn depth(ts: &ThreadState<'_>, o: &Bound<'_, PyAny>) -> PyResult<usize> {
    ///     let _level = ts.enter_recursion(c" while measuring depth")?;
    ///     let inner = o.getattr_opt(c"inner")?;
    ///     inner.map_or(Ok(0), |inner| Ok(1 + depth(ts, &inner)?))
    /// }
    /// ```
    ///
    /// # Errors
    /// `RecursionError: maximum recursion depth exceeded`, or the stack's end is near.
    #[inline]
    pub fn enter_recursion(&self, place: &'static CStr) -> PyResult<RecursionLevel<'_>> {
        self.raw();
        // SAFETY: attached, as `raw` has checked.
        match unsafe { calls::Py_EnterRecursiveCall(place.as_ptr()) } {
            0 => Ok(RecursionLevel(PhantomData)),
            _ => Err(PyErr::fetch(self)),
        }
    }
}

impl Drop for RecursionLevel<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: pairs with the entry; the thread that entered is this one, attached or not:
        // the call only counts.
        unsafe { calls::Py_LeaveRecursiveCall() };
    }
}
