#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::function;

#[function]
fn no_text() {}

#[function(data)]
fn no_literal() {}

fn main() {}
