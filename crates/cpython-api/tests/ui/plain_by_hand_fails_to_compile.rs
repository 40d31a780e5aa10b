#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Only the API says which arguments a converter only reads, so that they need no count.
use cpython_api::{Arg, FromArg, PyResult};

struct Kept;

impl<'h, 'py> FromArg<'h, 'py> for Kept {
    type Holder = ();
    const PLAIN: cpython_api::Plain<Self> = <f64 as FromArg<'h, 'py>>::PLAIN;

    fn from_arg(_argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        Ok(Self)
    }
}

struct Read;

impl<'h, 'py> FromArg<'h, 'py> for Read {
    type Holder = ();
    const PLAIN: cpython_api::Plain<Self> = cpython_api::Plain::FLOATS;

    fn from_arg(_argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        Ok(Self)
    }
}

fn main() {}
