//! The module `_rust`: tells from Python which modules are Rust.
use cpython_api::exception::ValueError;
use cpython_api::types::{PyDict, PyList};
use cpython_api::{Bound, IntoPy, Module, ModuleState, PyResult, ThreadState, function, module};
use cpython_simd::Level;

use crate::switch::Choice;

module! {
    /// Which modules of this interpreter are written in Rust.
    name: "_rust",
    state: Choice,
    functions: [modules, chosen, vectors],
}

impl ModuleState for Choice {
    fn new<'py>(ts: &mut ThreadState<'py>, _module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self::read(ts))
    }
}

/// Give a list with a dictionary for each module.
///
/// It has the module's name and version, the C file it replaces, and whether PYTHON_RUST_MODULES
/// leaves it on.
#[function("modules()")]
fn modules<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, Choice>,
) -> PyResult<Bound<'py, PyList>> {
    let choice = module.state()?;
    let list = PyList::new(ts, &[])?;
    for (place, facts) in crate::MODULES.iter().enumerate() {
        let entry = PyDict::new(ts)?;
        entry.set_item(&"on".into_py(ts)?, &choice.chooses(place).into_py(ts)?)?;
        for (key, value) in [
            ("name", facts.name.to_str().unwrap_or_default()),
            ("version", facts.version),
            ("replaces", facts.replaces),
        ] {
            entry.set_item(&key.into_py(ts)?, &value.into_py(ts)?)?;
        }
        list.append(&entry)?;
    }
    Ok(list)
}

/// Tell whether the module of this name is to be Rust.
///
/// So it is when it is one of this library and PYTHON_RUST_MODULES does not say otherwise.
#[function("chosen(name, /)")]
fn chosen(module: &Module<'_, '_, Choice>, name: &str) -> PyResult<bool> {
    let choice = module.state()?;
    let place = crate::MODULES.iter().position(|facts| facts.name.to_str() == Ok(name));
    Ok(place.is_some_and(|place| choice.chooses(place)))
}

/// Tell which vector instructions are used: 'scalar' (none), 'avx2' or 'avx512'.
///
/// With a limit, use those from now on, in the whole process. Results stay the same; this is for
/// measuring, and for ruling out a processor as the cause of a problem.
#[function("vectors(limit=None)")]
fn vectors(ts: &ThreadState<'_>, limit: Option<&str>) -> PyResult<&'static str> {
    if let Some(name) = limit {
        let Some(level) = Level::named(name) else {
            return Err(ValueError::new(ts, format_args!("this processor has no '{name}'")));
        };
        Level::limit(level);
    }
    Ok(Level::current().name())
}
