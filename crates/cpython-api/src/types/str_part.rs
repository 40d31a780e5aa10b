//! Parts of a `str`: `substring`.
use std::ops::Range;

use cpython_ffi::{calls, raw};

use super::PyStr;
use crate::error::{PyResult, owned, owned_by};
use crate::handle::Bound;
use crate::thread::ThreadState;

impl<'py> Bound<'py, PyStr> {
    /// `self[range]`, cut to what there is, as a `str`.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, types::PyStr};
    /// fn unquoted<'py>(text: &Bound<'py, PyStr>) -> PyResult<Bound<'py, PyStr>> {
    ///     text.substring(1..text.char_len().saturating_sub(1))
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline(always)]
    pub fn substring(&self, range: Range<usize>) -> PyResult<Self> {
        match self.as_ascii().map(str::as_bytes).and_then(|text| text.get(range.clone())) {
            // SAFETY: attached, as `token` has checked; a part of ASCII.
            Some(text @ [_, _, ..]) => unsafe { PyStr::from_ascii(&self.token(), text) },
            Some(&[c]) => {
                self.checked();
                // SAFETY: attached; the call returns a `str`, which C shares.
                unsafe { owned(self, calls::PyUnicode_FromOrdinal(c.into())) }
            }
            _ => self.any_part(range),
        }
    }

    #[inline(never)]
    fn any_part(&self, range: Range<usize>) -> PyResult<Self> {
        let end = range.end.min(self.char_len());
        // SAFETY: attached; a live `str`, whose length fits `isize`; the call returns a `str`.
        unsafe {
            let start = range.start.min(end) as isize;
            owned(self, calls::PyUnicode_Substring(self.checked(), start, end as isize))
        }
    }
}

impl PyStr {
    /// A new `str` of two or more ASCII characters: C shares the shorter ones.
    ///
    /// # Safety
    /// The thread is attached; the text is ASCII.
    #[inline(always)]
    pub(super) unsafe fn from_ascii<'py>(
        ts: &ThreadState<'py>,
        text: &[u8],
    ) -> PyResult<Bound<'py, Self>> {
        // SAFETY: attached; a slice's length fits `isize`; the call returns a `str`, which nobody
        // sees before it is filled.
        let new: Bound<'py, Self> =
            unsafe { owned_by(ts, calls::PyUnicode_New(text.len() as isize, 127))? };
        // SAFETY: a new ASCII `str` has one byte per character, so many, and is elsewhere than the
        // text.
        unsafe { copy(text, raw::PyUnicode_DATA(new.reference().as_ptr()).cast()) };
        Ok(new)
    }
}

/// Copies bytes, few of them without a call.
///
/// # Safety
/// So many bytes can be written at `to`, which is not in `from`.
#[inline(always)]
unsafe fn copy(from: &[u8], to: *mut u8) {
    /// Two blocks, which may overlap, are all bytes.
    macro_rules! two_blocks {
        ($size:literal) => {
            if let (true, Some(first), Some(last)) =
                (from.len() <= 2 * $size, from.first_chunk::<$size>(), from.last_chunk::<$size>())
            {
                // SAFETY: both blocks lie inside so many bytes; no alignment is needed.
                unsafe {
                    to.cast::<[u8; $size]>().write(*first);
                    to.add(from.len() - $size).cast::<[u8; $size]>().write(*last);
                }
                return;
            }
        };
    }
    two_blocks!(8);
    two_blocks!(4);
    two_blocks!(2);
    // SAFETY: by the caller's word.
    unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to, from.len()) };
}
