//! `int`, `float`, `bool`.
use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use cpython_ffi::{Owned, calls, raw};

use super::{PyBool, PyFloat, PyInt, PyStr};
use crate::error::{PyResult, owned, owned_by};
use crate::handle::Bound;
use crate::thread::ThreadState;

/// A Rust integer that an `int` can be made from.
pub trait Integer: Copy {
    #[doc(hidden)]
    fn into_long(self, ts: &ThreadState<'_>) -> Option<Owned>;
}

macro_rules! integers {
    ($($($type:ty),* => $call:ident as $through:ty;)*) => {$($(
        impl Integer for $type {
            #[inline(always)]
            fn into_long(self, ts: &ThreadState<'_>) -> Option<Owned> {
                ts.raw();
                // SAFETY: attached, as `raw` has checked.
                unsafe { calls::$call(<$through>::from(self)) }
            }
        }
    )*)*};
}

integers! {
    u8, u16, u32, i8, i16, i32, i64 => PyLong_FromInt64 as i64;
    u64 => PyLong_FromUInt64 as u64;
    isize => PyLong_FromSsize_t as isize;
    usize => PyLong_FromSize_t as usize;
}

impl Integer for i128 {
    fn into_long(self, ts: &ThreadState<'_>) -> Option<Owned> {
        from_bytes(ts, &self.to_le_bytes(), true)
    }
}

impl Integer for u128 {
    fn into_long(self, ts: &ThreadState<'_>) -> Option<Owned> {
        from_bytes(ts, &self.to_le_bytes(), false)
    }
}

impl PyInt {
    /// A new `int`.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyInt};
    /// fn answer<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyInt>> {
    ///     PyInt::new(ts, 42)
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline]
    pub fn new<'py>(ts: &ThreadState<'py>, value: impl Integer) -> PyResult<Bound<'py, Self>> {
        // SAFETY: attached; the call returns an `int`.
        unsafe { owned_by(ts, value.into_long(ts)) }
    }

    /// `int(text)`.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyInt};
    /// fn googol<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyInt>> {
    ///     let digits = format!("1{:0100}\0", 0);
    ///     PyInt::parse(ts, std::ffi::CStr::from_bytes_until_nul(digits.as_bytes()).unwrap_or_default())
    /// }
    /// ```
    ///
    /// # Errors
    /// `ValueError` when it is no number, or has more digits than the interpreter's limit allows;
    /// `MemoryError`.
    pub fn parse<'py>(ts: &ThreadState<'py>, text: &CStr) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; a C string; the call returns an `int`.
        unsafe { owned_by(ts, calls::PyLong_FromString(text.as_ptr(), ptr::null_mut(), 10)) }
    }

    /// `int.from_bytes(bytes, "little", signed=signed)`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn from_le_bytes<'py>(
        ts: &ThreadState<'py>,
        bytes: &[u8],
        signed: bool,
    ) -> PyResult<Bound<'py, Self>> {
        // SAFETY: attached; the call returns an `int`.
        unsafe { owned_by(ts, from_bytes(ts, bytes, signed)) }
    }
}

impl<'py> Bound<'py, PyInt> {
    /// The value when it is one digit (below 2^30): what most are, read without a call.
    #[inline(always)]
    pub fn as_compact(&self) -> Option<isize> {
        let object = self.reference().as_ptr().cast();
        // SAFETY: a live `int`, which does not change.
        unsafe {
            (raw::PyUnstable_Long_IsCompact(object) != 0)
                .then(|| raw::PyUnstable_Long_CompactValue(object))
        }
    }

