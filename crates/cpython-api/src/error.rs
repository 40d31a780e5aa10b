//! Exceptions as values.
use std::fmt;

use cpython_ffi::{Owned, Ref, calls, fast};

use crate::exception::{ExceptionType, SystemError};
use crate::handle::{Borrowed, Bound, Py};
use crate::thread::{self, ThreadState};
use crate::types::{PyAny, PyType};

/// What a call that may raise gives back.
pub type PyResult<T> = Result<T, PyErr>;

/// An exception that is owned, not pending: `?` and destructors may run Python while it exists.
///
/// ```no_run
/// use cpython_api::{PyResult, ThreadState, exception::ValueError};
/// fn check(ts: &ThreadState<'_>, lo: isize) -> PyResult<()> {
///     if lo < 0 { Err(ValueError::new(ts, "lo must be non-negative")) } else { Ok(()) }
/// }
/// ```
#[must_use = "an exception is raised by returning it"]
pub struct PyErr {
    exception: Py<PyAny>,
}

impl PyErr {
    /// An exception of `class` with a message, as `class(message)` makes it.
    ///
    /// When making it fails, the result is the exception of that failure (as in C).
    #[cold]
    pub fn new(
        ts: &ThreadState<'_>,
        class: &Bound<'_, PyType>,
        message: impl fmt::Display,
    ) -> Self {
        match crate::types::PyStr::format(ts, format_args!("{message}")) {
            Ok(message) => Self::with_value(ts, class, &message),
            Err(no_memory) => no_memory,
        }
    }

    /// An exception of `class` made from one argument, as `raise class(value)` makes it.
    #[cold]
    pub fn with_value(
        ts: &ThreadState<'_>,
        class: &Bound<'_, PyType>,
        value: &Bound<'_, PyAny>,
    ) -> Self {
        // SAFETY: attached; both live.
        unsafe { calls::PyErr_SetObject(class.checked(), value.checked()) };
        Self::fetch(ts)
    }

    /// `MemoryError`, as C's `PyErr_NoMemory` raises it: without a message, without needing memory.
    #[cold]
    pub fn no_memory(ts: &ThreadState<'_>) -> Self {
        ts.raw();
        // SAFETY: attached, as `raw` has checked.
        unsafe { calls::PyErr_NoMemory() };
        Self::fetch(ts)
    }

    /// An exception that exists already, as `raise exception` raises it.
    ///
    /// A `TypeError` when the object is no exception.
    pub fn from_object(exception: Bound<'_, PyAny>) -> Self {
        let ts = exception.token();
        if exception.is_instance_of_exception() {
            Self { exception: exception.unbind() }
        } else {
            crate::exception::TypeError::new(&ts, "exceptions must derive from BaseException")
        }
    }

    /// Takes the pending exception; a `SystemError` when a call failed without setting one.
    #[cold]
    pub(crate) fn fetch(ts: &ThreadState<'_>) -> Self {
        ts.raw();
        // SAFETY: attached, as `raw` has checked.
        match unsafe { calls::PyErr_GetRaisedException() } {
            Some(exception) => {
                // SAFETY: a new reference of the current interpreter.
                let exception = unsafe { Bound::from_owned(ts, exception) };
                Self { exception: exception.unbind() }
            }
            None => SystemError::new(ts, "error return without exception set"),
        }
    }

    /// Takes the pending exception of the current thread, which is attached.
    #[cold]
    pub(crate) fn fetch_beside<T>(handle: &Bound<'_, T>) -> Self {
        Self::fetch(&handle.token())
    }

    /// Makes the exception the pending one, for C.
    ///
    /// # Safety
    /// The thread is attached to the interpreter that made the exception, or to another (then
    /// the exception is replaced by a `SystemError`).
    #[cold]
    pub(crate) unsafe fn restore(self, ts: &ThreadState<'_>) {
        let exception: Owned = self.exception.bind(ts).into_owned();
        drop(self);
        // SAFETY: attached; the reference is handed on.
        unsafe { calls::PyErr_SetRaisedException(exception) };
    }

    /// The exception object.
    pub fn value<'a, 'py>(&'a self, ts: &ThreadState<'py>) -> Borrowed<'a, 'py, PyAny> {
        self.exception.get(ts)
    }

