//! Building a `str` piece by piece: [`StrWriter`], over C's `PyUnicodeWriter`.
use std::fmt::{self, Write};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use cpython_ffi::raw::{PyThreadState, PyUnicodeWriter};
use cpython_ffi::{Status, calls, fast};

use crate::error::{PyErr, PyResult, owned_by};
use crate::exception::SystemError;
use crate::handle::Bound;
use crate::message::Message;
use crate::thread::{Brand, ThreadState, check_attached};
use crate::types::{PyAny, PyStr, StrData};

/// Builds a `str` in the narrowest width that its characters allow.
///
/// `write!` works on it, and gives a [`PyResult`].
///
/// ```no_run
/// use cpython_api::{Bound, PyAny, PyResult, StrWriter, ThreadState, types::PyStr};
/// fn shown<'py>(ts: &ThreadState<'py>, o: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyStr>> {
///     let mut out = StrWriter::new(ts, 0)?;
///     write!(out, "<{} ", o.type_name())?;
///     out.repr(o)?;
///     out.push('>')?;
///     out.finish()
/// }
/// ```
///
/// # Invariants
/// `writer` is live and known to nobody else; it belongs to the interpreter of `state`, which
/// exists for `'py`.
pub struct StrWriter<'py> {
    writer: NonNull<PyUnicodeWriter>,
    state: NonNull<PyThreadState>,
    _brand: Brand<'py>,
}

impl<'py> StrWriter<'py> {
    /// An empty writer, with room for `capacity` characters.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new(ts: &ThreadState<'py>, capacity: usize) -> PyResult<Self> {
        let Ok(capacity) = isize::try_from(capacity) else { return Err(PyErr::no_memory(ts)) };
        let state = ts.raw();
        // SAFETY: attached, as `raw` has checked.
        match unsafe { calls::PyUnicodeWriter_Create(capacity) } {
            Some(writer) => Ok(Self { writer, state, _brand: PhantomData }),
            None => Err(PyErr::fetch(ts)),
        }
    }

    /// Appends one character.
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline]
    pub fn push(&mut self, c: char) -> PyResult<()> {
        check_attached(self.state);
        // SAFETY: attached; the writer is live; a `char` is in range.
        self.done(unsafe { calls::PyUnicodeWriter_WriteChar(self.writer, c.into()) })
    }

    /// Appends a text.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn push_str(&mut self, text: &str) -> PyResult<()> {
        check_attached(self.state);
        let (start, len) = (text.as_ptr().cast(), text.len() as isize);
        // SAFETY: attached; the writer is live; so many bytes of UTF-8, or of ASCII, are there.
        self.done(unsafe {
            if text.is_ascii() {
                calls::PyUnicodeWriter_WriteASCII(self.writer, start, len)
            } else {
                calls::PyUnicodeWriter_WriteUTF8(self.writer, start, len)
            }
        })
    }

    /// Appends characters, surrogates among them.
    ///
    /// # Errors
    /// `MemoryError`; `ValueError` for a number above 1114111.
    pub fn push_data(&mut self, data: StrData<'_>) -> PyResult<()> {
        match data {
            StrData::Latin1(data) if data.is_ascii() => {
                check_attached(self.state);
                // SAFETY: attached; the writer is live; so many bytes of ASCII are there.
                self.done(unsafe {
                    let (start, len) = (data.as_ptr().cast(), data.len() as isize);
                    calls::PyUnicodeWriter_WriteASCII(self.writer, start, len)
                })
            }
            _ => {
                let text = PyStr::from_data(&self.token(), data)?;
                self.str(text.as_any())
            }
        }
    }

    /// Appends `str(object)`.
    ///
    /// # Errors
    /// What `__str__` raises; `MemoryError`.
    pub fn str(&mut self, object: &Bound<'py, PyAny>) -> PyResult<()> {
        // SAFETY: attached; the writer and the object are live, and no Python that runs meanwhile
        // can reach the writer.
        self.done(unsafe { calls::PyUnicodeWriter_WriteStr(self.writer, object.checked()) })
    }

    /// Appends `repr(object)`.
    ///
    /// # Errors
    /// What `__repr__` raises; `MemoryError`.
    pub fn repr(&mut self, object: &Bound<'py, PyAny>) -> PyResult<()> {
        // SAFETY: as for `str`.
        self.done(unsafe { calls::PyUnicodeWriter_WriteRepr(self.writer, object.checked()) })
    }

    /// Appends `text[start:end]`.
    ///
    /// # Errors
    /// `ValueError` when the ends are out of order or out of range; `MemoryError`.
    pub fn substring(
        &mut self,
        text: &Bound<'py, PyStr>,
        start: usize,
        end: usize,
    ) -> PyResult<()> {
        let end = isize::try_from(end).unwrap_or(isize::MAX);
        let start = isize::try_from(start).unwrap_or(isize::MAX);
        // SAFETY: attached; the writer and the `str` are live; C checks the range.
        self.done(unsafe {
            calls::PyUnicodeWriter_WriteSubstring(self.writer, text.checked(), start, end)
        })
    }

    /// Appends formatted text; what `write!` calls.
    ///
    /// # Errors
    /// `MemoryError`; `SystemError` when an argument cannot be shown.
    pub fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) -> PyResult<()> {
        let mut adapter = Adapter { writer: self, error: None };
        let outcome = adapter.write_fmt(arguments);
        match (adapter.error, outcome) {
            (Some(error), _) => Err(error),
            (None, Ok(())) => Ok(()),
            (None, Err(fmt::Error)) => {
                Err(SystemError::new(&self.token(), "a formatting implementation failed"))
            }
        }
    }

    /// The `str`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn finish(self) -> PyResult<Bound<'py, PyStr>> {
        let ts = self.token();
        let this = ManuallyDrop::new(self);
        // SAFETY: attached; the writer is live and ends here; the call returns a `str`.
        unsafe { owned_by(&ts, calls::PyUnicodeWriter_Finish(this.writer)) }
    }

    fn token(&self) -> ThreadState<'py> {
        check_attached(self.state);
        // SAFETY: attached, and on its own thread, since there is no `Send`; it exists for `'py`.
        unsafe { ThreadState::from_raw(self.state) }
    }

    #[inline(always)]
    fn done(&self, status: Status) -> PyResult<()> {
        if status.failed() { Err(PyErr::fetch(&self.token())) } else { Ok(()) }
    }
}

