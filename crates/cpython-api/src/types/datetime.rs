//! Dates and times: the C functions of `datetime`, imported for one interpreter, and what a
//! `datetime` tells without a call.
use std::ops::ControlFlow;
use std::ptr::NonNull;

use cpython_ffi::{Ref, calls, datetime as c};

use super::{PyAny, PyCapsule, PyType};
use crate::error::{PyResult, owned, owned_by};
use crate::gc::{Stop, Traverse, Visit};
use crate::handle::{Borrowed, Bound, Py};
use crate::thread::ThreadState;

/// A `datetime.datetime`, also of a subclass; [`DateTimeApi::datetime`] finds out.
pub enum PyDateTime {}

/// The C functions of `datetime`, imported: a part of a module's state.
///
/// It stands for the module in one interpreter: used in another one, it ends the process as any
/// other handle does.
///
/// ```no_run
/// use cpython_api::types::DateTimeApi;
/// use cpython_api::{Bound, PyAny, PyResult, ThreadState};
/// fn noon<'py>(
///     ts: &ThreadState<'py>, api: &DateTimeApi, o: &Bound<'py, PyAny>,
/// ) -> PyResult<Option<Bound<'py, PyAny>>> {
///     let Some(datetime) = api.datetime(o) else { return Ok(None) };
///     let mut moment = datetime.moment();
///     (moment.hour, moment.minute, moment.second, moment.microsecond) = (12, 0, 0, 0);
///     api.new_datetime(ts, moment, &datetime.tzinfo()).map(Some)
/// }
/// ```
pub struct DateTimeApi {
    /// The class `datetime`, for the interpreter that it is counted in.
    class: Py<PyType>,
    table: &'static c::Table,
}

/// A date and a time of day.
///
/// What a `datetime` tells need not be in the ranges of the calendar: unpickling checks the month
/// only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Python's")]
pub struct Moment {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub microsecond: u32,
    /// Whether it is the second of two moments that a clock shows alike (PEP 495).
    pub fold: bool,
}

impl DateTimeApi {
    /// Imports `datetime`.
    ///
    /// # Errors
    /// What the import raises; `AttributeError` when the module is not the one in C.
    pub fn import(ts: &ThreadState<'_>) -> PyResult<Self> {
        // SAFETY: that is what `datetime.h` says of the capsule; the table is a static of C.
        let table = unsafe { PyCapsule::import::<c::Table>(ts, c::CAPSULE)? };
        // SAFETY: a static type, which the import has made ready for this interpreter.
        let class = unsafe { class(ts, table.datetime_class()) };
        Ok(Self { class: class.clone().unbind(), table })
    }

    /// Another one for the same interpreter.
    pub fn clone_ref(&self, ts: &ThreadState<'_>) -> Self {
        Self { class: self.class.clone_ref(ts), table: self.table }
    }

