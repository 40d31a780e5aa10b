//! Slots of iterators and of what `await` waits for.
use std::ptr;

use cpython_ffi::raw::{self, PyObject};

use super::{Slot, argument, enter, give, receiver, slots};
use crate::class::Class;
use crate::error::PyResult;
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::PyAny;

slots! {
    {
        fn(this: &Bound<'py, Self>) -> Bound<'py, PyAny>,
        from C unaryfunc(this: *mut PyObject) -> *mut PyObject, failing with ptr::null_mut(),
        by |T, ts, work| Ok(give(work(ts, &receiver(ts, this)?)?))
    }

    /// `iter(this)`.
    TpIter::tp_iter = Py_tp_iter;
    /// `this.__await__()`.
    AmAwait::am_await = Py_am_await;
    /// `aiter(this)`.
    AmAiter::am_aiter = Py_am_aiter;
    /// `anext(this)`.
    AmAnext::am_anext = Py_am_anext;
}

slots! {
    {
        fn(this: &Bound<'py, Self>) -> Option<Bound<'py, PyAny>>,
        from C unaryfunc(this: *mut PyObject) -> *mut PyObject, failing with ptr::null_mut(),
        // Null without an exception is the end.
        by |T, ts, work| Ok(work(ts, &receiver(ts, this)?)?.map_or(ptr::null_mut(), give))
    }

    /// `next(this)`; `None` is the end.
    TpIternext::tp_iternext = Py_tp_iternext;
}

impl<T: Class> Slot<T> {
    /// `iter(this)` is `this`, as for every iterator.
    pub const fn tp_iter_self() -> Self {
        unsafe extern "C" fn glue(this: *mut PyObject) -> *mut PyObject {
            // SAFETY: C passes a live receiver, attached.
            unsafe { raw::Py_NewRef(this) }
        }
        let function: raw::getiterfunc = Some(glue);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_tp_iter, function) }
    }
}

/// What a generator gives.
pub enum Sent<'py> {
    /// It yields a value.
    Next(Bound<'py, PyAny>),
    /// It ends with a value.
    Return(Bound<'py, PyAny>),
}

/// `send` of a generator, without the detour by `StopIteration`.
pub trait AmSend: Class {
    /// `this.send(value)`.
    ///
    /// # Errors
    /// Whatever it raises.
    fn am_send<'py>(
        ts: &mut ThreadState<'py>,
        this: &Bound<'py, Self>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Sent<'py>>;
}

impl<T: AmSend> Slot<T> {
    /// `this.send(value)`.
    pub const fn am_send() -> Self {
        unsafe extern "C" fn glue<T: AmSend>(
            this: *mut PyObject,
            value: *mut PyObject,
            result: *mut *mut PyObject,
        ) -> raw::PySendResult {
            // SAFETY: C passes live objects and a place for the result, attached.
            unsafe {
                let (object, kind) = enter((ptr::null_mut(), raw::PYGEN_ERROR), |ts| {
                    let this = receiver::<T>(ts, this)?;
                    Ok(match T::am_send(ts, &this, &argument(ts, value))? {
                        Sent::Next(value) => (give(value), raw::PYGEN_NEXT),
                        Sent::Return(value) => (give(value), raw::PYGEN_RETURN),
                    })
                });
                *result = object;
                kind
            }
        }
        let function: raw::sendfunc = Some(glue::<T>);
        // SAFETY: of the type that C gives the slot.
        unsafe { Self::new(raw::Py_am_send, function) }
    }
}
