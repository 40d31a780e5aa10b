#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::{Bound, Module, PyAny, ThreadState, function};

#[function("f(a)")]
fn unknown_parameter(a: i32, b: i32) {}

#[function("f(a, b)")]
fn forgotten_parameter(a: i32) {}

#[function("f(a)")]
fn pattern((a, b): (i32, i32)) {}

#[function("f()")]
fn token_by_value(ts: ThreadState<'_>) {}

#[function("f()")]
fn module_without_state(module: &Module) {}

#[function("f(x)")]
fn method(&self, x: i32) {}

fn main() {}
