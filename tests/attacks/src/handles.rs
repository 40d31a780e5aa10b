//! The module `handles`: handles in other threads, other interpreters, and after the end.
use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use cpython_api::exception::ValueError;
use cpython_api::{Bound, Py, PyAny, PyErr, PyResult, ThreadState, function, module};
use send_wrapper::SendWrapper;

use crate::smuggled;

module! {
    /// Handles that are kept where they must not be used.
    name: "handles",
    functions: [
        keep, use_kept, clone_kept, drop_kept, attach_kept, keep_for_all, use_kept_for_all,
        drop_kept_for_all, keep_error, raise_kept, show_kept_error, drop_last_detached,
        drop_last_in, drop_lent, attach_after, detach_for, fails, nothing, drop_in_thread,
    ],
}

thread_local! {
    static KEPT: RefCell<Option<Py>> = const { RefCell::new(None) };
    static ERROR: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

static FOR_ALL: Mutex<Option<Py>> = Mutex::new(None);

/// Keeps an object in a thread-local.
#[function("keep(x, /)")]
fn keep(x: &Bound<'_, PyAny>) {
    KEPT.set(Some(x.clone().unbind()));
}

/// `repr()` of what is kept.
#[function("use_kept()")]
fn use_kept<'py>(ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    KEPT.with_borrow(|kept| match kept {
        Some(kept) => Ok(Some(kept.bind(ts).repr()?.into_any())),
        None => Ok(None),
    })
}

/// Counts what is kept up and down, again and again.
#[function("clone_kept(times, /)")]
fn clone_kept(ts: &ThreadState<'_>, times: usize) {
    KEPT.with_borrow(|kept| {
        for _ in 0..times {
            drop(kept.as_ref().map(|kept| kept.clone_ref(ts)));
        }
    });
}

/// Drops what is kept.
#[function("drop_kept()")]
fn drop_kept() {
    KEPT.take();
}

/// Calls what is kept, attached to its own interpreter.
#[function("attach_kept()")]
fn attach_kept(_ts: &ThreadState<'_>) -> String {
    let kept = KEPT.take();
    let called = kept.as_ref().map(|kept| {
        kept.attach(|_, callable| {
            callable.call0().map(|_| ()).map_err(|error| format!("{error:?}"))
        })
    });
    format!("{called:?}")
}

/// Keeps an object in a static.
#[function("keep_for_all(x, /)")]
fn keep_for_all(x: &Bound<'_, PyAny>) {
    *lock() = Some(x.clone().unbind());
}

/// `repr()` of what is kept in the static.
#[function("use_kept_for_all()")]
fn use_kept_for_all<'py>(ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match &*lock() {
        Some(kept) => Ok(Some(kept.get(ts).repr()?.into_any())),
        None => Ok(None),
    }
}

/// Drops what is kept in the static.
#[function("drop_kept_for_all()")]
fn drop_kept_for_all() {
    drop(lock().take());
}

/// Keeps an exception in a thread-local.
#[function("keep_error()")]
fn keep_error(ts: &ThreadState<'_>) {
    ERROR.set(Some(ValueError::new(ts, "kept")));
}

/// Raises the exception that is kept.
#[function("raise_kept()")]
fn raise_kept(_ts: &ThreadState<'_>) -> PyResult<()> {
    ERROR.take().map_or(Ok(()), Err)
}

/// Shows the exception that is kept, as Rust's own messages would.
#[function("show_kept_error()")]
fn show_kept_error(_ts: &ThreadState<'_>) -> String {
    ERROR.with_borrow(|error| format!("{error:?}"))
}

/// Takes the last item of a list and drops it while detached.
#[function("drop_last_detached(items, /)")]
fn drop_last_detached(ts: &mut ThreadState<'_>, items: &Bound<'_, PyAny>) -> PyResult<usize> {
    let last = SendWrapper::new(items.call_method(c"pop", &[])?);
    ts.detach(move || drop(last));
    items.len()
}

/// Takes the last item of a list and calls `run`, during which `drop_lent` drops it.
#[function("drop_last_in(items, run, /)")]
fn drop_last_in<'py>(
    items: &Bound<'py, PyAny>,
    run: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let last = Cell::new(Some(items.call_method(c"pop", &[])?));
    smuggled::lend(&|| drop(last.take()), || run.call0())
}

/// Drops what is lent; tells whether there was something.
#[function("drop_lent()")]
fn drop_lent(_ts: &ThreadState<'_>) -> bool {
    smuggled::call()
}

/// Attaches a thread of Rust's after a time, and says on stderr what came of it.
#[function("attach_after(milliseconds, x, /)")]
fn attach_after(milliseconds: u64, x: &Bound<'_, PyAny>) {
    let kept = x.clone().unbind();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(milliseconds));
        eprintln!("attached: {:?}", kept.attach(|_, x| x.is_none()));
    });
}

/// Drops an object in a thread of Rust's that Python has never seen.
#[function("drop_in_thread(items, /)")]
fn drop_in_thread(ts: &mut ThreadState<'_>, items: &Bound<'_, PyAny>) -> PyResult<bool> {
    let last = items.call_method(c"pop", &[])?.unbind();
    Ok(ts.detach(move || thread::spawn(move || drop(last)).join().is_ok()))
}

/// Is detached for a time.
#[function("detach_for(milliseconds, /)")]
fn detach_for(ts: &mut ThreadState<'_>, milliseconds: u64) {
    ts.detach(|| thread::sleep(Duration::from_millis(milliseconds)));
}

/// Raises.
#[function("fails()")]
fn fails(ts: &ThreadState<'_>) -> PyResult<()> {
    Err(ValueError::new(ts, "raised"))
}

/// Comes by, so that what waits is released.
#[function("nothing()")]
fn nothing(_ts: &ThreadState<'_>) {}

fn lock() -> std::sync::MutexGuard<'static, Option<Py>> {
    FOR_ALL.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
