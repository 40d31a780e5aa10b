#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #6049: a capsule lives as long as Python likes, so its value cannot borrow, and any thread may drop it.
use std::cell::Cell;
use std::rc::Rc;

use cpython_api::types::PyCapsule;
use cpython_api::{Bound, PyResult, ThreadState};

struct TellsWhenDropped<'a>(&'a str);

fn borrows<'py>(ts: &ThreadState<'py>, text: &str) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"rust.told", TellsWhenDropped(text))
}

fn stays_here<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"rust.told", Rc::new(1))
}

fn is_not_shared<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"rust.told", Cell::new(1))
}

fn main() {}
