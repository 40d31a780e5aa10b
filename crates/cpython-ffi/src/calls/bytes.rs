//! `bytes`, `bytearray` and the buffer protocol: `bytesobject.h`, `bytearrayobject.h`, `pybuffer.h`, `memoryobject.h`.
use std::ffi::{c_char, c_int, c_void};

use cpython_sys::{Py_buffer, PyObject};

use crate::{Owned, Ref, Status};

contracts! {
    /// A `bytes` with a copy of `length` bytes, or uninitialised when `data` is null.
    quiet fn PyBytes_FromStringAndSize(data: *const c_char, length: isize) -> Option<Owned>;
    /// Resizes `*o`, which nobody else may hold; on failure `*o` is null and an exception is set.
    quiet fn _PyBytes_Resize(o: *mut *mut PyObject, length: isize) -> Status;
    /// `bytes(o)` through the buffer protocol.
    runs fn PyBytes_FromObject(o: Ref) -> Option<Owned>;
    /// A `bytearray` with a copy of `length` bytes.
    quiet fn PyByteArray_FromStringAndSize(data: *const c_char, length: isize) -> Option<Owned>;
    /// Whether a buffer can be had: 1 or 0.
    quiet fn PyObject_CheckBuffer(o: Ref) -> c_int;
    /// Fills `view`, which must be released on success.
    runs fn PyObject_GetBuffer(o: Ref, view: *mut Py_buffer, flags: c_int) -> Status;
    /// Releases `view`; may be called once, and again without effect.
    runs fn PyBuffer_Release(view: *mut Py_buffer) -> ();
    /// Whether the memory is contiguous in the order `C`, `F` or `A`: 1 or 0.
    quiet fn PyBuffer_IsContiguous(view: *const Py_buffer, order: c_char) -> c_int;
    /// Copies the items in the order `C` or `F` into `length` bytes.
    quiet fn PyBuffer_ToContiguous(target: *mut c_void, view: *const Py_buffer, length: isize, order: c_char) -> Status;
    /// Copies `length` bytes into the items, in the order `C` or `F`. Needs no attached thread when the view is contiguous.
    quiet fn PyBuffer_FromContiguous(view: *const Py_buffer, source: *const c_void, length: isize, order: c_char) -> Status;
    /// Fills `view` for one-dimensional bytes; takes a reference on the exporter.
    quiet fn PyBuffer_FillInfo(view: *mut Py_buffer, exporter: Option<Ref>, data: *mut c_void, length: isize, readonly: c_int, flags: c_int) -> Status;
    /// `memoryview(o)`.
    runs fn PyMemoryView_FromObject(o: Ref) -> Option<Owned>;
}
