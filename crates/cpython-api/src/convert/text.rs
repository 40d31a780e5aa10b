//! `str`, `char` and `int(accept={str})`: text and single characters.
use cpython_ffi::{calls, raw};

use crate::arg::{Arg, FromArg};
use crate::error::{PyResult, owned};
use crate::exception::ValueError;
use crate::handle::Borrowed;
use crate::types::{PyAny, PyByteArray, PyBytes, PyStr};

/// Clinic's `str`: text without NUL; as an `Option`, `str(accept={str, NoneType})`.
impl<'h, 'py> FromArg<'h, 'py> for &'h str {
    type Holder = Option<Borrowed<'h, 'py, PyAny>>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        let object = holder.insert(argument.object());
        let Some(text) = object.cast::<PyStr>() else { return Err(argument.wrong_type("str")) };
        let text = match text.as_ascii() {
            Some(text) => text,
            None => text.to_str()?,
        };
        if text.as_bytes().contains(&0) {
            return Err(ValueError::new(&argument.thread_state(), "embedded null character"));
        }
        Ok(text)
    }
}

/// One byte out of a `bytes` or `bytearray` of length 1: Clinic's `char`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Byte(pub u8);

impl<'h, 'py> FromArg<'h, 'py> for Byte {
    type Holder = ();

    #[inline]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        const EXPECTED: &str = "a byte string of length 1";
        let object = argument.object();
        let (kind, bytes) = if let Some(bytes) = object.cast::<PyBytes>() {
            ("bytes", bytes.clone())
        } else if object.cast::<PyByteArray>().is_some() {
            // A copy, because another thread may change the original.
            // SAFETY: attached; the call returns `bytes`.
            let copy = unsafe { owned(&object, calls::PyBytes_FromObject(object.checked()))? };
            ("bytearray", copy)
        } else {
            return Err(argument.wrong_type(EXPECTED));
        };
        match *bytes.as_slice() {
            [byte] => Ok(Self(byte)),
            ref other => {
                let kind = format_args!("{kind} object");
                Err(argument.wrong_length(EXPECTED, kind, other.len()))
            }
        }
    }
}

/// One code point, surrogates included, out of a `str` of length 1: Clinic's `int(accept={str})`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodePoint(pub u32);

impl<'h, 'py> FromArg<'h, 'py> for CodePoint {
    type Holder = ();

    #[inline]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        const EXPECTED: &str = "a unicode character";
        let object = argument.object();
        let Some(text) = object.cast::<PyStr>() else {
            return Err(argument.wrong_type(EXPECTED));
        };
        match text.char_len() {
            // SAFETY: a live `str` of length 1.
            1 => Ok(Self(unsafe { raw::PyUnicode_READ_CHAR(text.checked().as_ptr(), 0) })),
            length => Err(argument.wrong_length(EXPECTED, format_args!("string"), length)),
        }
    }
}
