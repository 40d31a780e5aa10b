#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// The sketch cast any module's state to any type: here a function's state is that of its module, by type.
use cpython_api::types::PyModule;
use cpython_api::{Bound, Module, function, module};

module! {
    name: "m",
    functions: [of_another],
}

#[function("of_another()")]
fn of_another(module: &Module<'_, '_, String>) {}

fn any_module<'a, 'py>(module: &'a Bound<'py, PyModule>) -> &'a Module<'a, 'py, String> {
    module
}

fn main() {}
