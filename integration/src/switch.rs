//! `PYTHON_RUST_MODULES`: which modules are Rust in this process, and the C module for one that is not.
use std::ffi::CStr;

use cpython_api::exception::RuntimeWarning;
use cpython_api::types::{PyBytes, PyDict, PyStr};
use cpython_api::{PyResult, ThreadState, Traverse, Twin};

use crate::MODULES;

/// The name of the environment variable.
pub(crate) const VARIABLE: &str = "PYTHON_RUST_MODULES";

/// What the variable chooses: a bit for each of `MODULES`.
#[derive(Clone, Copy, Traverse)]
pub(crate) struct Choice(u64);

const _: () = assert!(MODULES.len() <= 64, "one bit for each module");

impl Choice {
    /// Reads the variable, as this interpreter found it at its start, unless it ignores the
    /// environment; warns of what it does not understand.
    pub(crate) fn read(ts: &ThreadState<'_>) -> Self {
        match text(ts) {
            Ok(Some(text)) => Self::of(&text, |warning| warn(ts, &warning)),
            Ok(None) => Self(u64::MAX),
            Err(error) => {
                error.write_unraisable(ts, None);
                Self(u64::MAX)
            }
        }
    }

    /// What a value of the variable means: nothing or `1` is all modules, `0` none; of a list with
    /// commas, `-name` is all but this one, `=name` only this one.
    fn of(text: &str, mut warn: impl FnMut(String)) -> Self {
        let items = || text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let only = items().any(|item| item == "0" || item.starts_with('='));
        let mut bits = if only { 0 } else { u64::MAX };
        for item in items() {
            if matches!(item, "0" | "1") {
                continue;
            }
            let bit = (item.get(1..))
                .and_then(|name| MODULES.iter().position(|facts| facts.name.to_str() == Ok(name)))
                .map(|place| 1 << place);
            match (item.as_bytes().first(), bit) {
                (Some(b'='), Some(bit)) => bits |= bit,
                (Some(b'-'), Some(bit)) => bits &= !bit,
                _ => warn(unknown(item)),
            }
        }
        Self(bits)
    }

    /// Whether the module at this place of `MODULES` is to be Rust.
    pub(crate) fn chooses(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }
}

/// The C module `name` when the variable asks for it and this interpreter has kept it.
pub(crate) fn twin(ts: &ThreadState<'_>, name: &'static CStr) -> PyResult<Option<Twin>> {
    let name_object = PyStr::interned(ts, name)?;
    let rust = ts.import(c"_rust")?.call_method(c"chosen", &[name_object.as_any()])?;
    if rust.is_true()? {
        return Ok(None);
    }
    let finder = ts.import_attr(c"_frozen_importlib_external", c"PathFinder")?;
    let spec = finder.call_method(c"find_spec", &[name_object.as_any()])?;
    let found = if spec.is_none() {
        Err(None)
    } else {
        Twin::load(ts, name, &spec.getattr(c"origin")?).map_err(Some)
    };
    found.map(Some).or_else(|why| {
        let name = name.to_string_lossy();
        warn(ts, &format!("{VARIABLE}: {name} stays Rust, for the C module is not there"));
        if let Some(why) = why {
            why.write_unraisable(ts, None);
        }
        Ok(None)
    })
}

fn unknown(item: &str) -> String {
    let names: Vec<_> = MODULES.iter().filter_map(|facts| facts.name.to_str().ok()).collect();
    format!(
        "{VARIABLE}: '{item}' means nothing; give 0, or -NAME or =NAME with commas between, for {}",
        names.join(", ")
    )
}

/// The value of the variable.
fn text(ts: &ThreadState<'_>) -> PyResult<Option<String>> {
    if ts.import_attr(c"sys", c"flags")?.getattr(c"ignore_environment")?.is_true()? {
        return Ok(None);
    }
    // Not `std::env`: another thread may be changing the environment of the process.
    let environment = ts.import_attr(c"posix", c"environ")?;
    let key = PyBytes::new(ts, VARIABLE.as_bytes())?;
    let value = match environment.cast::<PyDict>() {
        Some(environment) => environment.get(&key)?,
        None => None,
    };
    Ok(value.and_then(|value| {
        let bytes = value.cast::<PyBytes>()?;
        Some(String::from_utf8_lossy(bytes.as_slice()).into_owned())
    }))
}

/// Warns; where warnings are errors, this one is only shown: an import must not fail by it.
fn warn(ts: &ThreadState<'_>, message: &str) {
    if let Err(error) = ts.warn::<RuntimeWarning>(message, 1) {
        error.write_unraisable(ts, None);
    }
}
