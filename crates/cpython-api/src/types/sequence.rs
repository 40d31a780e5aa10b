//! `list` and `tuple`.
use cpython_ffi::{calls, raw};

use super::{PyAny, PyTuple};
use crate::error::{PyResult, owned_by};
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
    ) -> PyResult<Bound<'py, PyTuple>> {
        ts.raw();
        // SAFETY: attached; the places are filled before anybody sees the tuple, each with a count of its own.
        unsafe {
            let tuple: Bound<'py, PyTuple> =
                owned_by(ts, calls::PyTuple_New(items.len() as isize))?;
            for (i, item) in items.iter().enumerate() {
                let item = item.reference().to_owned();
                raw::PyTuple_SET_ITEM(tuple.reference().as_ptr(), i as isize, item.into_ptr());
            }
            Ok(tuple)
        }
    }
}
