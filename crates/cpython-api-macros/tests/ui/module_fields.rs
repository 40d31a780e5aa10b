#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::{function, module};

mod nameless {
    cpython_api::module! { functions: [] }
}

mod twice {
    cpython_api::module! { name: "a", name: "b" }
}

mod unknown_field {
    cpython_api::module! { name: "a", constants: [] }
}

mod nul {
    cpython_api::module! { name: "a\0b" }
}

fn main() {}
