#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// What a call lends or makes cannot be kept in a static or a thread-local.
use std::cell::RefCell;
use std::sync::{Mutex, OnceLock};

use cpython_api::{Arg, Bound, Call, FromArg, Function, OfModule, Outcome, Parameters, PlacesOf};
use cpython_api::{PyAny, PyResult};

static HANDLE: OnceLock<Bound<'static, PyAny>> = OnceLock::new();
static RESULT: Mutex<Option<Outcome<'static>>> = Mutex::new(None);

thread_local! {
    static KEPT: RefCell<Option<Outcome<'static>>> = const { RefCell::new(None) };
    static ARGUMENT: RefCell<Option<Arg<'static, 'static>>> = const { RefCell::new(None) };
}

struct Keeper;

impl Function<OfModule<()>> for Keeper {
    const PARAMETERS: &'static Parameters = &Parameters { name: c"keeper", ..Parameters::NONE };
    type Places = PlacesOf<0>;

    fn call<'a, 'py>(call: Call<'a, 'py, OfModule<()>>) -> PyResult<Outcome<'py>> {
        KEPT.set(Some(call.give(())?));
        KEPT.take().map_or_else(|| call.give(()), Ok)
    }
}

struct Kept;

impl<'h, 'py> FromArg<'h, 'py> for Kept {
    type Holder = ();

    fn from_arg(argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        ARGUMENT.set(Some(argument));
        Ok(Self)
    }
}

fn main() {}
