#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

#[function("f(a=LIMIT)")]
fn no_literal(a: i32) {}

#[function("f(a)")]
fn no_default_in_the_signature(#[default(1)] a: i32) {}

fn main() {}
