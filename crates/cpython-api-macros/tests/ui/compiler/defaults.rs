#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

#[function("f(a=True)")]
fn literal_of_another_type(a: i32) {}

#[function("f(a=300)")]
fn literal_out_of_range(a: u8) {}

#[function("f(a=LIMIT)")]
fn expression_of_another_type(#[default("x")] a: i32) {}

fn main() {}
