//! The attribute that will go.
use cpython_api::exception::{AttributeError, DeprecationWarning, TypeError};
use cpython_api::types::{PyStr, PyTuple};
use cpython_api::{Bound, Module, PyResult, ThreadState, function};

use crate::state::State;

/// Give an attribute that the module does not have.
#[function("__getattr__(*args)", by_hand = "")]
pub(crate) fn __getattr__<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    args: &Bound<'py, PyTuple>,
) -> PyResult<&'static str> {
    let mut given = args.iter();
    let (Some(name), None) = (given.next(), given.next()) else {
        let count = args.len();
        let text = format_args!("__getattr__ expected 1 argument, got {count}");
        return Err(TypeError::new(ts, text));
    };
    let text = name.cast::<PyStr>().and_then(|name| name.to_str().ok());
    if text == Some("__version__") {
        let gone = "'__version__' is deprecated and slated for removal in Python 3.20";
        ts.warn::<DeprecationWarning>(gone, 1)?;
        return Ok("1.0");
    }
    let shown = name.repr()?;
    let text = format_args!("module 'zlib' has no attribute {}", shown.to_str()?);
    Err(AttributeError::new(ts, text))
}
