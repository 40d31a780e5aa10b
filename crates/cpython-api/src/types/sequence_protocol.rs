//! The sequence protocol: items by position, whatever the type.
use cpython_ffi::{calls, fast, raw};

use super::PyAny;
use crate::error::{PyErr, PyResult, owned};
use crate::exception::TypeError;
use crate::handle::Bound;

/// An object that has items by position.
pub struct Sequence<'a, 'py>(&'a Bound<'py, PyAny>);

impl<'py> Bound<'py, PyAny> {
    /// The object as a sequence.
    ///
    /// # Errors
    /// `TypeError` when it has no items by position, with the words of C's `PySequence_GetItem`.
    pub fn as_sequence(&self) -> PyResult<Sequence<'_, 'py>> {
        // SAFETY: the type is live while the object is; its method tables are null or complete.
        let (sequence, mapping) = unsafe {
            let class = fast::type_of(self.checked());
            ((*class).tp_as_sequence.as_ref(), (*class).tp_as_mapping.as_ref())
        };
        if sequence.is_some_and(|methods| methods.sq_item.is_some()) {
            return Ok(Sequence(self));
        }
        let (ts, name) = (self.token(), self.type_name());
        Err(if mapping.is_some_and(|methods| methods.mp_subscript.is_some()) {
            TypeError::new(&ts, format_args!("{name} is not a sequence"))
        } else {
            TypeError::new(&ts, format_args!("'{name}' object does not support indexing"))
        })
    }

    /// The length of a sequence, with the words of C's `PySequence_Size`.
    ///
    /// # Errors
    /// `TypeError` when it has none; what `__len__` raises.
    pub fn sequence_len(&self) -> PyResult<isize> {
        // SAFETY: attached.
        match unsafe { calls::PySequence_Size(self.checked()) } {
            -1 => Err(PyErr::fetch_beside(self)),
            length => Ok(length),
        }
    }
}

impl<'py> Sequence<'_, 'py> {
    /// The item at a position, counted from the start.
    ///
    /// # Errors
    /// `IndexError` when there is none; what `__getitem__` raises.
    #[inline]
    pub fn item(&self, i: usize) -> PyResult<Bound<'py, PyAny>> {
        let i = isize::try_from(i).unwrap_or(isize::MAX);
        let object = self.0.checked();
        // SAFETY: attached; the type is compared before the call that relies on it.
        unsafe {
            let item = if fast::is_exactly(object, &raw mut raw::PyList_Type) {
                calls::PyList_GetItemRef(object, i)
            } else {
                calls::PySequence_GetItem(object, i)
            };
            owned(self.0, item)
        }
    }
}
