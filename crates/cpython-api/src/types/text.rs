//! `str` and `bytes`.
use std::ffi::CStr;
use std::slice;

use cpython_ffi::{calls, raw};

use super::{PyBytes, PyStr};
use crate::error::{PyErr, PyResult, owned, owned_by};
use crate::handle::Bound;
use crate::thread::ThreadState;

impl PyStr {
    /// A new `str`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new<'py>(ts: &ThreadState<'py>, text: &str) -> PyResult<Bound<'py, Self>> {
        Self::from_utf8(ts, text.as_bytes())
    }

    /// The `str` that UTF-8 stands for: `bytes.decode(text)`.
    ///
    /// # Errors
    /// `UnicodeDecodeError`; `MemoryError`.
    pub fn from_utf8<'py>(ts: &ThreadState<'py>, text: &[u8]) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; a slice's length fits `isize`; the call returns a `str`.
        unsafe {
            owned_by(
                ts,
                calls::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize),
            )
        }
    }

    /// The interned `str` of a literal.
    ///
    /// # Errors
    /// `MemoryError`; `UnicodeDecodeError` when it is no UTF-8.
    pub fn interned<'py>(ts: &ThreadState<'py>, text: &CStr) -> PyResult<Bound<'py, Self>> {
        intern(ts, text.to_bytes())
    }

    /// The interned `str` of a text: all that are equal are the same object.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn intern<'py>(ts: &ThreadState<'py>, text: &str) -> PyResult<Bound<'py, Self>> {
        intern(ts, text.as_bytes())
    }
}

impl<'py> Bound<'py, PyStr> {
    /// How many code points.
    #[inline]
    pub fn char_len(&self) -> usize {
        // SAFETY: a live `str`; its length is never negative.
        unsafe { raw::PyUnicode_GET_LENGTH(self.reference().as_ptr()) as usize }
    }

    /// Whether all code points are ASCII.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        // SAFETY: a live `str`.
        unsafe { raw::PyUnicode_IS_ASCII(self.reference().as_ptr()) != 0 }
    }

    /// The text. It lives as long as the handle, which counts the object: a `str` does not change.
    ///
    /// # Errors
    /// `UnicodeEncodeError` for lone surrogates; `MemoryError`.
    #[inline]
    pub fn to_str(&self) -> PyResult<&str> {
        let mut length = 0;
        // SAFETY: attached; a live `str`. The UTF-8 is the object's own (or cached in it) until it
        // is deallocated, and CPython writes only valid UTF-8 there.
        unsafe {
            let text = calls::PyUnicode_AsUTF8AndSize(self.checked(), &mut length);
            if text.is_null() {
                return Err(PyErr::fetch_beside(self));
            }
            Ok(str::from_utf8_unchecked(slice::from_raw_parts(text.cast(), length as usize)))
        }
    }

    /// The text, with lone surrogates shown as `\udc80`; empty when there is no memory for it.
    pub fn to_string_lossy(&self) -> String {
        let copy = |text: &str| {
            let mut copy = String::new();
            if copy.try_reserve_exact(text.len()).is_ok() {
                copy.push_str(text);
            }
            copy
        };
        match self.to_str() {
            Ok(text) => copy(text),
            Err(_) => {
                // SAFETY: attached; the codec is built in; the call returns `bytes`.
                let escaped = unsafe {
                    owned::<PyBytes, _>(
                        self,
                        calls::PyUnicode_AsEncodedString(
                            self.checked(),
                            c"utf-8".as_ptr(),
                            c"backslashreplace".as_ptr(),
                        ),
                    )
                };
                let text = escaped.as_ref().ok().and_then(|b| str::from_utf8(b.as_slice()).ok());
                text.map_or(String::new(), copy)
            }
        }
    }

    /// The text as it is stored, when it is ASCII.
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        if !self.is_ascii() {
            return None;
        }
        // SAFETY: a live ASCII `str` stores its characters as bytes below 128, and does not change.
        unsafe {
            let object = self.reference().as_ptr();
            let text =
                slice::from_raw_parts(raw::PyUnicode_DATA(object).cast::<u8>(), self.char_len());
            Some(str::from_utf8_unchecked(text))
        }
    }
}

impl PyBytes {
    /// A new `bytes` with a copy of `data`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new<'py>(ts: &ThreadState<'py>, data: &[u8]) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; a slice's length fits `isize`; the call returns `bytes`.
        unsafe {
            owned_by(
                ts,
                calls::PyBytes_FromStringAndSize(data.as_ptr().cast(), data.len() as isize),
            )
        }
    }
}

impl Bound<'_, PyBytes> {
    /// The bytes. They live as long as the handle, which counts the object: `bytes` do not change.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        let object = self.reference().as_ptr();
        // SAFETY: a live `bytes`; nobody writes to one that has more than one holder, and this
        // handle is a holder.
        unsafe {
            slice::from_raw_parts(
                raw::PyBytes_AS_STRING(object).cast(),
                raw::PyBytes_GET_SIZE(object) as usize,
            )
        }
    }
}

/// The interned `str` of some UTF-8.
fn intern<'py>(ts: &ThreadState<'py>, text: &[u8]) -> PyResult<Bound<'py, PyStr>> {
    ts.raw();
    // SAFETY: attached; interning takes the new reference and gives one back in its place.
    unsafe {
        let Some(string) =
            calls::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize)
        else {
            return Err(PyErr::fetch(ts));
        };
        let mut string = string.into_ptr();
        calls::PyUnicode_InternInPlace(&mut string);
        owned_by(ts, cpython_ffi::Owned::from_ptr(string))
    }
}
