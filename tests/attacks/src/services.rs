//! The module `services`: imports, warnings, audit events, signals, capsules, `OSError`, names.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cpython_api::exception::{DeprecationWarning, SystemError};
use cpython_api::types::{PyCapsule, PyTuple};
use cpython_api::{
    Bound, Module, ModuleState, PyAny, PyErr, PyResult, ThreadState, Traverse, function, interned,
    module,
};

type Object<'py> = Bound<'py, PyAny>;

module! {
    /// Services of the runtime.
    name: "services",
    state: State,
    functions: [
        import_dotted, import_missing, import_attr, import_attr_missing, warn, audit,
        wait_for_signals, os_error, io_error, io_error_without_number, names,
        capsule, capsule_number, capsule_as_another, capsules_alive, panicking_capsule,
        wrongly_named_capsule, chained,
    ],
}

interned! {
    /// Names, one of which is not an identifier of Rust.
    pub struct Names { read, class = "__class__", unicode = "naïve" }
}

/// What the module keeps.
#[derive(Traverse)]
pub struct State {
    names: Names,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, _module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { names: Names::new(ts)? })
    }
}

#[function("names()")]
fn names<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyTuple>> {
    let Names { read, class, unicode } = &module.state()?.names;
    PyTuple::new(ts, &[read.get(ts).as_any(), class.get(ts).as_any(), unicode.get(ts).as_any()])
}

// Imports, warnings, audit events, signals.

#[function("import_dotted()")]
fn import_dotted<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Object<'py>> {
    ts.import(c"importlib.machinery")
}

#[function("import_missing()")]
fn import_missing<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Object<'py>> {
    ts.import(c"no_module_has_this_name")
}

#[function("import_attr()")]
fn import_attr<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Object<'py>> {
    ts.import_attr(c"importlib.machinery", c"ModuleSpec")
}

#[function("import_attr_missing()")]
fn import_attr_missing<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Object<'py>> {
    ts.import_attr(c"math", c"no_such_name")
}

#[function("warn(message, /, level=1)")]
fn warn(
    ts: &ThreadState<'_>,
    _module: &Module<'_, '_, State>,
    message: &str,
    level: isize,
) -> PyResult<()> {
    ts.warn::<DeprecationWarning>(message, level)
}

#[function("audit(*arguments)")]
fn audit<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    arguments: &Bound<'py, PyTuple>,
) -> PyResult<()> {
    let arguments: Vec<_> = arguments.iter().collect();
    ts.audit(c"services.audit", &arguments.iter().collect::<Vec<_>>())
}

/// Waits, attached, until a signal's handler raises; gives up after ten seconds.
#[function("wait_for_signals()")]
fn wait_for_signals(ts: &ThreadState<'_>, _module: &Module<'_, '_, State>) -> PyResult<()> {
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        ts.check_signals()?;
    }
    Err(SystemError::new(ts, "no signal came"))
}

// OSError.

/// Fails, after having worked for some time.
#[function("os_error(errno, filename=None, milliseconds=0)")]
fn os_error<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    errno: i32,
    filename: Option<&Object<'py>>,
    milliseconds: u64,
) -> PyResult<()> {
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while Instant::now() < end {}
    Err(PyErr::from_errno(ts, errno, filename))
}

#[function("io_error(path, /)")]
fn io_error(ts: &ThreadState<'_>, _module: &Module<'_, '_, State>, path: &str) -> PyResult<u64> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) => Err(PyErr::from_io(ts, &error, None)),
    }
}

#[function("io_error_without_number()")]
fn io_error_without_number(ts: &ThreadState<'_>, _module: &Module<'_, '_, State>) -> PyResult<()> {
    Err(PyErr::from_io(ts, &std::io::Error::other("made up"), None))
}

/// An exception with a cause, a context and a note.
#[function("chained()")]
fn chained(ts: &ThreadState<'_>, _module: &Module<'_, '_, State>) -> PyResult<()> {
    let made = |what: &str| SystemError::new(ts, what);
    Err(made("it")
        .caused_by(ts, made("cause"))
        .in_context(ts, made("context"))
        .with_note(ts, "note"))
}

// Capsules.

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// A number that counts how many there are of it.
struct Number(u64);

impl Number {
    fn new(n: u64) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(n)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Laid out like `Number`, and not one.
struct NotANumber(#[expect(dead_code, reason = "never read")] u64);

struct Panicking;

impl Drop for Panicking {
    fn drop(&mut self) {
        panic!("on purpose");
    }
}

#[function("capsule(n, /)")]
fn capsule<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    n: u64,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"rust.number", Number::new(n))
}

/// The number in a capsule, if there is one.
#[function("capsule_number(x, /)")]
fn capsule_number(
    _ts: &ThreadState<'_>,
    _module: &Module<'_, '_, State>,
    x: &Bound<'_, PyCapsule>,
) -> Option<u64> {
    x.get::<Number>().map(|number| number.0)
}

#[function("capsule_as_another(x, /)")]
fn capsule_as_another(
    _ts: &ThreadState<'_>,
    _module: &Module<'_, '_, State>,
    x: &Bound<'_, PyCapsule>,
) -> bool {
    x.get::<NotANumber>().is_some() || x.get::<u64>().is_some()
}

#[function("capsules_alive()")]
fn capsules_alive(_module: &Module<'_, '_, State>) -> usize {
    ALIVE.load(Ordering::Relaxed)
}

#[function("panicking_capsule()")]
fn panicking_capsule<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"rust.panicking", Panicking)
}

/// A capsule that C code would take for something else.
#[function("wrongly_named_capsule()")]
fn wrongly_named_capsule<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new(ts, c"datetime.datetime_CAPI", Number::new(0))
}
