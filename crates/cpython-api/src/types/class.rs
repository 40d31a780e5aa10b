//! Classes: their names, and what is below what.
use cpython_ffi::calls;

use super::{PyStr, PyType};
use crate::error::{PyResult, owned};
use crate::handle::Bound;

impl<'py> Bound<'py, PyType> {
    /// `cls.__name__`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn name(&self) -> PyResult<Bound<'py, PyStr>> {
        // SAFETY: attached; a live type; the call returns a `str`.
        unsafe { owned(self, calls::PyType_GetName(self.checked().as_ptr().cast())) }
    }

    /// Whether it is `other` or below it, whatever `__subclasscheck__` says.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::PyType};
    /// fn makes<'py>(class: &Bound<'py, PyType>, o: &Bound<'py>) -> bool {
    ///     o.get_type().is_below(class)
    /// }
    /// ```
    pub fn is_below(&self, other: &Self) -> bool {
        let (this, other) = (self.checked().as_ptr(), other.reference().as_ptr());
        // SAFETY: live types; the call reads only.
        this == other || unsafe { calls::PyType_IsSubtype(this.cast(), other.cast()) != 0 }
    }
}
