#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::{Module, function, module};

struct State;

module! {
    name: "m",
    functions: [plain, missing, of_another_module],
}

fn plain() {}

#[function("of_another_module()")]
fn of_another_module(module: &Module<'_, '_, u8>) {}

fn main() {}
