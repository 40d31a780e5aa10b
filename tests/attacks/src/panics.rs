//! The module `panics`: panics wherever there is code of a module.
use std::panic::panic_any;

use cpython_api::{
    Bound, ClassRef, Module, ModuleState, Py, PyAny, PyResult, ThreadState, Traverse, class,
    function, methods, module,
};

module! {
    /// Panics.
    name: "panics",
    state: State,
    functions: [panics, panics_detached, panics_with_handle, panics_with_evil, alive],
}

/// The class, and whether building panics.
#[derive(Traverse)]
pub struct State {
    _dropped: ClassRef<Dropped>,
    _dropped_holding: ClassRef<DroppedHolding>,
}

impl ModuleState for State {
    /// Panics when the module has an attribute `panic`.
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let state = Self {
            _dropped: module.add_class::<Dropped>(ts)?,
            _dropped_holding: module.add_class::<DroppedHolding>(ts)?,
        };
        match module.getattr_opt(c"panic")? {
            Some(_) => panic!("while building the state"),
            None => Ok(state),
        }
    }
}

/// Panics.
#[function("panics(x=None, /)")]
fn panics(_x: Option<&Bound<'_, PyAny>>) {
    panic!("in a function");
}

/// Panics while detached.
#[function("panics_detached()")]
fn panics_detached(ts: &mut ThreadState<'_>) {
    ts.detach(|| panic!("while detached"));
}

/// Takes the last item of a list and panics, so that it is dropped by unwinding.
#[function("panics_with_handle(items, /)")]
fn panics_with_handle(items: &Bound<'_, PyAny>) -> PyResult<()> {
    let _last = items.call_method(c"pop", &[])?;
    panic!("with a handle");
}

/// Panics with a value that panics when it is dropped.
#[function("panics_with_evil()")]
fn panics_with_evil() {
    struct Evil;
    impl Drop for Evil {
        fn drop(&mut self) {
            panic!("once more");
        }
    }
    panic_any(Evil);
}

/// Whether functions can be called.
#[function("alive()")]
fn alive(module: &Module<'_, '_, State>) -> PyResult<bool> {
    module.state().map(|_| true)
}

/// An instance whose payload panics when it is dropped.
#[class("panics.Dropped", state = State)]
pub struct Dropped;

impl Drop for Dropped {
    fn drop(&mut self) {
        panic!("in a destructor");
    }
}

#[methods]
impl Dropped {
    #[new("Dropped()")]
    fn new() -> Self {
        Self
    }
}

/// The same, with a reference that must be given up all the same.
#[class("panics.DroppedHolding", state = State)]
pub struct DroppedHolding {
    held: Py,
}

impl Drop for DroppedHolding {
    fn drop(&mut self) {
        let _ = self.held.attach(|_, held| held.call0().map(drop));
        panic!("in a destructor that runs Python");
    }
}

#[methods]
impl DroppedHolding {
    #[new("DroppedHolding(held, /)")]
    fn new(held: &Bound<'_, PyAny>) -> Self {
        Self { held: held.clone().unbind() }
    }
}
