#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #800: a token whose lifetime the caller may choose would be one for ever.
use cpython_api::{Bound, Py, PyAny, ThreadState, function};

fn for_ever(_: &ThreadState<'static>) {}

#[function("takes_any(x, /)")]
fn takes_any(ts: &ThreadState<'_>, x: &Bound<'_, PyAny>) {
    for_ever(ts);
}

fn from_attach(object: &Py) {
    let _ = object.attach(|ts, _| for_ever(ts));
}

fn main() {}
