//! Slots of sequences and mappings.
use std::ffi::c_int;
use std::ptr;

use cpython_ffi::raw::{self, PyObject};

use super::{Slot, argument, enter, give, give_length, optional, receiver, slots};
use crate::class::Class;
use crate::error::PyResult;
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::PyAny;

slots! {
    {
        fn(this: &Bound<'py, Self>) -> usize,
        from C lenfunc(this: *mut PyObject) -> isize, failing with -1,
        by |T, ts, work| {
            let length = work(ts, &receiver(ts, this)?)?;
            give_length(ts, length)
        }
    }

    /// `len(this)` of a sequence; C adds it to negative indices.
    SqLength::sq_length = Py_sq_length;
    /// `len(this)` of a mapping.
    MpLength::mp_length = Py_mp_length;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> Bound<'py, PyAny>,
        from C binaryfunc(this: *mut PyObject, other: *mut PyObject) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?, &argument(ts, other))?))
    }

    /// `this + other` of a sequence.
    SqConcat::sq_concat = Py_sq_concat;
    /// `this += other` of a sequence.
    SqInplaceConcat::sq_inplace_concat = Py_sq_inplace_concat;
    /// `this[key]` of a mapping.
    MpSubscript::mp_subscript = Py_mp_subscript;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, number: isize) -> Bound<'py, PyAny>,
        from C ssizeargfunc(this: *mut PyObject, number: isize) -> *mut PyObject,
        failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?, number)?))
    }

    /// `this[number]` of a sequence.
    SqItem::sq_item = Py_sq_item;
    /// `this * number` of a sequence.
    SqRepeat::sq_repeat = Py_sq_repeat;
    /// `this *= number` of a sequence.
    SqInplaceRepeat::sq_inplace_repeat = Py_sq_inplace_repeat;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, number: isize, value: Option<&Bound<'py, PyAny>>) -> (),
        from C ssizeobjargproc(this: *mut PyObject, number: isize, value: *mut PyObject) -> c_int,
        failing with -1,
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            work(ts, &this, number, optional(ts, value).as_ref())?;
            Ok(0)
        }
    }

    /// `this[number] = value` of a sequence, or `del this[number]` without a value.
    SqAssItem::sq_ass_item = Py_sq_ass_item;
}

slots! {
    {
        fn(this: &Bound<'py, Self>, value: &Bound<'py, PyAny>) -> bool,
        from C objobjproc(this: *mut PyObject, value: *mut PyObject) -> c_int, failing with -1,
        by |T, ts, work| Ok(c_int::from(work(ts, &receiver(ts, this)?, &argument(ts, value))?))
    }

    /// `value in this`.
    SqContains::sq_contains = Py_sq_contains;
}

slots! {
    {
        fn(
            this: &Bound<'py, Self>,
            key: &Bound<'py, PyAny>,
            value: Option<&Bound<'py, PyAny>>
        ) -> (),
        from C objobjargproc(this: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int,
        failing with -1,
        by |T, ts, work| {
            let this = receiver(ts, this)?;
            work(ts, &this, &argument(ts, key), optional(ts, value).as_ref())?;
            Ok(0)
        }
    }

    /// `this[key] = value` of a mapping, or `del this[key]` without a value.
    MpAssSubscript::mp_ass_subscript = Py_mp_ass_subscript;
}
