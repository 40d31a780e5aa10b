//! `Py_ssize_t`, `slice_index` and `bool`: numbers by way of `__index__`, and truth.
use std::ptr;

use cpython_ffi::{calls, raw};

use crate::arg::{Arg, FromArg};
use crate::error::PyResult;
use crate::exception::ValueError;

/// Clinic's `Py_ssize_t`; as an `Option`, `Py_ssize_t(accept={int, NoneType})`.
impl<'h, 'py> FromArg<'h, 'py> for isize {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        argument.small_int().map_or_else(|| ssize(argument), Ok)
    }
}

#[cold]
fn ssize(argument: Arg<'_, '_>) -> PyResult<isize> {
    let object = argument.object();
    if argument.is_nullable() {
        // SAFETY: attached; the check runs no Python.
        if unsafe { calls::PyIndex_Check(object.checked()) } == 0 {
            let found = object.type_name();
            return Err(argument
                .type_error(format_args!("argument should be integer or None, not '{found}'")));
        }
        // SAFETY: attached; the exception class lives as long as the process.
        return match unsafe {
            calls::PyNumber_AsSsize_t(object.checked(), raw::PyExc_OverflowError)
        } {
            -1 => object.unless_raised(-1),
            value => Ok(value),
        };
    }
    let int = object.index()?;
    // SAFETY: attached; an `int`.
    match unsafe { calls::PyLong_AsSsize_t(int.checked()) } {
        -1 => int.unless_raised(-1),
        value => Ok(value),
    }
}

/// A size: Clinic's `Py_ssize_t(allow_negative=False)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonNegative(pub usize);

impl<'h, 'py> FromArg<'h, 'py> for NonNegative {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        let value = match argument.small_int() {
            Some(value) => value,
            None => ssize(argument)?,
        };
        usize::try_from(value).map(Self).or_else(|_| negative(argument))
    }
}

#[cold]
fn negative<T>(argument: Arg<'_, '_>) -> PyResult<T> {
    // The converter for `int` or `None` does not know the parameter's name.
    let name = if argument.is_nullable() { "argument" } else { argument.name() };
    Err(ValueError::new(&argument.thread_state(), format_args!("{name} cannot be negative")))
}

/// An index into a sequence, cut off at the limits of `isize`: Clinic's `slice_index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceIndex(pub isize);

impl<'h, 'py> FromArg<'h, 'py> for SliceIndex {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        argument.small_int().map_or_else(|| clipped(argument), Ok).map(Self)
    }
}

#[cold]
fn clipped(argument: Arg<'_, '_>) -> PyResult<isize> {
    let object = argument.object();
    // SAFETY: attached; the check runs no Python.
    if unsafe { calls::PyIndex_Check(object.checked()) } == 0 {
        let text = "slice indices must be integers or have an __index__ method";
        return Err(argument.type_error(text));
    }
    // SAFETY: attached; null asks for clipping.
    match unsafe { calls::PyNumber_AsSsize_t(object.checked(), ptr::null_mut()) } {
        -1 => object.unless_raised(-1),
        value => Ok(value),
    }
}

/// Clinic's `bool`: the truth of any object.
impl<'h, 'py> FromArg<'h, 'py> for bool {
    type Holder = ();

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        let object = argument.object();
        let address = object.checked().as_ptr();
        if address == raw::Py_True() {
            Ok(true)
        } else if address == raw::Py_False() {
            Ok(false)
        } else {
            object.is_true()
        }
    }
}
