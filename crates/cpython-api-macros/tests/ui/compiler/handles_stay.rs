#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// What a call lends cannot outlive it.
use std::cell::RefCell;

use cpython_api::{Bound, PyAny, ThreadState, function};

thread_local! {
    static KEPT: RefCell<Option<&'static str>> = const { RefCell::new(None) };
}

#[function("f(text)")]
fn keeps_text(text: &'static str) {
    KEPT.set(Some(text));
}

#[function("f(object)")]
fn keeps_object(object: &'static Bound<'static, PyAny>) {}

#[function("f()")]
fn keeps_token(ts: &'static ThreadState<'static>) {}

fn main() {}
