//! The sequence protocol: items by position, whatever the type.
use cpython_ffi::{calls, fast};

use super::{PyAny, PyList};
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
    #[inline]
    pub fn as_sequence(&self) -> PyResult<Sequence<'_, 'py>> {
        // SAFETY: the type is live while the object is; its method tables are null or complete.
        let (sequence, mapping) = unsafe {
            let class = fast::type_of(self.checked());
            ((*class).tp_as_sequence.as_ref(), (*class).tp_as_mapping.as_ref())
        };
        if sequence.is_some_and(|methods| methods.sq_item.is_some()) {
            return Ok(Sequence(self));
        }
        Err(no_sequence(self, mapping.is_some_and(|methods| methods.mp_subscript.is_some())))
    }

    /// The length of a sequence, with the words of C's `PySequence_Size`.
    ///
    /// # Errors
    /// `TypeError` when it has none; what `__len__` raises.
    #[inline]
    pub fn sequence_len(&self) -> PyResult<isize> {
        if let Some(list) = self.cast_exact::<PyList>() {
            return Ok(list.len() as isize);
        }
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
        let list = self.0.cast_exact::<PyList>();
        if !fast::GIL_DISABLED
            && let Some(list) = list
            && let Some(item) = list.get(i)
        {
            return Ok(item);
        }
        let i = isize::try_from(i).unwrap_or(isize::MAX);
        let object = self.0.checked();
        // SAFETY: attached; a list is known to be one.
        unsafe {
            let item = match list {
                Some(_) => calls::PyList_GetItemRef(object, i),
                None => calls::PySequence_GetItem(object, i),
            };
            owned(self.0, item)
        }
    }
}

#[cold]
fn no_sequence(object: &Bound<'_, PyAny>, is_mapping: bool) -> PyErr {
    let (ts, name) = (object.token(), object.type_name());
    if is_mapping {
        TypeError::new(&ts, format_args!("{name} is not a sequence"))
    } else {
        TypeError::new(&ts, format_args!("'{name}' object does not support indexing"))
    }
}
