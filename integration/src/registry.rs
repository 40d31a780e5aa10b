//! The module `_rust`: tells from Python which modules are Rust.
use cpython_api::exception::ValueError;
use cpython_api::types::{PyDict, PyList};
use cpython_api::{Bound, IntoPy, PyResult, ThreadState, function, module};
use cpython_simd::Level;

module! {
    /// Which modules of this interpreter are written in Rust.
    name: "_rust",
    functions: [modules, vectors],
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
