//! Comparisons of exact `int`, `float` and `str` without a call, for searching and sorting.
use std::cmp::Ordering;
use std::slice;

use cpython_ffi::{Ref, fast, raw};

use super::PyAny;
use crate::error::PyResult;
use crate::handle::Bound;

impl<'py> Bound<'py, PyAny> {
    /// `self < other`.
    ///
    /// Runs no Python when both are exact `int`s of one digit, `float`s or Latin-1 `str`s.
    ///
    /// # Errors
    /// What the comparison raises.
    #[inline]
    pub fn lt(&self, other: &Bound<'py, PyAny>) -> PyResult<bool> {
        match simple_order(self.checked(), other.reference()) {
            Simple::Order(order) => Ok(order == Some(Ordering::Less)),
            Simple::No => self.compare(other, super::Compare::Lt),
        }
    }
}

/// What can be said of two objects without running Python.
enum Simple {
    /// Their order; `None` when a float is not a number.
    Order(Option<Ordering>),
    /// Nothing.
    No,
}

#[inline]
fn simple_order(a: Ref, b: Ref) -> Simple {
    // SAFETY: live, counted by the handles they come from; the types are compared by address
    // before anything of their layout is read; `int`, `float` and `str` do not change.
    unsafe {
        let class = fast::type_of(a);
        if class != fast::type_of(b) {
            return Simple::No;
        }
        if class == &raw mut raw::PyLong_Type {
            let (a, b) = (a.as_ptr().cast(), b.as_ptr().cast());
            if raw::PyUnstable_Long_IsCompact(a) != 0 && raw::PyUnstable_Long_IsCompact(b) != 0 {
                let (a, b) =
                    (raw::PyUnstable_Long_CompactValue(a), raw::PyUnstable_Long_CompactValue(b));
                return Simple::Order(Some(a.cmp(&b)));
            }
        } else if class == &raw mut raw::PyFloat_Type {
            let (a, b) = (raw::PyFloat_AS_DOUBLE(a.as_ptr()), raw::PyFloat_AS_DOUBLE(b.as_ptr()));
            return Simple::Order(a.partial_cmp(&b));
        } else if class == &raw mut raw::PyUnicode_Type
            && let (Some(a), Some(b)) = (latin1(a), latin1(b))
        {
            return Simple::Order(Some(a.cmp(b)));
        }
        Simple::No
    }
}

/// The characters of a `str` of the one-byte kind, in which byte order is code point order.
///
/// # Safety
/// `o` is a live exact `str`, counted for `'a`.
#[inline]
unsafe fn latin1<'a>(o: Ref) -> Option<&'a [u8]> {
    // SAFETY: by the caller's word.
    unsafe {
        (raw::PyUnicode_KIND(o.as_ptr()) == 1).then(|| {
            let length = raw::PyUnicode_GET_LENGTH(o.as_ptr()) as usize;
            slice::from_raw_parts(raw::PyUnicode_DATA(o.as_ptr()).cast(), length)
        })
    }
}
