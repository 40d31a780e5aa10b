//! The module `tokens`: tokens and handles where no Python may be touched.
use std::thread::sleep;
use std::time::Duration;

use cpython_api::types::PyStr;
use cpython_api::{Bound, IntoPy, PyAny, PyResult, ThreadState, function, module};

use crate::smuggled;

module! {
    /// Tokens and handles that are smuggled.
    name: "tokens",
    functions: [
        lend_token, lend_handle, use_lent, use_lent_detached, use_handle_detached,
        use_lent_after, cast_detached, attach_again, detach_inside_attach,
    ],
}

/// Calls `run`, during which the token is lent.
#[function("lend_token(run, /)")]
fn lend_token<'py>(ts: &ThreadState<'py>, run: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    smuggled::lend(&|| drop(PyStr::new(ts, "made with a smuggled token")), || run.call0())
}

/// Calls `run`, during which a handle to `x` is lent.
#[function("lend_handle(x, run, /)")]
fn lend_handle<'py>(x: &Bound<'py, PyAny>, run: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    smuggled::lend(&|| drop(x.repr()), || run.call0())
}

/// Uses what is lent, attached.
#[function("use_lent()")]
fn use_lent(_ts: &ThreadState<'_>) -> bool {
    smuggled::call()
}

/// Uses what is lent, detached.
#[function("use_lent_detached()")]
fn use_lent_detached(ts: &mut ThreadState<'_>) -> bool {
    ts.detach(smuggled::call)
}

/// Lends a handle and uses it in a closure that is detached.
#[function("use_handle_detached(x, /)")]
fn use_handle_detached(ts: &mut ThreadState<'_>, x: &Bound<'_, PyAny>) -> bool {
    smuggled::lend(&|| drop(x.repr()), || ts.detach(smuggled::call))
}

/// Asks for the type of an object while detached.
#[function("cast_detached(x, /)")]
fn cast_detached(ts: &mut ThreadState<'_>, x: &Bound<'_, PyAny>) -> bool {
    smuggled::lend(&|| _ = x.cast::<PyStr>(), || ts.detach(smuggled::call))
}

/// Uses what is lent after a time, detached for as long as it takes.
#[function("use_lent_after(milliseconds, /)")]
fn use_lent_after(ts: &mut ThreadState<'_>, milliseconds: u64) -> bool {
    ts.detach_owned(move || {
        sleep(Duration::from_millis(milliseconds));
        smuggled::call()
    })
}

/// Attaches where it is attached already: two tokens of one thread state.
#[function("attach_again(x, /)")]
fn attach_again<'py>(
    ts: &ThreadState<'py>,
    x: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let kept = x.clone().unbind();
    let inner = kept.attach(|inner, x| {
        let both = (x.repr()?, PyStr::new(inner, "inner")?);
        both.into_py(inner).map(Bound::unbind)
    });
    let outer = PyStr::new(ts, "outer")?;
    match inner {
        Ok(inner) => Ok((inner?.bind(ts), outer.into_any())),
        Err(gone) => Ok((format!("{gone:?}").into_py(ts)?, outer.into_any())),
    }
}

/// Detaches with the inner of two tokens, then goes on with the outer one.
#[function("detach_inside_attach(x, /)")]
fn detach_inside_attach<'py>(
    ts: &ThreadState<'py>,
    x: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyStr>> {
    let kept = x.clone().unbind();
    let detached = kept.attach(|inner, _| inner.detach(|| sleep(Duration::from_millis(1))));
    PyStr::new(ts, if detached.is_ok() { "outer" } else { "refused" })
}
