//! Objects taken apart: [`Value`].
use std::ptr::NonNull;

use cpython_ffi::raw::PyThreadState;
use cpython_ffi::{Ref, fast, raw};

use super::{PyAny, PyFloat, PyInt, PyStr, PyTuple};
use crate::error::PyResult;
use crate::handle::Bound;
use crate::thread::ThreadState;

/// What an object is: simple values as they are, without counting; everything else as a handle.
#[derive(Clone)]
pub enum Value<'py> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// Exactly an `int`, of at most two digits (below 2^60).
    Int(i64),
    /// Exactly a `float`.
    Float(f64),
    /// Exactly a `str`.
    Str(Bound<'py, PyStr>),
    /// Anything else.
    Other(Bound<'py, PyAny>),
}

impl<'py> Value<'py> {
    /// An object with this value: the same one, where it was counted.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn object(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self {
            Self::None => ts.none().clone(),
            Self::Bool(value) => ts.bool(*value).clone().into_any(),
            Self::Int(value) => PyInt::new(ts, *value)?.into_any(),
            Self::Float(value) => PyFloat::new(ts, *value)?.into_any(),
            Self::Str(text) => text.clone().into_any(),
            Self::Other(object) => object.clone(),
        })
    }

    /// Takes an object apart.
    ///
    /// # Safety
    /// `state` is this thread's attached thread state, and exists for `'py`; the object belongs to
    /// its interpreter, and is live for this call.
    #[inline(always)]
    pub(super) unsafe fn of(o: Ref, state: NonNull<PyThreadState>) -> Self {
        // SAFETY: live; the types are compared by address before anything of their layout is
        // read; what is handed on is counted.
        unsafe {
            let class = fast::type_of(o);
            if class == &raw mut raw::PyUnicode_Type {
                return Self::Str(Bound::from_raw(state, o.to_owned().into_non_null()));
            }
            if class == &raw mut raw::PyFloat_Type {
                return Self::Float(raw::PyFloat_AS_DOUBLE(o.as_ptr()));
            }
            if class == &raw mut raw::PyLong_Type {
                if let Some(value) = super::number::short(o.as_ptr().cast()) {
                    return Self::Int(value);
                }
            } else if o.as_ptr() == raw::Py_None() {
                return Self::None;
            } else if class == &raw mut raw::PyBool_Type {
                return Self::Bool(o.as_ptr() == raw::Py_True());
            }
            Self::Other(Bound::from_raw(state, o.to_owned().into_non_null()))
        }
    }
}

impl<'py> Bound<'py, PyAny> {
    /// What the object is.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, types::Value};
    /// fn is_number(object: &Bound<'_>) -> bool {
    ///     matches!(object.value(), Value::Int(_) | Value::Float(_))
    /// }
    /// ```
    #[inline]
    pub fn value(&self) -> Value<'py> {
        // SAFETY: attached, as `checked` shows; counted by the handle.
        unsafe { Value::of(self.checked(), self.state()) }
    }
}

impl<'py> Bound<'py, PyTuple> {
    /// What `self[i]` is; nothing when there are not so many.
    #[inline(always)]
    pub fn value_at(&self, i: usize) -> Option<Value<'py>> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: in range; a tuple's items do not change. One that somebody else is still
        // filling (the collector shows it) has empty places.
        unsafe {
            let item = raw::PyTuple_GET_ITEM(self.reference().as_ptr(), i as isize);
            Some(Value::of(Ref::from_ptr(item)?, self.state()))
        }
    }
}