    /// The exception object, given up by this error.
    pub fn into_value<'py>(self, ts: &ThreadState<'py>) -> Bound<'py, PyAny> {
        self.exception.bind(ts)
    }

    /// Whether `except E` would catch it.
    pub fn is<E: ExceptionType>(&self, ts: &ThreadState<'_>) -> bool {
        self.matches(ts, &E::class(ts))
    }

    /// Whether `except class` would catch it.
    pub fn matches(&self, ts: &ThreadState<'_>, class: &Bound<'_, PyType>) -> bool {
        // SAFETY: attached; both live.
        unsafe {
            calls::PyErr_GivenExceptionMatches(self.value(ts).checked(), class.checked()) != 0
        }
    }

    /// Sets `__cause__`, as `raise self from cause` does.
    pub fn caused_by(self, ts: &ThreadState<'_>, cause: Self) -> Self {
        let cause = cause.into_value(ts).into_owned();
        // SAFETY: attached; the cause is stolen.
        unsafe { calls::PyException_SetCause(self.value(ts).checked(), Some(cause)) };
        self
    }

    /// Sets `__context__`, as raising while handling `context` does.
    pub fn in_context(self, ts: &ThreadState<'_>, context: Self) -> Self {
        if !self.value(ts).is(&context.value(ts)) {
            let context = context.into_value(ts).into_owned();
            // SAFETY: attached; the context is stolen.
            unsafe { calls::PyException_SetContext(self.value(ts).checked(), Some(context)) };
        }
        self
    }

    /// Adds a note (PEP 678). A failure to add it replaces the exception, as in C.
    pub fn with_note(self, ts: &ThreadState<'_>, note: impl fmt::Display) -> Self {
        self.with_note_str(ts, crate::types::PyStr::format(ts, format_args!("{note}")))
    }

    /// Adds a note that is a `str`, or takes the error of making it for a failure to add it.
    pub fn with_note_str<'py>(
        self,
        ts: &ThreadState<'py>,
        note: PyResult<Bound<'py, crate::types::PyStr>>,
    ) -> Self {
        let added = note.and_then(|note| self.value(ts).call_method(c"add_note", &[&note]));
        match added {
            Ok(_) => self,
            Err(failure) => failure.in_context(ts, self),
        }
    }

    /// Reports the exception to `sys.unraisablehook`, for places that cannot raise.
    pub fn write_unraisable(self, ts: &ThreadState<'_>, context: Option<&Bound<'_, PyAny>>) {
        // SAFETY: attached, as the token shows; the pending exception is the one just restored.
        unsafe {
            self.restore(ts);
            calls::PyErr_WriteUnraisable(context.map(Bound::checked));
        }
    }

    /// Another reference to the same exception.
    pub fn clone_ref(&self, ts: &ThreadState<'_>) -> Self {
        Self { exception: self.exception.clone_ref(ts) }
    }
}

/// Shows the exception when this thread is attached to its interpreter and inside no lock, else only
/// that there is one.
impl fmt::Debug for PyErr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = thread::current()
            // SAFETY: the current thread state is attached and exists; the token does not leave this call.
            .map(|raw| unsafe { ThreadState::from_raw(raw) })
            .filter(|_| !crate::sync::inside_lock())
            // SAFETY: as above.
            .filter(|ts| self.exception.owner().surely_is(unsafe { fast::interpreter(ts.raw()) }))
            .and_then(|ts| self.value(&ts).repr().ok().map(|text| text.to_string_lossy()));
        write!(f, "PyErr({})", shown.as_deref().unwrap_or("<not to be shown here>"))
    }
}

/// Turns "new reference or null" into a result.
///
/// # Safety
/// `result` is what a C call just returned on this thread, and its type fits `T`.
#[inline(always)]
pub(crate) unsafe fn owned<'py, T, U>(
    beside: &Bound<'py, U>,
    result: Option<Owned>,
) -> PyResult<Bound<'py, T>> {
    match result {
        // SAFETY: by the caller's word; objects made on this thread belong to its interpreter.
        Some(object) => Ok(unsafe { Bound::beside(beside, object) }),
        None => Err(PyErr::fetch_beside(beside)),
    }
}

/// The same with a token instead of a handle.
///
/// # Safety
/// As for [`owned`].
#[inline(always)]
pub(crate) unsafe fn owned_by<'py, T>(
    ts: &ThreadState<'py>,
    result: Option<Owned>,
) -> PyResult<Bound<'py, T>> {
    match result {
        // SAFETY: by the caller's word; objects made on this thread belong to its interpreter.
        Some(object) => Ok(unsafe { Bound::from_owned(ts, object) }),
        None => Err(PyErr::fetch(ts)),
    }
}

/// The class behind a static exception pointer.
///
/// # Safety
/// `class` is one of C's `PyExc_*`, which live as long as the process.
pub(crate) unsafe fn static_class<'py>(
    ts: &ThreadState<'py>,
    class: Ref,
) -> Borrowed<'static, 'py, PyType> {
    // SAFETY: immortal.
    unsafe { Borrowed::new(ts.raw(), class.as_non_null()) }
}

/// Runs `body` with no exception pending, then makes the one before pending again.
///
/// For destructors, which C calls in the middle of raising and which may run Python.
pub(crate) fn preserve_pending(body: impl FnOnce()) {
    // SAFETY: destructors are called attached; the exception is put back as it was.
    unsafe {
        let pending = calls::PyErr_GetRaisedException();
        body();
        if let Some(pending) = pending {
            calls::PyErr_SetRaisedException(pending);
        }
    }
}
