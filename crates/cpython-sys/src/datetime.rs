//! Dates and times from the inside (`datetime.h`).

use crate::{_PyDateTime_BaseTZInfo, Py_None, PyDateTime_Date, PyDateTime_DateTime, PyObject};
use core::ffi::c_int;

/// Fields of one byte.
macro_rules! bytes {
    ($($(#[doc = $doc:literal])* $name:ident $kind:ident[$i:literal];)*) => {$(
        $(#[doc = $doc])*
        ///
        /// # Safety
        #[doc = concat!("`op` is a live object with the layout of [`", stringify!($kind), "`].")]
        #[inline(always)]
        pub unsafe fn $name(op: *mut PyObject) -> c_int {
            // SAFETY: the data of a live object, which does not change.
            unsafe { (*op.cast::<$kind>()).data[$i].into() }
        }
    )*};
}

bytes! {
    /// The month, 1 to 12.
    PyDateTime_GET_MONTH PyDateTime_Date[2];
    /// The day; what pickles are made into is not checked.
    PyDateTime_GET_DAY PyDateTime_Date[3];
    /// The hour, not checked either.
    PyDateTime_DATE_GET_HOUR PyDateTime_DateTime[4];
    /// The minute, not checked either.
    PyDateTime_DATE_GET_MINUTE PyDateTime_DateTime[5];
    /// The second, not checked either.
    PyDateTime_DATE_GET_SECOND PyDateTime_DateTime[6];
}

/// The year, not checked in what pickles are made into.
///
/// # Safety
/// `op` is a live `date` or `datetime`.
#[inline(always)]
pub unsafe fn PyDateTime_GET_YEAR(op: *mut PyObject) -> c_int {
    // SAFETY: the data of a live object, which does not change.
    let [high, low, ..] = unsafe { (*op.cast::<PyDateTime_Date>()).data };
    u16::from_be_bytes([high, low]).into()
}

/// The microsecond, not checked in what pickles are made into.
///
/// # Safety
/// `op` is a live `datetime`.
#[inline(always)]
pub unsafe fn PyDateTime_DATE_GET_MICROSECOND(op: *mut PyObject) -> c_int {
    // SAFETY: the data of a live object, which does not change.
    let [.., high, middle, low] = unsafe { (*op.cast::<PyDateTime_DateTime>()).data };
    i32::from_be_bytes([0, high, middle, low])
}

/// The fold, 0 or 1.
///
/// # Safety
/// `op` is a live `datetime`.
#[inline(always)]
pub unsafe fn PyDateTime_DATE_GET_FOLD(op: *mut PyObject) -> c_int {
    // SAFETY: a live object's field, for which there is memory with and without a time zone, and
    // which does not change once others see the object.
    unsafe { (*op.cast::<PyDateTime_DateTime>()).fold.into() }
}

/// The time zone or `None`, borrowed from the `datetime`, which keeps it as long as it lives.
///
/// # Safety
/// `op` is a live `datetime`.
#[inline(always)]
pub unsafe fn PyDateTime_DATE_GET_TZINFO(op: *mut PyObject) -> *mut PyObject {
    // SAFETY: a live object's fields, which do not change; there is memory for the second when the
    // first says so.
    unsafe {
        if (*op.cast::<_PyDateTime_BaseTZInfo>()).hastzinfo != 0 {
            (*op.cast::<PyDateTime_DateTime>()).tzinfo
        } else {
            Py_None()
        }
    }
}
