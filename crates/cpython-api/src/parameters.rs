//! A function's parameters, and sorting what C passes into one place per parameter.
use std::ffi::CStr;

use cpython_ffi::Ref;
use cpython_ffi::raw::PyObject;

use crate::error::PyErr;

/// What a signature says, as Argument Clinic has it.
#[derive(Debug)]
pub struct Parameters {
    /// The function's name.
    pub name: &'static CStr,
    /// Text signature and docstring, as `ml_doc` has them: `name($module, ...)\n--\n\nText.`
    pub doc: &'static CStr,
    /// The names, in order: positional-only ones first, keyword-only ones last.
    pub names: &'static [&'static str],
    /// How many of them are positional-only.
    pub positional_only: usize,
    /// How many of them can be given by position.
    pub positional: usize,
    /// How many of the positional ones must be given.
    pub required: usize,
    /// How many of the keyword-only ones must be given (they come first).
    pub required_keywords: usize,
}

/// Sorts positional arguments.
pub(crate) fn positional(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    places: &mut [*mut PyObject],
) -> Result<(), PyErr> {
    let _ = (parameters, arguments, places);
    Ok(())
}

/// Sorts positional and keyword arguments.
pub(crate) fn with_keywords(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    count: usize,
    names: Ref,
    places: &mut [*mut PyObject],
) -> Result<(), PyErr> {
    let _ = (parameters, arguments, count, names, places);
    Ok(())
}
