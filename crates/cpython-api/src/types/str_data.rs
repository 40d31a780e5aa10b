//! The characters of a `str` as they are stored (PEP 393), and making a `str` from such.
use std::mem::MaybeUninit;
use std::slice;

use cpython_ffi::{calls, raw};
use cpython_simd::Sink;

use super::PyStr;
use crate::error::{PyErr, PyResult, owned_by};
use crate::exception::{SystemError, ValueError};
use crate::handle::Bound;
use crate::str_builder::resized;
use crate::thread::ThreadState;

/// The characters of a `str`, in the width that it stores them in. Surrogates may be among them.
///
/// ```
/// use cpython_api::types::StrData;
/// let data = StrData::Ucs2(&[0x41, 0x20ac]);
/// assert_eq!(data.iter().collect::<Vec<u32>>(), [0x41, 0x20ac]);
/// assert_eq!((data.len(), data.get(1), data.get(2)), (2, Some(0x20ac), None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrData<'a> {
    /// All below 256: Latin-1, of which ASCII is a part.
    Latin1(&'a [u8]),
    /// All below 65536, and not all below 256 (when it comes from a `str`).
    Ucs2(&'a [u16]),
    /// All below 1114112, and not all below 65536 (when it comes from a `str`).
    Ucs4(&'a [u32]),
}

impl<'a> StrData<'a> {
    /// How many characters.
    #[inline]
    pub const fn len(self) -> usize {
        match self {
            Self::Latin1(data) => data.len(),
            Self::Ucs2(data) => data.len(),
            Self::Ucs4(data) => data.len(),
        }
    }

    /// Whether there are none.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The character at `i`.
    #[inline]
    pub fn get(self, i: usize) -> Option<u32> {
        match self {
            Self::Latin1(data) => data.get(i).copied().map(u32::from),
            Self::Ucs2(data) => data.get(i).copied().map(u32::from),
            Self::Ucs4(data) => data.get(i).copied(),
        }
    }

    /// The characters, in order. For speed, match on the variants instead.
    pub fn iter(self) -> impl Iterator<Item = u32> + 'a {
        (0..self.len()).filter_map(move |i| self.get(i))
    }
}

impl Bound<'_, PyStr> {
    /// The characters as they are stored. They live as long as the handle, which counts the
    /// object: a `str` does not change.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::{PyStr, StrData}};
    /// fn spaces(text: &Bound<'_, PyStr>) -> usize {
    ///     match text.data() {
    ///         StrData::Latin1(data) => data.iter().filter(|&&c| c == 32).count(),
    ///         StrData::Ucs2(data) => data.iter().filter(|&&c| c == 32).count(),
    ///         StrData::Ucs4(data) => data.iter().filter(|&&c| c == 32).count(),
    ///     }
    /// }
    /// ```
    #[inline]
    pub fn data(&self) -> StrData<'_> {
        let object = self.reference().as_ptr();
        // SAFETY: a live `str`: so many characters of the width that the kind tells are stored at
        // `data`, aligned for it, and do not change while the handle counts the object.
        unsafe {
            let data = raw::PyUnicode_DATA(object);
            let len = raw::PyUnicode_GET_LENGTH(object) as usize;
            match raw::PyUnicode_KIND(object).cast_unsigned() {
                raw::PyUnicode_1BYTE_KIND => {
                    StrData::Latin1(slice::from_raw_parts(data.cast(), len))
                }
                raw::PyUnicode_2BYTE_KIND => StrData::Ucs2(slice::from_raw_parts(data.cast(), len)),
                _ => StrData::Ucs4(slice::from_raw_parts(data.cast(), len)),
            }
        }
    }
}

impl PyStr {
    /// A new `str` of these characters, stored as narrowly as they allow.
    ///
    /// # Errors
    /// `MemoryError`; `ValueError` for a number above 1114111.
    pub fn from_data<'py>(ts: &ThreadState<'py>, data: StrData<'_>) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        let (kind, start) = match data {
            // SAFETY: attached, and just asked for.
            StrData::Latin1(data) if data.len() > 1 && data.is_ascii() => unsafe {
                return Self::from_ascii(ts, data);
            },
            StrData::Latin1(data) => (raw::PyUnicode_1BYTE_KIND, data.as_ptr().cast()),
            StrData::Ucs2(data) => (raw::PyUnicode_2BYTE_KIND, data.as_ptr().cast()),
            StrData::Ucs4(data) => {
                check_range(ts, data)?;
                (raw::PyUnicode_4BYTE_KIND, data.as_ptr().cast())
            }
        };
        // SAFETY: attached; so many characters of that kind are there, none out of range; the
        // call returns a `str`.
        unsafe {
            let len = data.len() as isize;
            owned_by(ts, calls::PyUnicode_FromKindAndData(kind as _, start, len))
        }
    }

    /// A new `str` of the ASCII characters that `write` puts into the sink, which has room for
    /// `size` of them. Results and errors are those of [`PyBytes::build`](super::PyBytes::build).
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, exception::SystemError, types::PyStr};
    /// fn dashes<'py>(ts: &ThreadState<'py>, n: usize) -> PyResult<Bound<'py, PyStr>> {
    ///     PyStr::build_ascii(ts, n, |out| {
    ///         out.fill(b'-', n).map_err(|full| SystemError::new(ts, full))
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`. `SystemError` when something else than ASCII has been written, or `write`
    /// has put another sink into the place of its own.
    pub fn build_ascii<'py>(
        ts: &ThreadState<'py>,
        size: usize,
        write: impl FnOnce(&mut Sink<'_>) -> PyResult<()>,
    ) -> PyResult<Bound<'py, Self>> {
        if size <= SMALL {
            let mut memory = [const { MaybeUninit::uninit() }; SMALL];
            let mut sink = Sink::new(&mut memory[..size]);
            write(&mut sink)?;
            let text = sink.filled();
            return if text.is_ascii() {
                Self::from_data(ts, StrData::Latin1(text))
            } else {
                Err(no_ascii(ts))
            };
        }
        let Ok(length) = isize::try_from(size) else { return Err(PyErr::no_memory(ts)) };
        ts.raw();
        // SAFETY: attached; the call returns a `str`, which nobody sees before it is filled.
        let text: Bound<'py, Self> = unsafe { owned_by(ts, calls::PyUnicode_New(length, 127)) }?;
        let start = text.checked().as_ptr();
        // SAFETY: a new ASCII `str` has one byte per character.
        let start =
            unsafe { std::ptr::NonNull::new_unchecked(raw::PyUnicode_DATA(start).cast::<u8>()) };
        // SAFETY: `size` bytes are there, and this handle is all that knows them.
        let mut sink = unsafe { Sink::from_raw(start, size) };
        write(&mut sink)?;
        match sink.len_over(start, size) {
            Some(len) if sink.filled().is_ascii() => {
                if len == size {
                    Ok(text)
                } else {
                    resized(text, len)
                }
            }
            _ => Err(no_ascii(ts)),
        }
    }
}

/// Up to this size text is written to the stack first: C shares the shortest `str`s.
const SMALL: usize = 64;

fn check_range(ts: &ThreadState<'_>, data: &[u32]) -> PyResult<()> {
    match data.iter().find(|&&c| c > u32::from(char::MAX)) {
        None => Ok(()),
        Some(c) => Err(ValueError::new(
            ts,
            format_args!("character U+{c:x} is not in range [U+0000; U+10ffff]"),
        )),
    }
}

#[cold]
fn no_ascii(ts: &ThreadState<'_>) -> PyErr {
    SystemError::new(ts, "a function that makes ASCII text wrote something else")
}
