#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// The sketch handed out `&mut [u8]` over memory that nobody had written: a sink has no such thing.
use cpython_api::types::PyBytes;
use cpython_api::{Bound, PyResult, Sink, ThreadState};

fn as_slice<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build(ts, 10, |out| {
        let rest: &mut [u8] = out;
        Ok(())
    })
}

fn keeps_it<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyBytes>> {
    let mut kept: Option<&mut Sink<'_>> = None;
    let bytes = PyBytes::build(ts, 10, |out| {
        kept = Some(out);
        Ok(())
    });
    bytes
}

fn main() {}
