//! What the runtime offers besides objects: imports, warnings, audit events, signals.
use std::ffi::CStr;
use std::fmt;

use cpython_ffi::calls;

use crate::error::{PyErr, PyResult, owned_by};
use crate::exception::ExceptionType;
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::{PyAny, PyStr};

impl<'py> ThreadState<'py> {
    /// `importlib.import_module(name)`: for a dotted name, the module at its end.
    ///
    /// ```no_run
    /// # use cpython_api::{Bound, PyResult, ThreadState};
    /// fn sqrt<'py>(ts: &ThreadState<'py>, x: &Bound<'py>) -> PyResult<Bound<'py>> {
    ///     ts.import(c"math")?.call_method(c"sqrt", &[x])
    /// }
    /// ```
    ///
    /// # Errors
    /// `ImportError`; what the module raises.
    pub fn import(&self, name: &CStr) -> PyResult<Bound<'py, PyAny>> {
        let name = PyStr::interned(self, name)?;
        // SAFETY: attached; a live `str`.
        unsafe { owned_by(self, calls::PyImport_Import(name.checked())) }
    }

    /// `from module import attribute`; keep it in a [`PyOnce`](crate::PyOnce) when it is needed
    /// often.
    ///
    /// ```no_run
    /// # use cpython_api::{Bound, PyResult, ThreadState};
    /// fn ordered<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py>> {
    ///     ts.import_attr(c"collections", c"OrderedDict")?.call0()
    /// }
    /// ```
    ///
    /// # Errors
    /// `ImportError`, `AttributeError`; what the module raises.
    pub fn import_attr(&self, module: &CStr, attribute: &CStr) -> PyResult<Bound<'py, PyAny>> {
        let (module, attribute) =
            (PyStr::interned(self, module)?, PyStr::interned(self, attribute)?);
        // SAFETY: attached; live `str`s.
        unsafe {
            owned_by(
                self,
                calls::PyImport_ImportModuleAttr(module.checked(), attribute.reference()),
            )
        }
    }

    /// `warnings.warn(message, W, stack_level)`: level 1 names the Python code that called.
    ///
    /// ```no_run
    /// # use cpython_api::{PyResult, ThreadState, exception::DeprecationWarning};
    /// fn old(ts: &ThreadState<'_>) -> PyResult<()> {
    ///     ts.warn::<DeprecationWarning>("old() is deprecated", 1)
    /// }
    /// ```
    ///
    /// # Errors
    /// The warning, where the filters turn it into an exception; what showing it raises.
    pub fn warn<W: ExceptionType>(
        &self,
        message: impl fmt::Display,
        stack_level: isize,
    ) -> PyResult<()> {
        let message = PyStr::format(self, format_args!("{message}"))?;
        let category = W::class(self);
        // SAFETY: attached; a live class and a live `str`.
        let status = unsafe { calls::warn(category.checked(), message.reference(), stack_level) };
        if status.failed() { Err(PyErr::fetch(self)) } else { Ok(()) }
    }

    /// `sys.audit(event, *arguments)`: tells the audit hooks (PEP 578) what is about to be done.
    /// Without hooks it costs a call.
    ///
    /// ```no_run
    /// # use cpython_api::{Bound, PyResult, ThreadState};
    /// fn open<'py>(ts: &ThreadState<'py>, path: &Bound<'py>) -> PyResult<()> {
    ///     ts.audit(c"shelf.open", &[path])
    /// }
    /// ```
    ///
    /// # Errors
    /// What a hook raises: then the thing must not be done. `MemoryError`.
    pub fn audit(&self, event: &CStr, arguments: &[&Bound<'py, PyAny>]) -> PyResult<()> {
        self.raw();
        // SAFETY: attached; a C string; all arguments are live.
        let status = unsafe {
            match arguments {
                [] => calls::audit0(event),
                [a] => calls::audit1(event, a.reference()),
                [a, b] => calls::audit2(event, a.reference(), b.reference()),
                more => {
                    let tuple = crate::types::PyTuple::new(self, more)?;
                    calls::PySys_AuditTuple(event.as_ptr(), Some(tuple.reference()))
                }
            }
        };
        if status.failed() { Err(PyErr::fetch(self)) } else { Ok(()) }
    }

    /// Runs the handlers of signals that have arrived, when this is the main thread. To be called
    /// now and then by whatever takes long, so that Control-C ends it.
    ///
    /// ```no_run
    /// # use cpython_api::{PyResult, ThreadState};
    /// fn long(ts: &ThreadState<'_>) -> PyResult<u64> {
    ///     let mut sum = 0u64;
    ///     for i in 0..u64::from(u32::MAX) {
    ///         sum = sum.wrapping_add(i * i);
    ///         if i % (1 << 20) == 0 {
    ///             ts.check_signals()?;
    ///         }
    ///     }
    ///     Ok(sum)
    /// }
    /// ```
    ///
    /// # Errors
    /// What a handler raises: `KeyboardInterrupt`.
    pub fn check_signals(&self) -> PyResult<()> {
        self.raw();
        // SAFETY: attached, as `raw` has checked.
        let status = unsafe { calls::PyErr_CheckSignals() };
        if status.failed() { Err(PyErr::fetch(self)) } else { Ok(()) }
    }
}
