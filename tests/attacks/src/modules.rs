//! The module `modules`: functions called before, during and after initialisation.
use std::sync::Mutex;

use cpython_api::exception::ValueError;
use cpython_api::{
    Bound, Module, ModuleState, Py, PyAny, PyResult, ThreadState, Traverse, function, module,
};

module! {
    /// Its state can be asked for at any time, but is there only when it is complete.
    name: "modules",
    state: State,
    functions: [number, number_after],
}

/// What `number` gives.
#[derive(Traverse)]
pub struct State {
    numbers: Vec<u64>,
    hook: Option<Py>,
}

/// How many states have been built; the number of the newest one.
static BUILT: Mutex<u64> = Mutex::new(0);

impl ModuleState for State {
    /// Calls the module's attribute `hook` in the middle, if there is one.
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let hook = module.getattr_opt(c"hook")?;
        if let Some(hook) = &hook
            && hook.call1(module)?.is_none()
        {
            return Err(ValueError::new(ts, "the hook gave None"));
        }
        let mut built = BUILT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *built += 1;
        Ok(Self { numbers: vec![*built; 100], hook: hook.map(Bound::unbind) })
    }
}

impl State {
    fn number(&self) -> Option<u64> {
        let first = *self.numbers.first()?;
        self.numbers.iter().all(|&number| number == first).then_some(first)
    }
}

/// The number of the state; `None` when it is not what was built.
#[function("number()")]
fn number(module: &Module<'_, '_, State>) -> PyResult<Option<u64>> {
    Ok(module.state()?.number())
}

/// The same, asked for before a call of `run`; with whether there is a hook.
#[function("number_after(run, /)")]
fn number_after(
    module: &Module<'_, '_, State>,
    run: &Bound<'_, PyAny>,
) -> PyResult<(Option<u64>, bool)> {
    let state = module.state()?;
    run.call0()?;
    Ok((state.number(), state.hook.is_some()))
}