impl PyStr {
    /// A new `str` of formatted text.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, ThreadState, types::PyStr};
    /// fn point<'py>(ts: &ThreadState<'py>, x: u32, y: u32) -> PyResult<Bound<'py, PyStr>> {
    ///     PyStr::format(ts, format_args!("({x}, {y})"))
    /// }
    /// ```
    ///
    /// # Errors
    /// `MemoryError`; `SystemError` when an argument cannot be shown.
    pub fn format<'py>(
        ts: &ThreadState<'py>,
        arguments: fmt::Arguments<'_>,
    ) -> PyResult<Bound<'py, Self>> {
        let message = Message::new(arguments);
        if message.is_whole() {
            return Self::new(ts, message.as_str());
        }
        let mut writer = StrWriter::new(ts, 0)?;
        writer.write_fmt(arguments)?;
        writer.finish()
    }
}

/// Where the writer may not be touched (detached) it leaks.
impl Drop for StrWriter<'_> {
    fn drop(&mut self) {
        // SAFETY: the thread state exists for `'py`, and is this thread's: there is no `Send`.
        if unsafe { fast::is_attached(self.state) } {
            // SAFETY: attached; the writer is live and ends here. What it holds is a `str` of its
            // own, so that no Python runs.
            unsafe { calls::PyUnicodeWriter_Discard(self.writer) };
        }
    }
}

/// Keeps the exception that `fmt::Error` cannot carry.
struct Adapter<'a, 'py> {
    writer: &'a mut StrWriter<'py>,
    error: Option<PyErr>,
}

impl Write for Adapter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.writer.push_str(text).map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }
}
