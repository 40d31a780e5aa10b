#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// State and payload are seen and dropped by any thread.
use std::cell::Cell;
use std::sync::MutexGuard;

use cpython_api::{Bound, Module, ModuleState, PyAny, PyLock, PyResult, ThreadState, Traverse, class};

fn shared<T: Sync>() {}

fn lock_of_guard() {
    shared::<PyLock<MutexGuard<'static, i32>>>();
}

#[class("m.Guard", state = ())]
struct Guard {
    #[traverse(skip)]
    guard: MutexGuard<'static, i32>,
}

#[derive(Traverse)]
struct State {
    #[traverse(skip)]
    count: Cell<i32>,
}

impl ModuleState for State {
    fn new<'py>(_ts: &mut ThreadState<'py>, _module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { count: Cell::new(0) })
    }
}

fn handle_in_lock<'py>(ts: &ThreadState<'py>, lock: &PyLock<i32>, object: &Bound<'py, PyAny>) {
    let _ = lock.with(ts, |_| object.is_none());
}

fn token_in_lock<'py>(ts: &ThreadState<'py>, lock: &PyLock<i32>) {
    let _ = lock.with(ts, |_| lock.with(ts, |_| ()));
}

fn value_out_of_lock<'a>(ts: &ThreadState<'_>, lock: &'a PyLock<i32>) -> Option<&'a mut i32> {
    lock.with(ts, |value| value).ok()
}

fn main() {}
