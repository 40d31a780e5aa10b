#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// A traversal cannot be written in safe code, so that none can panic, lie or run Python.
use std::ops::ControlFlow;

use cpython_api::{Py, Stop, Traverse, Visit};

struct Twice(Py);

impl Traverse for Twice {
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.0.traverse(visit)?;
        self.0.traverse(visit)
    }
}

struct Unsafely(Py);

unsafe impl Traverse for Unsafely {
    fn traverse(&self, _visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        panic!("in a traversal")
    }
}

fn main() {}
