//! The registered dialects, and the limit for fields.
use std::sync::atomic::Ordering;

use cpython_api::exception::{OverflowError, TypeError};
use cpython_api::types::{PyDict, PyInt, PyList, PyStr};
use cpython_api::{Bound, Module, PyAny, PyResult, ThreadState, function};

use crate::dialect;
use crate::state::State;

/// The names of the dialects that are registered.
#[function("list_dialects()")]
pub(crate) fn list_dialects<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyList>> {
    module.state()?.dialects.get(ts).keys()
}

/// Let a dialect be known by a name.
///
/// The dialect is made as reader() and writer() make theirs: from another dialect, an object with
/// the attributes of one, or the name of a registered one, and from keywords.
#[function(
    "register_dialect(name, dialect=<unrepresentable>, /, **fmtparams)",
    by_hand = "register_dialect($module, name, /, dialect='excel', **fmtparams)"
)]
pub(crate) fn register_dialect<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    name: &Bound<'py, PyAny>,
    dialect: Option<&Bound<'py, PyAny>>,
    fmtparams: &Bound<'py, PyDict>,
) -> PyResult<()> {
    if name.cast::<PyStr>().is_none() {
        return Err(TypeError::new(ts, "dialect name must be a string"));
    }
    let state = module.state()?;
    let dialect = dialect::made(ts, state, dialect, fmtparams)?;
    state.dialects.get(ts).set(name, &dialect)
}

/// Forget the dialect that is registered under this name.
#[function("unregister_dialect(name)")]
pub(crate) fn unregister_dialect<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    name: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let state = module.state()?;
    match state.dialects.get(ts).pop(name)? {
        Some(_) => Ok(()),
        None => Err(state.error(ts, "unknown dialect")),
    }
}

/// The dialect that is registered under this name.
#[function("get_dialect(name)")]
pub(crate) fn get_dialect<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    name: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    dialect::registered(ts, module.state()?, name)
}

/// Tell how many characters a field may have that is read, and set another limit when one is given.
#[function("field_size_limit(new_limit=<unrepresentable>)")]
pub(crate) fn field_size_limit<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    new_limit: Option<&Bound<'py, PyAny>>,
) -> PyResult<isize> {
    let state = module.state()?;
    let old = state.field_limit();
    if let Some(new) = new_limit {
        let Some(new) = new.cast_exact::<PyInt>() else {
            return Err(TypeError::new(ts, "limit must be an integer"));
        };
        let Some(new) = new.to_i64().and_then(|new| isize::try_from(new).ok()) else {
            let text = "Python int too large to convert to C ssize_t";
            return Err(OverflowError::new(ts, text));
        };
        state.field_limit.store(new, Ordering::Relaxed);
    }
    Ok(old)
}
