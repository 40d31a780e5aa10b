#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// Tokens and handles stay on their thread.
use cpython_api::{Bound, Buffer, PyAny, ThreadState};

fn token(ts: &ThreadState<'_>) {
    std::thread::scope(|scope| {
        scope.spawn(|| ts.none().is_none());
    });
}

fn handle(object: &Bound<'_, PyAny>) {
    std::thread::scope(|scope| {
        scope.spawn(|| object.is_none());
    });
}

fn spawned(object: Bound<'static, PyAny>) {
    std::thread::spawn(move || object.is_none());
}

fn main() {}
