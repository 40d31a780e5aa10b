#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #6096: what any thread may call is shared by all of them: payloads and states are `Send + Sync`.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cpython_api::{Module, ModuleState, PyResult, ThreadState, Traverse, class};

#[class("m.Counts")]
struct Counts {
    #[traverse(skip)]
    count: RefCell<u32>,
}

#[class("m.Shares")]
struct Shares {
    #[traverse(skip)]
    shared: Rc<u32>,
}

#[derive(Traverse)]
struct State {
    #[traverse(skip)]
    count: Cell<u32>,
}

impl ModuleState for State {
    fn new<'py>(_: &mut ThreadState<'py>, _: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { count: Cell::new(0) })
    }
}

fn main() {}
