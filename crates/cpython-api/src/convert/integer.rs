//! `int`, `short`, `unsigned char`, ...: integers that must fit.
use std::ffi::{c_int, c_long, c_void};
use std::fmt::Display;

use cpython_ffi::{calls, fast, raw};

use crate::arg::{Arg, FromArg};
use crate::error::PyResult;
use crate::exception::OverflowError;

impl Arg<'_, '_> {
    /// The value of an `int` of one digit (or of an instance of a subclass).
    #[inline(always)]
    pub(super) fn small_int(&self) -> Option<isize> {
        let object = self.object();
        let object = object.checked();
        // SAFETY: a live `int`, as the flag tells, and compact, as is checked.
        unsafe {
            let int = object.as_ptr().cast();
            (fast::has_flag(object, raw::Py_TPFLAGS_LONG_SUBCLASS as _)
                && raw::PyUnstable_Long_IsCompact(int) != 0)
                .then(|| raw::PyUnstable_Long_CompactValue(int))
        }
    }

    /// The value as a `long`; uses `__index__`.
    #[cold]
    pub(super) fn long(self) -> PyResult<c_long> {
        let object = self.object();
        // SAFETY: attached.
        match unsafe { calls::PyLong_AsLong(object.checked()) } {
            -1 => object.unless_raised(-1),
            value => Ok(value),
        }
    }

    /// An `OverflowError`.
    #[cold]
    pub(super) fn overflow<T>(self, text: impl Display) -> PyResult<T> {
        Err(OverflowError::new(&self.thread_state(), text))
    }
}

/// Clinic's `long long`: an `i64` with an error text of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongLong(pub i64);

/// Clinic's `unsigned long long`: an `u64` with an error text of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsignedLongLong(pub u64);

/// Each line: Clinic's converter, the Rust type, and what is done when the value has more than
/// one digit, does not fit, or is no `int`.
///
/// That gives back 64 bits with a value that fits. Were it the type itself, values of 4 bytes
/// would pass through memory that is read 8 bytes at a time, which processors are slow at.
macro_rules! integers {
    ($($(#[doc = $doc:literal])* $type:ty => $rest:expr;)*) => {$(
        $(#[doc = $doc])*
        impl<'h, 'py> FromArg<'h, 'py> for $type {
            type Holder = ();

            #[inline(always)]
            fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
                let rest: fn(Arg<'_, '_>) -> PyResult<_> = $rest;
                match argument.small_int() {
                    Some(value) if Self::try_from(value).is_ok() => Ok(value as Self),
                    _ => rest(argument).map(|value| value as Self),
                }
            }
        }
    )*};
}

integers! {
    /// Clinic's `int`.
    c_int => int;
    /// Clinic's `short`.
    i16 => |argument| match argument.long()? {
        value if value < i16::MIN.into() => argument.overflow("signed short integer is less than minimum"),
        value if value > i16::MAX.into() => argument.overflow("signed short integer is greater than maximum"),
        value => Ok(value),
    };
    /// Clinic's `unsigned char` (and `byte`).
    u8 => |argument| match argument.long()? {
        value if value < 0 => argument.overflow("unsigned byte integer is less than minimum"),
        value if value > u8::MAX.into() => argument.overflow("unsigned byte integer is greater than maximum"),
        value => Ok(value),
    };
    /// Clinic's `long`.
    i64 => |argument| argument.long();
    /// Clinic's `unsigned short`.
    u16 => |argument| unsigned(argument, u16::MAX.into(), "unsigned short");
    /// Clinic's `unsigned int`.
    u32 => |argument| unsigned(argument, u32::MAX.into(), "unsigned int");
    /// Clinic's `unsigned long`.
    u64 => |argument| unsigned(argument, u64::MAX, "unsigned long");
    /// Clinic's `size_t`.
    usize => |argument| unsigned(argument, u64::MAX, "size_t");
}

impl<'h, 'py> FromArg<'h, 'py> for LongLong {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        match argument.small_int() {
            Some(value) => Ok(Self(value as i64)),
            None => long_long(argument).map(Self),
        }
    }
}

impl<'h, 'py> FromArg<'h, 'py> for UnsignedLongLong {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        match argument.small_int().map(u64::try_from) {
            Some(Ok(value)) => Ok(Self(value)),
            _ => unsigned(argument, u64::MAX, "unsigned long long").map(Self),
        }
    }
}

#[cold]
fn long_long(argument: Arg<'_, '_>) -> PyResult<i64> {
    let int = argument.object().index()?;
    let mut overflow = 0;
    // SAFETY: attached; an `int`.
    match unsafe { calls::PyLong_AsLongAndOverflow(int.checked(), &raw mut overflow) } {
        _ if overflow != 0 => argument.overflow("int too big to convert"),
        value => Ok(value),
    }
}

#[cold]
fn int(argument: Arg<'_, '_>) -> PyResult<i64> {
    let object = argument.object();
    // SAFETY: attached.
    match unsafe { calls::PyLong_AsInt(object.checked()) } {
        -1 => object.unless_raised(-1),
        value => Ok(value.into()),
    }
}

/// An unsigned number of at most `most`; uses `__index__`.
#[cold]
fn unsigned(argument: Arg<'_, '_>, most: u64, c_type: &str) -> PyResult<u64> {
    const FLAGS: c_int = (raw::Py_ASNATIVEBYTES_NATIVE_ENDIAN as c_int)
        | (raw::Py_ASNATIVEBYTES_ALLOW_INDEX as c_int)
        | (raw::Py_ASNATIVEBYTES_REJECT_NEGATIVE as c_int)
        | (raw::Py_ASNATIVEBYTES_UNSIGNED_BUFFER as c_int);
    let (bytes, whole) = native_bytes(argument, FLAGS)?;
    match u64::from_ne_bytes(bytes) {
        value if whole && value <= most => Ok(value),
        _ => argument.overflow(format_args!("Python int too large for C {c_type}")),
    }
}

/// The lowest `N` bytes of the number, and whether they are all of it; uses `__index__`.
pub(super) fn native_bytes<const N: usize>(
    argument: Arg<'_, '_>,
    flags: c_int,
) -> PyResult<([u8; N], bool)> {
    let object = argument.object();
    let mut bytes = [0; N];
    // SAFETY: attached; the buffer has `N` bytes.
    let needed = unsafe {
        let buffer = bytes.as_mut_ptr().cast::<c_void>();
        calls::PyLong_AsNativeBytes(object.checked(), buffer, N as isize, flags)
    };
    match usize::try_from(needed) {
        Ok(needed) => Ok((bytes, needed <= N)),
        Err(_) => Err(crate::PyErr::fetch_beside(&object)),
    }
}
