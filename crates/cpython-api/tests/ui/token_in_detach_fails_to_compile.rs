#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Nothing that touches Python goes into a detached closure.
use cpython_api::{Borrowed, Bound, Py, PyAny, ThreadState};

fn token<'py>(ts: &mut ThreadState<'py>, other: &ThreadState<'py>) {
    ts.detach(|| other.none().is_none());
}

fn own_token(ts: &mut ThreadState<'_>) {
    ts.detach(|| ts.none().is_none());
}

fn handle(ts: &mut ThreadState<'_>, object: &Bound<'_, PyAny>) {
    ts.detach(|| object.is_none());
}

fn owned_handle<'py>(ts: &mut ThreadState<'py>, object: Bound<'py, PyAny>) {
    ts.detach(move || drop(object));
}

fn result<'py>(ts: &mut ThreadState<'py>, object: &Py) {
    let other: Option<Bound<'py, PyAny>> = ts.detach(|| None);
}

fn borrowed_for_ever(ts: &mut ThreadState<'_>, text: &str) {
    ts.detach_owned(|| text.len());
}

fn main() {}
