//! `unsigned int(bitwise=True)` and its like: integers modulo their width.
use std::ffi::c_int;

use cpython_ffi::{calls, raw};

use super::integer::native_bytes;
use crate::arg::{Arg, FromArg};
use crate::error::{PyErr, PyResult};
use crate::exception::{DeprecationWarning, ExceptionType};

/// An unsigned integer modulo 2 to the power of its width, from any `int`, negative ones too.
///
/// A value that does not fit is a `DeprecationWarning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Masked<T>(pub T);

/// Each line: Clinic's converter, the Rust type, and whether Clinic checks for `__index__` itself.
macro_rules! masked {
    ($($(#[doc = $doc:literal])* $type:ty, $checks:literal;)*) => {$(
        $(#[doc = $doc])*
        impl<'h, 'py> FromArg<'h, 'py> for Masked<$type> {
            type Holder = ();

            #[inline(always)]
            fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
                const WIDTH: usize = size_of::<$type>();
                match argument.small_int() {
                    Some(value) if <$type>::try_from(value).is_ok() => Ok(Self(value as $type)),
                    // 64 bits, for the reason that `integers!` gives.
                    _ => rest::<WIDTH>(argument, $checks).map(|value| Self(value as $type)),
                }
            }
        }
    )*};
}

masked! {
    /// Clinic's `unsigned char(bitwise=True)`.
    u8, false;
    /// Clinic's `unsigned short(bitwise=True)`.
    u16, false;
    /// Clinic's `unsigned int(bitwise=True)`.
    u32, false;
    /// Clinic's `unsigned long(bitwise=True)`.
    u64, true;
}

#[cold]
fn rest<const N: usize>(argument: Arg<'_, '_>, checks: bool) -> PyResult<u64> {
    const FLAGS: c_int = (raw::Py_ASNATIVEBYTES_NATIVE_ENDIAN as c_int)
        | (raw::Py_ASNATIVEBYTES_ALLOW_INDEX as c_int)
        | (raw::Py_ASNATIVEBYTES_UNSIGNED_BUFFER as c_int);
    let object = argument.object();
    // SAFETY: attached; the check runs no Python.
    if checks && unsafe { calls::PyIndex_Check(object.checked()) } == 0 {
        return Err(argument.wrong_type("int"));
    }
    let (bytes, whole) = native_bytes::<N>(argument, FLAGS)?;
    if !whole {
        let category = DeprecationWarning::class(&argument.thread_state());
        let text = c"integer value out of range".as_ptr();
        // SAFETY: attached; a class and a C string.
        if unsafe { calls::PyErr_WarnEx(Some(category.checked()), text, 1) }.failed() {
            return Err(PyErr::fetch_beside(&object));
        }
    }
    let lowest_first = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    Ok(if cfg!(target_endian = "little") {
        bytes.iter().rev().fold(0, lowest_first)
    } else {
        bytes.iter().fold(0, lowest_first)
    })
}
