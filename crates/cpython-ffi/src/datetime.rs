//! The table of `datetime`'s C functions, typed: what the capsule `datetime.datetime_CAPI` holds.
use std::ffi::{CStr, c_int};

use cpython_sys::{PyDateTime_CAPI, PyDateTime_DateTime, PyObject, PyTypeObject};

use crate::{Owned, Ref, fast};

pub use cpython_sys::{
    PyDateTime_DATE_GET_FOLD, PyDateTime_DATE_GET_HOUR, PyDateTime_DATE_GET_MICROSECOND,
    PyDateTime_DATE_GET_MINUTE, PyDateTime_DATE_GET_SECOND, PyDateTime_DATE_GET_TZINFO,
    PyDateTime_GET_DAY, PyDateTime_GET_MONTH, PyDateTime_GET_YEAR,
};

/// Sets the fold.
///
/// # Safety
/// `op` is a live `datetime` that nobody else sees.
#[inline(always)]
pub unsafe fn set_fold(op: *mut PyObject, fold: bool) {
    // SAFETY: by the caller's word; there is memory for the field with and without a time zone.
    unsafe { (*op.cast::<PyDateTime_DateTime>()).fold = fold.into() };
}

/// The capsule's name: it holds a [`Table`].
pub const CAPSULE: &CStr = match CStr::from_bytes_with_nul(cpython_sys::PyDateTime_CAPSULE_NAME) {
    Ok(name) => name,
    Err(_) => panic!("a C string of the header"),
};

/// The table. `_datetimemodule.c` has it as a static that nobody writes to; its classes are
/// static, too, so that all of it lives as long as the process.
#[repr(transparent)]
pub struct Table(PyDateTime_CAPI);

// SAFETY: never written after it is made; what it points to is C's own, behind C's own rules.
unsafe impl Sync for Table {}

impl Table {
    /// The class `datetime.datetime`.
    pub fn datetime_class(&self) -> *mut PyTypeObject {
        self.0.DateTimeType
    }

    /// The class `datetime.tzinfo`.
    pub fn tzinfo_class(&self) -> *mut PyTypeObject {
        self.0.TZInfoType
    }

    /// Whether the object is a `datetime` and not of a subclass.
    ///
    /// # Safety
    /// `o` is live.
    #[inline(always)]
    pub unsafe fn is_exactly_datetime(&self, o: Ref) -> bool {
        // SAFETY: live.
        unsafe { fast::is_exactly(o, self.0.DateTimeType) }
    }

    /// Whether the object is a `datetime`, also of a subclass.
    ///
    /// # Safety
    /// `o` is live.
    #[inline(always)]
    pub unsafe fn is_datetime(&self, o: Ref) -> bool {
        // SAFETY: live; the call reads only.
        unsafe {
            self.is_exactly_datetime(o)
                || crate::calls::PyType_IsSubtype(fast::type_of(o), self.0.DateTimeType) != 0
        }
    }

    /// A `timedelta`, with the parts brought into their ranges. `OverflowError` when it is too long.
    ///
    /// # Safety
    /// The thread is attached to an interpreter that has imported `datetime`.
    pub unsafe fn timedelta(
        &self,
        days: c_int,
        seconds: c_int,
        microseconds: c_int,
    ) -> Option<Owned> {
        // SAFETY: by the caller's word; the call returns null or a new reference.
        unsafe {
            let make = self.0.Delta_FromDelta?;
            Owned::from_ptr(make(days, seconds, microseconds, 1, self.0.DeltaType))
        }
    }

    /// Whether the object is a `timedelta` and not of a subclass.
    ///
    /// # Safety
    /// `o` is live.
    #[inline(always)]
    pub unsafe fn is_exactly_timedelta(&self, o: Ref) -> bool {
        // SAFETY: live.
        unsafe { fast::is_exactly(o, self.0.DeltaType) }
    }

    /// `datetime + delta` as the operator gives it, without looking for who does it; `OverflowError`
    /// when it is out of range. Nothing where the class has no such operator.
    ///
    /// # Safety
    /// The thread is attached; a live `datetime` and a live `timedelta`, neither of a subclass.
    #[inline(always)]
    pub unsafe fn add(&self, datetime: Ref, delta: Ref) -> Option<Option<Owned>> {
        // SAFETY: a static class that nobody can change; the call returns null or a new reference,
        // and never `NotImplemented` for these two.
        unsafe {
            let add = (*self.0.DateTimeType).tp_as_number.as_ref()?.nb_add?;
            Some(Owned::from_ptr(add(datetime.as_ptr(), delta.as_ptr())))
        }
    }

    /// A `datetime` of year, month, day, hour, minute, second and microsecond. `ValueError` when one is
    /// out of range, `TypeError` when `tzinfo` is neither `None` nor a `tzinfo`.
    ///
    /// # Safety
    /// As for [`Self::timedelta`]; `tzinfo` is live.
    pub unsafe fn datetime(&self, parts: [c_int; 7], tzinfo: Ref, fold: bool) -> Option<Owned> {
        let [year, month, day, hour, minute, second, microsecond] = parts;
        // SAFETY: by the caller's word; the call returns null or a new reference.
        unsafe {
            let make = self.0.DateTime_FromDateAndTimeAndFold?;
            let (tzinfo, class) = (tzinfo.as_ptr(), self.0.DateTimeType);
            Owned::from_ptr(make(
                year,
                month,
                day,
                hour,
                minute,
                second,
                microsecond,
                tzinfo,
                fold.into(),
                class,
            ))
        }
    }
}
