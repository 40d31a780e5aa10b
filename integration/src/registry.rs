//! The module `_rust`: tells from Python which modules are Rust.
use cpython_api::types::{PyDict, PyList};
use cpython_api::{Bound, IntoPy, PyResult, ThreadState, function, module};

module! {
    /// Which modules of this interpreter are written in Rust.
    name: "_rust",
    functions: [modules],
}

/// Give a list with a dictionary for each module: its name, version, and the C file it replaces.
#[function("modules()")]
fn modules<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::new(ts, &[])?;
    for facts in crate::MODULES {
        let entry = PyDict::new(ts)?;
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
