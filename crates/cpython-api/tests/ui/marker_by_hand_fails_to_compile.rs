#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Only the API says which objects have the layout of a marker, and which places a call has.
use cpython_api::types::Typed;
use cpython_api::{Bound, Call, Function, OfModule, Outcome, Parameters, PyAny, PyResult};

enum Mine {}

impl Typed for Mine {
    const NAME: &'static str = "mine";

    fn check(_object: &Bound<'_, PyAny>) -> bool {
        true
    }

    fn check_exact(_object: &Bound<'_, PyAny>) -> bool {
        true
    }
}

struct Evil([*mut cpython_api::export::PyObject; 1]);

struct Keeper;

impl Function<OfModule<()>> for Keeper {
    const PARAMETERS: &'static Parameters = &Parameters { name: c"keeper", ..Parameters::NONE };
    type Places = Evil;

    fn call<'a, 'py>(call: Call<'a, 'py, OfModule<()>>) -> PyResult<Outcome<'py>> {
        call.give(())
    }
}

fn main() {}
