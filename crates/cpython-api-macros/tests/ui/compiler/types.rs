#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

struct Unknown;

#[function("f(a)")]
fn argument(a: Unknown) {}

#[function("f()")]
fn result() -> Unknown {
    Unknown
}

#[function("f()")]
fn foreign_error() -> Result<(), std::fmt::Error> {
    Ok(())
}

fn main() {}
