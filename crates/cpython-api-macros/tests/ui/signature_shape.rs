#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

#[function("no_brackets")]
fn no_brackets() {}

#[function("f(a, /, b, /)")]
fn two_slashes(a: i32, b: i32) {}

#[function("f(a=1, b)")]
fn required_after_optional(a: i32, b: i32) {}

#[function("f(a, a)")]
fn twice(a: i32) {}

#[function("f(*)")]
fn bare_star() {}

#[function("f(a='x)")]
fn open_quote(a: &str) {}

#[function("f(a, **k)")]
fn by_name_and_more(a: i32) {}

fn main() {}
