#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #883, #864: what was made in a nested attachment outlived it, as its lifetime was the outer token's.
use cpython_api::types::{PyList, PyStr};
use cpython_api::{Bound, Py, ThreadState};

fn made_inside<'py>(ts: &ThreadState<'py>, object: &Py) -> Option<Bound<'py, PyStr>> {
    object.attach(|inner, _| PyStr::new(inner, "inner").ok()).ok().flatten()
}

fn put_outside<'py>(list: &mut Vec<Bound<'py, PyStr>>, object: &Py) {
    let _ = object.attach(|inner, _| list.extend(PyStr::new(inner, "inner")));
}

fn main() {}
