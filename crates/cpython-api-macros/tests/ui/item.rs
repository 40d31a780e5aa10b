#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

#[function("f()")]
async fn asynchronous() {}

#[function("f(a)")]
fn generic<T>(a: T) {}

#[function("f(a)")]
fn implied(a: impl Into<i32>) {}

#[function("f()")]
struct NotAFunction;

fn main() {}