    /// The class `tzinfo`.
    pub fn tzinfo_class<'py>(&self, ts: &ThreadState<'py>) -> Borrowed<'static, 'py, PyType> {
        self.class.get(ts);
        // SAFETY: a static type; this is the interpreter that has imported it.
        unsafe { class(ts, self.table.tzinfo_class()) }
    }

    /// The object as a `datetime`, when it is one or of a subclass (`PyDateTime_Check`).
    #[inline(always)]
    pub fn datetime<'a, 'py>(
        &self,
        object: &'a Bound<'py, PyAny>,
    ) -> Option<&'a Bound<'py, PyDateTime>> {
        // SAFETY: live, counted by the handle; it is a `datetime` as it says.
        unsafe { self.table.is_datetime(object.checked()).then(|| object.cast_unchecked()) }
    }

    /// What the object tells, when it is a `datetime` and not of a subclass: one may have changed
    /// what it tells.
    #[inline(always)]
    pub fn exact_moment(&self, object: &Bound<'_, PyAny>) -> Option<Moment> {
        let object = object.checked();
        // SAFETY: live, counted by the handle.
        unsafe { self.table.is_exactly_datetime(object).then(|| moment(object)) }
    }

    /// `datetime + timedelta`: what the operator does, in fewer steps where neither is of a subclass.
    ///
    /// # Errors
    /// `OverflowError` when the result is out of range; what the operator raises.
    #[inline(always)]
    pub fn add<'py>(
        &self,
        datetime: &Bound<'py, PyDateTime>,
        timedelta: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (o, by) = (datetime.checked(), timedelta.reference());
        // SAFETY: attached; both live; their types are compared first.
        unsafe {
            if self.table.is_exactly_datetime(o)
                && self.table.is_exactly_timedelta(by)
                && let Some(sum) = self.table.add(o, by)
            {
                return owned(datetime, sum);
            }
        }
        datetime.as_any().add(timedelta)
    }

    /// A `timedelta`; the parts may be of any size and sign.
    ///
    /// # Errors
    /// `OverflowError` when it is too long; `MemoryError`.
    pub fn new_timedelta<'py>(
        &self,
        ts: &ThreadState<'py>,
        days: i32,
        seconds: i32,
        microseconds: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.class.get(ts);
        // SAFETY: attached to the interpreter that has imported `datetime`.
        unsafe { owned_by(ts, self.table.timedelta(days, seconds, microseconds)) }
    }

    /// A `datetime`; `tzinfo` may be `None`.
    ///
    /// # Errors
    /// `ValueError` when a part is out of its range; `TypeError` when `tzinfo` is not one;
    /// `MemoryError`.
    pub fn new_datetime<'py>(
        &self,
        ts: &ThreadState<'py>,
        moment: Moment,
        tzinfo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.class.get(ts);
        let Moment { year, month, day, hour, minute, second, microsecond, fold } = moment;
        let [year, month, day, hour, minute, second] =
            [year, month.into(), day.into(), hour.into(), minute.into(), second.into()]
                .map(i32::from);
        // Too large a number is out of range however it is read.
        let parts = [year, month, day, hour, minute, second, microsecond.cast_signed()];
        // SAFETY: attached to the interpreter that has imported `datetime`; a live object.
        unsafe { owned_by(ts, self.table.datetime(parts, tzinfo.checked(), fold)) }
    }

    /// Gives a `datetime` the fold: to the object itself when nobody else has it, else to a new one
    /// in its place. Whether that was done: not for a subclass, which has a method for it.
    ///
    /// # Errors
    /// As for [`Self::new_datetime`].
    pub fn with_fold<'py>(
        &self,
        ts: &ThreadState<'py>,
        object: &mut Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let Some(moment) = self.exact_moment(object) else { return Ok(false) };
        // SAFETY: a `datetime`, as just seen.
        let datetime: &Bound<'_, PyDateTime> = unsafe { object.cast_unchecked() };
        // SAFETY: attached, a live object; a `datetime` that only this handle has is seen by nobody
        // else, and its hash does not depend on the fold.
        unsafe {
            if calls::PyUnstable_Object_IsUniquelyReferenced(datetime.checked()) != 0 {
                c::set_fold(datetime.reference().as_ptr(), true);
                return Ok(true);
            }
        }
        let moment = Moment { fold: true, ..moment };
        *object = self.new_datetime(ts, moment, &datetime.tzinfo())?;
        Ok(true)
    }
}

/// What a `datetime` tells.
///
/// # Safety
/// A live `datetime`.
#[inline(always)]
unsafe fn moment(o: Ref) -> Moment {
    let o = o.as_ptr();
    // Each fits: it is made of as many bytes.
    // SAFETY: by the caller's word.
    unsafe {
        Moment {
            year: c::PyDateTime_GET_YEAR(o) as u16,
            month: c::PyDateTime_GET_MONTH(o) as u8,
            day: c::PyDateTime_GET_DAY(o) as u8,
            hour: c::PyDateTime_DATE_GET_HOUR(o) as u8,
            minute: c::PyDateTime_DATE_GET_MINUTE(o) as u8,
            second: c::PyDateTime_DATE_GET_SECOND(o) as u8,
            microsecond: c::PyDateTime_DATE_GET_MICROSECOND(o).cast_unsigned(),
            fold: c::PyDateTime_DATE_GET_FOLD(o) != 0,
        }
    }
}

/// A static class of `datetime`.
///
/// # Safety
/// It lives as long as the process, and is ready in this interpreter.
unsafe fn class<'py>(
    ts: &ThreadState<'py>,
    class: *mut cpython_ffi::raw::PyTypeObject,
) -> Borrowed<'static, 'py, PyType> {
    // SAFETY: by the caller's word.
    unsafe { Borrowed::new(ts.raw(), NonNull::new_unchecked(class.cast())) }
}

// SAFETY: the one reference, once.
unsafe impl Traverse for DateTimeApi {
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.class.traverse(visit)
    }
}

impl<'py> Bound<'py, PyDateTime> {
    /// What it tells.
    #[inline(always)]
    pub fn moment(&self) -> Moment {
        // SAFETY: a live `datetime`, which never changes.
        unsafe { moment(self.reference()) }
    }

    /// Whether this very object is the time zone.
    #[inline(always)]
    pub fn is_in<T>(&self, zone: &Bound<'_, T>) -> bool {
        // SAFETY: a live `datetime`, whose time zone's address is compared only.
        let tzinfo = unsafe { c::PyDateTime_DATE_GET_TZINFO(self.reference().as_ptr()) };
        tzinfo == zone.reference().as_ptr()
    }

    /// The time zone, or `None`.
    #[inline]
    pub fn tzinfo(&self) -> Bound<'py, PyAny> {
        // SAFETY: a live `datetime` keeps its time zone; the new count is ours.
        unsafe {
            let tzinfo = c::PyDateTime_DATE_GET_TZINFO(self.checked().as_ptr());
            Bound::beside(self, Ref::new(NonNull::new_unchecked(tzinfo)).to_owned())
        }
    }
}
