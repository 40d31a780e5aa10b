#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #6073: a guard that gives `&mut` and forgets how long its value lives takes a shorter-lived one in.
use std::sync::Mutex;

use cpython_api::{Bound, PyLock, PyOnce, Sink, ThreadState};

fn lock<'a, 'short>(lock: &'a PyLock<&'static str>) -> &'a PyLock<&'short str> {
    lock
}

fn token<'short, 'long: 'short>(ts: ThreadState<'long>) -> ThreadState<'short> {
    ts
}

fn lengthened<'short, 'long: 'short, T>(handle: Bound<'short, T>) -> Bound<'long, T> {
    handle
}

fn shortened<'short, 'long: 'short, T>(handle: Bound<'long, T>) -> Bound<'short, T> {
    handle
}

fn sink<'a, 'short, 'long: 'short>(sink: &'a mut Sink<'long>) -> &'a mut Sink<'short> {
    sink
}

fn main() {}
