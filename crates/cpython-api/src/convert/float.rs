//! `double` and `float`.
use cpython_ffi::{fast, raw};

use crate::arg::{Arg, FromArg};
use crate::error::PyResult;

/// Clinic's `double`.
impl<'h, 'py> FromArg<'h, 'py> for f64 {
    type Holder = ();
    const FROM_FLOAT: Option<fn(Self) -> Self> = Some(|value| value);

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        let object = argument.object();
        let float = object.checked();
        // SAFETY: a live `float`, as is checked.
        unsafe {
            if fast::is_exactly(float, &raw mut raw::PyFloat_Type) {
                return Ok(raw::PyFloat_AS_DOUBLE(float.as_ptr()));
            }
        }
        object.to_f64()
    }
}

/// Clinic's `float`: a `double` rounded to the nearest.
impl<'h, 'py> FromArg<'h, 'py> for f32 {
    type Holder = ();
    const FROM_FLOAT: Option<fn(f64) -> Self> = Some(|value| value as Self);

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut ()) -> PyResult<Self> {
        f64::from_arg(argument, holder).map(|value| value as Self)
    }
}
