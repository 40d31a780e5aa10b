//! An export of the buffer protocol (PEP 3118), held and given back.
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicUsize, Ordering::Relaxed};

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
/// While a reference to this is lent, the view has its `obj`, `buf` and `len`, and `buf` points to `len` bytes that
/// can be read, and written when the export asked for that. Others may write them at any time, so
/// Rust reads them atomically or leaves the copying to C.
pub(super) struct Memory {
    view: MaybeUninit<Py_buffer>,
}

// SAFETY: its methods need no thread state and change nothing but the bytes, which Rust never
// refers to: it reads them atomically, and all else is one call of C's.
unsafe impl Sync for Memory {}

impl Default for Export<'_> {
    #[inline(always)]
    fn default() -> Self {
        let mut new = MaybeUninit::<Self>::uninit();
        // SAFETY: all else may be uninitialized. Written as one constant, the compiler would fill it with zeros.
        unsafe {
            (&raw mut (*new.as_mut_ptr()).state).write(None);
            new.assume_init()
        }
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

    /// Whether [`Export::open_simple`] is worth a try.
    #[inline(always)]
    pub(super) fn is_simple(object: &Bound<'py, PyAny>) -> bool {
        is_simple(object.reference())
    }

    /// The same for a `bytearray` of up to `most` bytes, without a call; nothing when there are
    /// more, or it is another object, or this is open.
    #[inline(always)]
    pub(super) fn open_simple(
        &mut self,
        object: &Bound<'py, PyAny>,
        most: usize,
    ) -> Option<&Memory> {
        let exporter = object.checked();
        if !is_simple(exporter) || self.is_open() {
            return None;
        }
        let view = self.memory.view.as_mut_ptr();
        // SAFETY: attached, with a GIL; the view is closed, so nothing is overwritten. The export
        // has a count of its exporter, as C's has.
        unsafe {
            let len = raw::PyByteArray_GET_SIZE(exporter.as_ptr());
            if len as usize > most {
                return None;
            }
            (*view).buf = fast::export_bytearray(exporter).cast();
            (*view).len = len;
            (*view).obj = exporter.to_owned().into_ptr();
        }
        // INVARIANT: just opened.
        self.state = Some(object.state());
        Some(&self.memory)
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
        let memory = self.memory()?;
        // SAFETY: the export keeps its exporter alive; a memoryview with an export (this one)
        // cannot be released, so that its own exporter is alive too.
        unsafe {
            let mut owner = memory.exporter()?;
            if is_exactly(owner, &raw mut raw::PyMemoryView_Type) {
                owner = Ref::from_ptr((*owner.as_ptr().cast::<PyMemoryViewObject>()).view.obj)?;
            }
            if !is_exactly(owner, &raw mut raw::PyBytes_Type) {
                return None;
            }
            let start = raw::PyBytes_AS_STRING(owner.as_ptr()).addr();
            let size = raw::PyBytes_GET_SIZE(owner.as_ptr()) as usize;
            let from = memory.start().addr().checked_sub(start)?;
            let to = from.checked_add(memory.len())?;
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
        if !unsafe { fast::is_attached(state) } {
            return;
        }
        match self.memory.exporter() {
            // SAFETY: attached, with a GIL; open until now, with a count that this gives up.
            Some(exporter) if is_simple(exporter) => unsafe {
                fast::unexport_bytearray(exporter);
                drop(Bound::<PyAny>::from_raw(state, exporter.as_non_null()));
            },
            _ if crate::sync::inside_lock() => {}
            // SAFETY: attached; open until now. Without `PyBUF_ND` the view has no pointers into
            // itself, so that it does not matter where it lies.
            _ => unsafe { calls::PyBuffer_Release(self.memory.view.as_mut_ptr()) },
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
        // SAFETY: filled in, by the invariant.
        usize::try_from(unsafe { (*self.view.as_ptr()).len }).unwrap_or(0)
    }

    /// Where they are.
    #[inline]
    fn start(&self) -> *mut u8 {
        // SAFETY: filled in, by the invariant.
        unsafe { (*self.view.as_ptr()).buf.cast() }
    }

    /// Whose they are, if anybody says so.
    #[inline]
    fn exporter(&self) -> Option<Ref> {
        // SAFETY: filled in, by the invariant; the export counts it.
        unsafe { Ref::from_ptr((*self.view.as_ptr()).obj) }
    }

    /// Copies bytes from `offset` on to `target`, as many as there are up to `room`, and tells
    /// how many. Needs no attached thread.
    ///
    /// The bytes may change meanwhile, by threads that do not hold the GIL or where there is
    /// none: which mixture of old and new bytes arrives is open, but it is bytes.
    ///
    /// # Safety
    /// `target` can be written for `room` bytes.
    #[inline]
    pub(super) unsafe fn read(&self, offset: usize, target: *mut u8, room: usize) -> usize {
        let offset = offset.min(self.len());
        let count = room.min(self.len() - offset);
        let source = self.start().wrapping_add(offset);
        // SAFETY: `count` bytes exist by the invariant, and can be written by the caller's word.
        unsafe {
            if count <= FEW && source.cast::<usize>().is_aligned() {
                copy_few(source, target, count);
            } else {
                copy_by_c(source, target, count);
            }
        }
        count
    }

    /// Copies `source` to `offset`, as much as fits, and tells how much. Needs no attached thread.
    ///
    /// # Safety
    /// The export was asked for with `PyBUF_WRITABLE`.
    pub(super) unsafe fn write(&self, offset: usize, source: &[u8]) -> usize {
        let offset = offset.min(self.len());
        let count = source.len().min(self.len() - offset);
        let part = described(self.start().wrapping_add(offset), count);
        // SAFETY: `part` describes contiguous bytes that exist by the invariant, so the call is a
        // `memcpy` and does nothing else; it does not fail.
        let _ = unsafe {
            let source = source.as_ptr().cast();
            calls::PyBuffer_FromContiguous(&raw const part, source, part.len, b'C' as _)
        };
        count
    }
}

/// Whether an export of the object is a count in it that the GIL guards, and needs no call.
#[inline(always)]
fn is_simple(exporter: Ref) -> bool {
    !raw::GIL_DISABLED && is_exactly(exporter, &raw mut raw::PyByteArray_Type)
}

/// Copies bytes that others may write meanwhile.
///
/// To the compiler such bytes are atomic: it reads each once and assumes nothing of it. The
/// writers are C code (Rust, too, writes to exports through C), compiled to plain stores, which
/// to the machine are what relaxed atomic ones are.
///
/// # Safety
/// `source` can be read and `target` written for `count` bytes; only this thread uses `target`;
/// `source` is aligned to words.
#[inline(always)]
unsafe fn copy_few(source: *mut u8, target: *mut u8, count: usize) {
    let mut done = 0;
    // SAFETY: `done` and as much as is read lie inside `count`. What is read is aligned: `done`
    // is a multiple of its size. No write by Rust overlaps these reads, so their sizes need not
    // agree.
    unsafe {
        while count - done >= size_of::<usize>() {
            let word = AtomicUsize::from_ptr(source.add(done).cast()).load(Relaxed);
            target.add(done).cast::<usize>().write_unaligned(word);
            done += size_of::<usize>();
        }
        while count - done >= 2 {
            let pair = AtomicU16::from_ptr(source.add(done).cast()).load(Relaxed);
            target.add(done).cast::<u16>().write_unaligned(pair);
            done += 2;
        }
        if done < count {
            target.add(done).write(AtomicU8::from_ptr(source.add(done)).load(Relaxed));
        }
    }
}

/// The same by one call of C's.
///
/// # Safety
/// `source` can be read and `target` written for `count` bytes.
#[inline(never)]
unsafe fn copy_by_c(source: *mut u8, target: *mut u8, count: usize) {
    let part = described(source, count);
    // SAFETY: `part` describes contiguous bytes that exist by the caller's word, so the call is a
    // `memcpy` and does nothing else; it does not fail.
    let _ = unsafe {
        calls::PyBuffer_ToContiguous(target.cast(), &raw const part, part.len, b'C' as _)
    };
}

/// Bytes described for C's copying calls.
fn described(start: *mut u8, count: usize) -> Py_buffer {
    // SAFETY: a C struct of numbers and pointers; null shape and strides mean contiguous.
    let mut part: Py_buffer = unsafe { std::mem::zeroed() };
    part.buf = start.cast();
    part.len = count as isize;
    part.itemsize = 1;
    part.ndim = 1;
    part
}

/// So many bytes are copied before C's call is under way.
const FEW: usize = 128;
