//! `str` from the inside (`unicodeobject.h`, PEP 393).

use crate::{
    _PyUnicodeObject_state, Py_UCS4, Py_ssize_t, PyASCIIObject, PyCompactUnicodeObject, PyObject,
    PyUnicode_1BYTE_KIND, PyUnicode_2BYTE_KIND, PyUnicodeObject,
};
use core::ffi::{c_int, c_uint, c_void};

/// The number of code points.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_GET_LENGTH(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live str's field, which never changes.
    unsafe { (*op.cast::<PyASCIIObject>()).length }
}

/// The bytes that each code point takes: 1, 2 or 4.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_KIND(op: *mut PyObject) -> c_int {
    // SAFETY: a live str's bits, which never change.
    unsafe { _PyUnicodeObject_state::kind_raw(state(op)).cast_signed() }
}

/// Whether all code points are below 128.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_IS_ASCII(op: *mut PyObject) -> c_uint {
    // SAFETY: a live str's bit, which never changes.
    unsafe { _PyUnicodeObject_state::ascii_raw(state(op)) }
}

/// Whether the code points follow the object in the same memory block.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_IS_COMPACT(op: *mut PyObject) -> c_uint {
    // SAFETY: a live str's bit, which never changes.
    unsafe { _PyUnicodeObject_state::compact_raw(state(op)) }
}

/// Whether the string is both ASCII and compact.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_IS_COMPACT_ASCII(op: *mut PyObject) -> c_int {
    // SAFETY: the caller promises what they ask.
    unsafe { (PyUnicode_IS_ASCII(op) != 0 && PyUnicode_IS_COMPACT(op) != 0).into() }
}

/// The first code point, in the width that [`PyUnicode_KIND`] tells.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_DATA(op: *mut PyObject) -> *mut c_void {
    // SAFETY: the three layouts of a str, told apart by its bits.
    unsafe {
        if PyUnicode_IS_COMPACT(op) == 0 {
            (*op.cast::<PyUnicodeObject>()).data.any
        } else if PyUnicode_IS_ASCII(op) != 0 {
            op.cast::<PyASCIIObject>().add(1).cast()
        } else {
            op.cast::<PyCompactUnicodeObject>().add(1).cast()
        }
    }
}

/// A code point by index.
///
/// # Safety
/// `kind` and `data` are of one live string and `index` is at most its length.
#[inline(always)]
pub unsafe fn PyUnicode_READ(kind: c_int, data: *const c_void, index: Py_ssize_t) -> Py_UCS4 {
    // SAFETY: in bounds of the string's code points and the zero that follows them.
    unsafe {
        match kind.cast_unsigned() {
            PyUnicode_1BYTE_KIND => (*data.cast::<u8>().offset(index)).into(),
            PyUnicode_2BYTE_KIND => (*data.cast::<u16>().offset(index)).into(),
            _ => *data.cast::<u32>().offset(index),
        }
    }
}

/// A code point by index, straight from the string.
///
/// # Safety
/// `op` is a live `str` and `index` is at most its length.
#[inline(always)]
pub unsafe fn PyUnicode_READ_CHAR(op: *mut PyObject, index: Py_ssize_t) -> Py_UCS4 {
    // SAFETY: kind and data are of one string.
    unsafe { PyUnicode_READ(PyUnicode_KIND(op), PyUnicode_DATA(op), index) }
}

/// An upper bound of the string's code points: 127, 255, 65535 or 1114111.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
pub unsafe fn PyUnicode_MAX_CHAR_VALUE(op: *mut PyObject) -> Py_UCS4 {
    // SAFETY: the caller promises what they ask.
    unsafe {
        if PyUnicode_IS_ASCII(op) != 0 {
            return 0x7f;
        }
        match PyUnicode_KIND(op).cast_unsigned() {
            PyUnicode_1BYTE_KIND => 0xff,
            PyUnicode_2BYTE_KIND => 0xffff,
            _ => 0x10_ffff,
        }
    }
}

/// The bits that tell the layouts of a `str` apart.
///
/// # Safety
/// `op` is a live `str`.
#[inline(always)]
unsafe fn state(op: *mut PyObject) -> *const _PyUnicodeObject_state {
    // SAFETY: in bounds of a live str.
    unsafe { &raw const (*op.cast::<PyASCIIObject>()).state }
}