    /// The value, when it fits.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::PyInt};
    /// fn clipped(n: &Bound<'_, PyInt>) -> i64 {
    ///     n.to_i64().unwrap_or(if n.is_negative() { i64::MIN } else { i64::MAX })
    /// }
    /// ```
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        match self.as_compact() {
            Some(value) => Some(value as i64),
            None => self.to_i128().and_then(|value| value.try_into().ok()),
        }
    }

    /// The value, when it fits.
    #[inline]
    pub fn to_u64(&self) -> Option<u64> {
        match self.as_compact() {
            Some(value) => value.try_into().ok(),
            None => self.to_i128().and_then(|value| value.try_into().ok()),
        }
    }

    /// The value, when it fits.
    pub fn to_i128(&self) -> Option<i128> {
        let mut bytes = [0; 16];
        (self.copy_le_bytes(&mut bytes) <= bytes.len()).then(|| i128::from_le_bytes(bytes))
    }

    /// `int.__repr__(self)`, whatever a subclass makes of it.
    ///
    /// # Errors
    /// `ValueError` for more digits than `sys.set_int_max_str_digits` allows; `MemoryError`.
    pub fn to_decimal(&self) -> PyResult<Bound<'py, PyStr>> {
        // SAFETY: attached; the call returns a `str`.
        unsafe { owned(self, calls::PyNumber_ToBase(self.checked(), 10)) }
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        let object = self.reference().as_ptr().cast::<raw::PyLongObject>();
        // SAFETY: a live `int`, which does not change; the sign is in the tag's lowest bits.
        let sign = unsafe { (*object).long_value.lv_tag & raw::_PyLong_SIGN_MASK as usize };
        sign == NEGATIVE
    }

    /// Fills `bytes` with the value in two's complement, least byte first, and tells how many
    /// bytes would do for the whole value, sign included. When those are more than there are, the
    /// lowest have been filled.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::PyInt};
    /// fn low_byte(n: &Bound<'_, PyInt>) -> u8 {
    ///     let mut byte = [0];
    ///     n.copy_le_bytes(&mut byte);
    ///     byte[0]
    /// }
    /// ```
    pub fn copy_le_bytes(&self, bytes: &mut [u8]) -> usize {
        // SAFETY: attached; the bytes can be written. For an `int` the call does not fail.
        let needed = unsafe {
            calls::PyLong_AsNativeBytes(
                self.checked(),
                bytes.as_mut_ptr().cast::<c_void>(),
                bytes.len() as isize,
                LITTLE_ENDIAN,
            )
        };
        needed.unsigned_abs()
    }
}

impl PyFloat {
    /// A new `float`.
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline]
    pub fn new<'py>(ts: &ThreadState<'py>, value: f64) -> PyResult<Bound<'py, Self>> {
        ts.raw();
        // SAFETY: attached; the call returns a `float`.
        unsafe { owned_by(ts, calls::PyFloat_FromDouble(value)) }
    }
}

impl Bound<'_, PyFloat> {
    /// The value.
    #[inline(always)]
    pub fn value(&self) -> f64 {
        // SAFETY: a live `float`, which does not change.
        unsafe { raw::PyFloat_AS_DOUBLE(self.reference().as_ptr()) }
    }
}

impl Bound<'_, PyBool> {
    /// The value.
    #[inline(always)]
    pub fn value(&self) -> bool {
        self.reference().as_ptr() == raw::Py_True()
    }
}

/// `PyLong_AsNativeBytes`'s flag for "least byte first", the value as it is.
const LITTLE_ENDIAN: c_int = raw::Py_ASNATIVEBYTES_LITTLE_ENDIAN as c_int;
/// The sign bits of a negative `int` (`longintrepr.h`).
const NEGATIVE: usize = 2;

/// An `int` from two's complement or magnitude, least byte first.
fn from_bytes(ts: &ThreadState<'_>, bytes: &[u8], signed: bool) -> Option<Owned> {
    ts.raw();
    let start = bytes.as_ptr().cast();
    // SAFETY: attached, as `raw` has checked; so many bytes are there.
    unsafe {
        if signed {
            calls::PyLong_FromNativeBytes(start, bytes.len(), LITTLE_ENDIAN)
        } else {
            calls::PyLong_FromUnsignedNativeBytes(start, bytes.len(), LITTLE_ENDIAN)
        }
    }
}

/// The value of an `int` of at most two digits, which all below 2^60 have.
///
/// # Safety
/// `int` is a live `int`.
#[inline(always)]
pub(super) unsafe fn short(int: *const raw::PyLongObject) -> Option<i64> {
    // SAFETY: a live `int`, which does not change; it has as many digits as its tag says.
    unsafe {
        if raw::PyUnstable_Long_IsCompact(int) != 0 {
            return Some(raw::PyUnstable_Long_CompactValue(int) as i64);
        }
        let value = &raw const (*int).long_value;
        let tag = (*value).lv_tag;
        if tag >> raw::_PyLong_NON_SIZE_BITS != 2 {
            return None;
        }
        let digits = (&raw const (*value).ob_digit).cast::<u32>();
        let magnitude = i64::from(*digits) | i64::from(*digits.add(1)) << raw::PyLong_SHIFT;
        Some(if tag & raw::_PyLong_SIGN_MASK as usize == NEGATIVE { -magnitude } else { magnitude })
    }
}
