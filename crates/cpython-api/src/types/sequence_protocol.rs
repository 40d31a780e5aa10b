//! The sequence protocol: items by position, whatever the type.
use cpython_ffi::{Ref, calls, fast, raw};

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

    /// Shows `look` an item of a list; nothing where it would first have to be counted.
    ///
    /// `look` runs no Python, and keeps nothing.
    #[inline(always)]
    pub(super) fn look<R>(&self, i: usize, look: impl FnOnce(Ref) -> Option<R>) -> Option<R> {
        if fast::GIL_DISABLED {
            return None;
        }
        let list = self.0.cast_exact::<PyList>()?;
        if i >= list.len() {
            return None;
        }
        // SAFETY: attached, with the GIL; in range. The list keeps the item until Python runs.
        let item =
            unsafe { Ref::from_ptr(raw::PyList_GET_ITEM(list.reference().as_ptr(), i as isize)) };
        item.and_then(look)
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
