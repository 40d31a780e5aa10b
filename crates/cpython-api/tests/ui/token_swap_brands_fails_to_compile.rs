#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Two calls, two brands: neither tokens nor handles change places.
use std::cell::Cell;
use std::mem::{replace, swap};

use cpython_api::{Bound, PyAny, ThreadState};

fn tokens<'a, 'b>(a: &mut ThreadState<'a>, b: &mut ThreadState<'b>) {
    swap(a, b);
}

fn handles<'a, 'b>(a: &mut Bound<'a, PyAny>, b: Bound<'b, PyAny>) -> Bound<'a, PyAny> {
    replace(a, b)
}

fn out_of_attach<'py>(ts: &ThreadState<'py>, object: &Bound<'py, PyAny>) {
    let kept = Cell::new(None);
    let _ = object.clone().unbind().attach(|_, inner| kept.set(Some(inner.clone())));
    let outer: Option<Bound<'py, PyAny>> = kept.take();
}

fn out_of_attach_as_result(object: cpython_api::Py) {
    let _ = object.attach(|ts, inner| inner.clone());
}

fn shorter<'a, 'b: 'a>(ts: &'a ThreadState<'b>) -> &'a ThreadState<'a> {
    ts
}

fn main() {}
