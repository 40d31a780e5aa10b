//! An export of the buffer protocol (PEP 3118), held and given back.
use std::ffi::c_int;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr::NonNull;

use cpython_ffi::raw::{self, Py_buffer, PyMemoryViewObject, PyThreadState};
use cpython_ffi::{Ref, calls, fast};

use super::is_exactly;
use crate::error::{PyErr, PyResult};
use crate::handle::Bound;
use crate::thread::Brand;
use crate::types::{PyAny, PyBytes};

/// A `Py_buffer` that may be open.
///
/// # Invariants
/// When `state` is there, `memory.view` is an unreleased export of contiguous bytes, asked for
/// without `PyBUF_ND`, by an object of that thread state's interpreter, and the thread state
/// exists for `'py`. Otherwise nobody looks at `memory`.
pub(super) struct Export<'py> {
    memory: Memory,
    state: Option<NonNull<PyThreadState>>,
    _brand: Brand<'py>,
}

/// The memory of an export.
///
/// # Invariants
/// While a reference to this is lent, the view is filled in, and `buf` points to `len` bytes that
/// can be read, and written when the export asked for that. Others may write them at any time: only
/// C copies them.
pub(super) struct Memory {
    view: MaybeUninit<Py_buffer>,
}

// SAFETY: its methods copy through C in one call that needs no thread state, and change nothing
// but the bytes, which Rust never refers to.
unsafe impl Sync for Memory {}

impl Default for Export<'_> {
    #[inline(always)]
    fn default() -> Self {
        let memory = Memory { view: MaybeUninit::uninit() };
        Self { memory, state: None, _brand: PhantomData }
    }
}

impl<'py> Export<'py> {
    /// Asks the object for contiguous bytes, with the flags `PyBUF_SIMPLE` or `PyBUF_WRITABLE`.
    ///
    /// # Errors
    /// What the exporter raises; `TypeError` when the object exports nothing.
    pub(super) fn open(&mut self, object: &Bound<'py, PyAny>, flags: c_int) -> PyResult<&Memory> {
        self.close();
        let view = self.memory.view.as_mut_ptr();
        // SAFETY: attached; the view is closed, so nothing is overwritten.
        if unsafe { calls::PyObject_GetBuffer(object.checked(), view, flags) }.failed() {
            return Err(PyErr::fetch_beside(object));
        }
        // INVARIANT: just opened; without `PyBUF_STRIDES` an exporter gives contiguous bytes.
        self.state = Some(object.state());
        Ok(&self.memory)
    }

    /// Whether it is open.
    #[inline(always)]
    pub(super) fn is_open(&self) -> bool {
        self.state.is_some()
    }

    /// The memory, when it is open.
    #[inline]
    pub(super) fn memory(&self) -> Option<&Memory> {
        // INVARIANT: filled in; the borrow keeps the export open.
        self.state.map(|_| &self.memory)
    }

    /// The exact `bytes` object that the memory belongs to, and which part of it is exported.
    pub(super) fn bytes_below(&self) -> Option<(Bound<'py, PyBytes>, Range<usize>)> {
        let state = self.state?;
        let view = self.memory()?.view();
        // SAFETY: the export keeps its exporter alive; a memoryview with an export (this one)
        // cannot be released, so that its own exporter is alive too.
        unsafe {
            let mut owner = Ref::from_ptr(view.obj)?;
            if is_exactly(owner, &raw mut raw::PyMemoryView_Type) {
                owner = Ref::from_ptr((*owner.as_ptr().cast::<PyMemoryViewObject>()).view.obj)?;
            }
            if !is_exactly(owner, &raw mut raw::PyBytes_Type) {
                return None;
            }
            let start = raw::PyBytes_AS_STRING(owner.as_ptr()).addr();
            let size = raw::PyBytes_GET_SIZE(owner.as_ptr()) as usize;
            let from = view.buf.addr().checked_sub(start)?;
            let to = from.checked_add(self.memory.len())?;
            // Whatever the exporter says of itself, the part must lie inside the object.
            (to <= size)
                .then(|| (Bound::from_raw(state, owner.to_owned().into_non_null()), from..to))
        }
    }

    /// Gives the export back. Runs Python.
    ///
    /// Where that is not allowed (detached, or inside a lock) it stays open for ever: nothing
    /// else would be sound. It takes a hand-made holder to get there.
    pub(super) fn close(&mut self) {
        let Some(state) = self.state.take() else { return };
        // SAFETY: the thread state exists for `'py`, and is this thread's: there is no `Send`.
        if unsafe { fast::is_attached(state) } && !crate::sync::inside_lock() {
            // SAFETY: attached; open until now. Without `PyBUF_ND` the view has no pointers into
            // itself, so that it does not matter where it lies.
            unsafe { calls::PyBuffer_Release(self.memory.view.as_mut_ptr()) };
        }
    }
}

impl Drop for Export<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.is_open() {
            self.close();
        }
    }
}

impl Memory {
    /// How many bytes.
    #[inline]
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.view().len).unwrap_or(0)
    }

    #[inline]
    fn view(&self) -> &Py_buffer {
        // SAFETY: filled in, by the invariant.
        unsafe { self.view.assume_init_ref() }
    }

    /// Copies bytes from `offset` on to `target`, as many as there are up to `room`, and tells
    /// how many. Needs no attached thread.
    ///
    /// The bytes may change meanwhile, by threads that do not hold the GIL or where there is
    /// none. C does the copying, as it does for its own modules: which mixture of old and new
    /// bytes arrives is open, but it is bytes.
    ///
    /// # Safety
    /// `target` can be written for `room` bytes.
    pub(super) unsafe fn read(&self, offset: usize, target: *mut u8, room: usize) -> usize {
        let part = self.part(offset, room);
        // SAFETY: `part` describes contiguous bytes that exist by the invariant, so the call is a
        // `memcpy` and does nothing else; it does not fail.
        let _ = unsafe {
            calls::PyBuffer_ToContiguous(target.cast(), &raw const part, part.len, b'C' as _)
        };
        part.len as usize
    }

    /// Copies `source` to `offset`, as much as fits, and tells how much. Needs no attached thread.
    ///
    /// # Safety
    /// The export was asked for with `PyBUF_WRITABLE`.
    pub(super) unsafe fn write(&self, offset: usize, source: &[u8]) -> usize {
        let part = self.part(offset, source.len());
        // SAFETY: as for `read`, in the other direction.
        let _ = unsafe {
            let source = source.as_ptr().cast();
            calls::PyBuffer_FromContiguous(&raw const part, source, part.len, b'C' as _)
        };
        part.len as usize
    }

    /// Up to `count` of the bytes from `offset` on, described for C's copying calls.
    fn part(&self, offset: usize, count: usize) -> Py_buffer {
        let offset = offset.min(self.len());
        let count = count.min(self.len() - offset);
        // SAFETY: a C struct of numbers and pointers; null shape and strides mean contiguous.
        let mut part: Py_buffer = unsafe { std::mem::zeroed() };
        part.buf = self.view().buf.wrapping_byte_add(offset);
        part.len = count as isize;
        part.itemsize = 1;
        part.ndim = 1;
        part
    }
}
