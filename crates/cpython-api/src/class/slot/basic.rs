//! Slots of any object: text, hash, truth, comparison, attributes, descriptors, calls, end of life.
use std::ffi::c_int;
use std::ptr;

use cpython_ffi::raw::{self, PyObject};

use super::{Slot, argument, enter, give, give_or_not_implemented, optional, receiver, slots};
use crate::class::property::done;
use crate::class::{Class, OfClass, OfType};
use crate::error::PyResult;
use crate::function::{self, Function};
use crate::handle::Bound;
use crate::panic;
use crate::thread::ThreadState;
use crate::types::{Compare, PyAny};

slots! {
    {
        fn(this: &Bound<'py, Self>) -> Bound<'py, PyAny>,
        from C reprfunc(this: *mut PyObject) -> *mut PyObject, failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?)?))
    }

    /// `repr(this)`.
    TpRepr::tp_repr = Py_tp_repr;
    /// `str(this)`.
    TpStr::tp_str = Py_tp_str;
}

slots! {
    {
        fn(this: &Bound<'py, Self>) -> isize,
        from C hashfunc(this: *mut PyObject) -> isize, failing with -1,
        // -1 is C's mark of an error.
        by |T, ts, work| Ok(match work(ts, &receiver(ts, this)?)? { -1 => -2, hash => hash })
    }

    /// `hash(this)`.
    TpHash::tp_hash = Py_tp_hash;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, other: &Bound<'py, PyAny>, op: Compare) -> Option<Bound<'py, PyAny>>,
        from C richcmpfunc(this: *mut PyObject, other: *mut PyObject, op: c_int) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            Ok(give_or_not_implemented(match Compare::from_c(op) {
                Some(op) => work(ts, &this, &argument(ts, other), op)?,
                None => None,
            }))
        }
    }

    /// `this < other` and the other five; `None` is `NotImplemented`.
    TpRichcompare::tp_richcompare = Py_tp_richcompare;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, name: &Bound<'py, PyAny>) -> Bound<'py, PyAny>,
        from C getattrofunc(this: *mut PyObject, name: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?, &argument(ts, name))?))
    }

    /// `getattr(this, name)`.
    TpGetattro::tp_getattro = Py_tp_getattro;
}

impl<T: Class> Slot<T> {
    /// `object.__getattribute__`, as the class's own: for a class that names it in C.
    pub const fn tp_getattro_generic() -> Self {
        let function: raw::getattrofunc = Some(raw::PyObject_GenericGetAttr);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_getattro, function) }
    }
}

slots! {
    {
        fn(
            this: &Bound<'py, Self>,
            name: &Bound<'py, PyAny>,
            value: Option<&Bound<'py, PyAny>>
        ) -> (),
        from C setattrofunc(this: *mut PyObject, name: *mut PyObject, value: *mut PyObject) -> c_int,
        failing with -1,
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            work(ts, &this, &argument(ts, name), optional(ts, value).as_ref())?;
            Ok(0)
        }
    }

    /// `setattr(this, name, value)`, or `delattr` without a value.
    TpSetattro::tp_setattro = Py_tp_setattro;
}

slots! {
    {
        fn(
            this: &Bound<'py, Self>,
            instance: Option<&Bound<'py, PyAny>>,
            owner: Option<&Bound<'py, PyAny>>
        ) -> Bound<'py, PyAny>,
        from C descrgetfunc(this: *mut PyObject, instance: *mut PyObject, owner: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            let (instance, owner) = (optional(ts, instance), optional(ts, owner));
            Ok(give(work(ts, &this, instance.as_ref(), owner.as_ref())?))
        }
    }

    /// `type(this).__get__(this, instance, owner)`.
    TpDescrGet::tp_descr_get = Py_tp_descr_get;
}

slots! {
    {
        fn(
            this: &Bound<'py, Self>,
            instance: &Bound<'py, PyAny>,
            value: Option<&Bound<'py, PyAny>>
        ) -> (),
        from C descrsetfunc(this: *mut PyObject, instance: *mut PyObject, value: *mut PyObject) -> c_int,
        failing with -1,
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            work(ts, &this, &argument(ts, instance), optional(ts, value).as_ref())?;
            Ok(0)
        }
    }

    /// `type(this).__set__(this, instance, value)`, or `__delete__` without a value.
    TpDescrSet::tp_descr_set = Py_tp_descr_set;
}

impl<T: Class> Slot<T> {
    /// The constructor, `T(...)`: a function that ends with
    /// [`Call::construct`](crate::Call::construct).
    pub const fn tp_new<F: Function<OfType<T>>>() -> Self {
        unsafe extern "C" fn glue<T: Class, F: Function<OfType<T>>>(
            class: *mut raw::PyTypeObject,
            arguments: *mut PyObject,
            keywords: *mut PyObject,
        ) -> *mut PyObject {
            // SAFETY: C passes a live type, a live tuple, and a live dict or null, attached.
            unsafe { function::tuple::<OfType<T>, F>(class.cast(), arguments, keywords) }
        }
        let function: raw::newfunc = Some(glue::<T, F>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_new, function) }
    }

    /// `type(this).__init__(this, ...)`: a function that returns nothing.
    pub const fn tp_init<F: Function<OfClass<T>>>() -> Self {
        unsafe extern "C" fn glue<T: Class, F: Function<OfClass<T>>>(
            this: *mut PyObject,
            arguments: *mut PyObject,
            keywords: *mut PyObject,
        ) -> c_int {
            // SAFETY: C passes a live receiver, a live tuple, and a live dict or null, attached.
            unsafe { done(function::tuple::<OfClass<T>, F>(this, arguments, keywords)) }
        }
        let function: raw::initproc = Some(glue::<T, F>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_init, function) }
    }

    /// `this(...)`.
    pub const fn tp_call<F: Function<OfClass<T>>>() -> Self {
        let function: raw::ternaryfunc = Some(function::tuple::<OfClass<T>, F>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_call, function) }
    }
}

/// `__del__`: runs once, before an instance is destroyed, and may bring it back to life.
pub trait TpFinalize: Class {
    /// `__del__`. An error is reported as unraisable.
    ///
    /// # Errors
    /// Whatever it raises.
    fn tp_finalize<'py>(ts: &mut ThreadState<'py>, this: &Bound<'py, Self>) -> PyResult<()>;
}

impl<T: TpFinalize> Slot<T> {
    /// `__del__`.
    pub const fn tp_finalize() -> Self {
        unsafe extern "C" fn glue<T: TpFinalize>(this: *mut PyObject) {
            crate::error::preserve_pending(|| {
                panic::guard_unraisable(|| {
                    // SAFETY: C calls this attached, with a live object.
                    unsafe {
                        enter((), |ts| {
                            // Without a payload there is nothing to finalise.
                            let Ok(this) = receiver::<T>(ts, this) else { return Ok(()) };
                            if let Err(error) = T::tp_finalize(ts, &this) {
                                error.write_unraisable(ts, Some(&this));
                            }
                            Ok(())
                        });
                    }
                });
            });
        }
        let function: raw::destructor = Some(glue::<T>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_finalize, function) }
    }
}
