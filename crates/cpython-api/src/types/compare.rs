//! `<` asked again and again, for searching and sorting.
use std::slice;

use cpython_ffi::{Owned, Ref, fast, raw};

use super::{Compare, PyAny};
use crate::error::{PyResult, owned};
use crate::handle::Bound;

/// `<` for a search among items that are mostly of one type.
///
/// Exact `int`s of one digit, `float`s and Latin-1 `str`s are compared without a call. Other items
/// of one type are compared by that type alone, which spares them the search for the other's
/// reflected comparison; once a type has answered `NotImplemented`, the operator is asked, also
/// about all later items. C's `bisect` asks just so, and a `__lt__` can tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct LessThan {
    /// Whether a type has answered `NotImplemented`.
    refused: bool,
}

impl LessThan {
    /// `a < b`.
    ///
    /// # Errors
    /// What the comparison raises.
    #[inline(always)]
    pub fn ask<'py>(&mut self, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<bool> {
        match simple_less(a.reference(), b.reference()) {
            Some(less) => Ok(less),
            None => self.ask_type(a, b),
        }
    }

    #[inline(never)]
    fn ask_type<'py>(&mut self, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<bool> {
        // SAFETY: attached; both live, and counted by the handles while Python runs; the method
        // belongs to the type that both have at this moment, and gives a new reference.
        let answer: Bound<'py, PyAny> = unsafe {
            let class = fast::type_of(a.checked());
            let alike = class == fast::type_of(b.reference()) && !self.refused;
            let Some(own) = (*class).tp_richcompare.filter(|_| alike) else {
                return a.compare(b, Compare::Lt);
            };
            let (a_ptr, b_ptr) = (a.reference().as_ptr(), b.reference().as_ptr());
            owned(a, Owned::from_ptr(own(a_ptr, b_ptr, Compare::Lt as _)))?
        };
        let address = answer.reference().as_ptr();
        if address == raw::Py_True() {
            Ok(true)
        } else if address == raw::Py_False() {
            Ok(false)
        } else if address == raw::Py_NotImplemented() {
            self.refused = true;
            a.compare(b, Compare::Lt)
        } else {
            answer.is_true()
        }
    }
}

/// Whether `a < b`, when that can be told without running Python.
#[inline(always)]
pub(super) fn simple_less(a: Ref, b: Ref) -> Option<bool> {
    // SAFETY: live; the types are compared by address before anything of their layout is read;
    // `int`, `float` and `str` do not change.
    unsafe {
        let class = fast::type_of(a);
        if class != fast::type_of(b) {
            return None;
        }
        if class == &raw mut raw::PyLong_Type {
            let (a, b) = (a.as_ptr().cast(), b.as_ptr().cast());
            if raw::PyUnstable_Long_IsCompact(a) != 0 && raw::PyUnstable_Long_IsCompact(b) != 0 {
                let (a, b) =
                    (raw::PyUnstable_Long_CompactValue(a), raw::PyUnstable_Long_CompactValue(b));
                return Some(a < b);
            }
        } else if class == &raw mut raw::PyFloat_Type {
            let (a, b) = (raw::PyFloat_AS_DOUBLE(a.as_ptr()), raw::PyFloat_AS_DOUBLE(b.as_ptr()));
            return Some(a < b);
        } else if class == &raw mut raw::PyUnicode_Type
            && let (Some(a), Some(b)) = (latin1(a), latin1(b))
        {
            return Some(a < b);
        }
        None
    }
}

/// The characters of a `str` of the one-byte kind, in which byte order is code point order.
///
/// # Safety
/// `o` is a live exact `str`, counted for `'a`.
#[inline(always)]
unsafe fn latin1<'a>(o: Ref) -> Option<&'a [u8]> {
    // SAFETY: by the caller's word.
    unsafe {
        (raw::PyUnicode_KIND(o.as_ptr()) == 1).then(|| {
            let length = raw::PyUnicode_GET_LENGTH(o.as_ptr()) as usize;
            slice::from_raw_parts(raw::PyUnicode_DATA(o.as_ptr()).cast(), length)
        })
    }
}
