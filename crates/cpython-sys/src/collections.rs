//! Sizes, items and bytes of the built-in containers, unchecked.

use crate::{
    Py_SIZE, Py_ssize_t, PyByteArrayObject, PyBytesObject, PyDictObject, PyListObject, PyObject,
    PySetObject, PyTupleObject, PyVarObject, object::load_size,
};
use core::ffi::c_char;

/// The length of a list, which another thread may be changing in a free-threaded build.
///
/// # Safety
/// `op` is a live `list`.
#[inline(always)]
pub unsafe fn PyList_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live list starts with a PyVarObject; its size is written atomically.
    unsafe { load_size(&raw mut (*op.cast::<PyVarObject>()).ob_size) }
}

/// An item of a list; borrowed from the list.
///
/// # Safety
/// `op` is a live `list`, `index` is in its range, and nobody changes the list until the caller is
/// done or has taken a reference of its own: under the GIL, no Python code runs meanwhile; in a
/// free-threaded build, the list's critical section is held or no other thread knows the list.
#[inline(always)]
pub unsafe fn PyList_GET_ITEM(op: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: the index is in range and the items stay where they are.
    unsafe { *(*op.cast::<PyListObject>()).ob_item.offset(index) }
}

/// Puts an item into a new list and takes over the reference to it; what was there is not released.
///
/// # Safety
/// As for [`PyList_GET_ITEM`]; the place is empty, and the caller owns a reference to `value`.
#[inline(always)]
pub unsafe fn PyList_SET_ITEM(op: *mut PyObject, index: Py_ssize_t, value: *mut PyObject) {
    // SAFETY: the index is in range and the items stay where they are.
    unsafe { *(*op.cast::<PyListObject>()).ob_item.offset(index) = value }
}

/// The length of a tuple.
///
/// # Safety
/// `op` is a live `tuple`.
#[inline(always)]
pub unsafe fn PyTuple_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live tuple starts with a PyVarObject.
    unsafe { Py_SIZE(op) }
}

/// An item of a tuple; borrowed from the tuple.
///
/// # Safety
/// `op` is a live `tuple` and `index` is in its range.
#[inline(always)]
pub unsafe fn PyTuple_GET_ITEM(op: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: the index is in range.
    unsafe { *tuple_items(op).offset(index) }
}

/// Puts an item into a new tuple and takes over the reference to it.
///
/// # Safety
/// As for [`PyTuple_GET_ITEM`]; nobody else knows the tuple, the place is empty, and the caller
/// owns a reference to `value`.
#[inline(always)]
pub unsafe fn PyTuple_SET_ITEM(op: *mut PyObject, index: Py_ssize_t, value: *mut PyObject) {
    // SAFETY: the index is in range and the tuple is the caller's.
    unsafe { *tuple_items(op).offset(index) = value }
}

/// The number of items of a dict, which another thread may be changing in a free-threaded build.
///
/// # Safety
/// `op` is a live `dict` or `frozendict`.
#[inline(always)]
pub unsafe fn PyDict_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live dict's field, written atomically.
    unsafe { load_size(&raw mut (*op.cast::<PyDictObject>()).ma_used) }
}

/// The number of items of a set, which another thread may be changing in a free-threaded build.
///
/// # Safety
/// `op` is a live `set` or `frozenset`.
#[inline(always)]
pub unsafe fn PySet_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live set's field, written atomically.
    unsafe { load_size(&raw mut (*op.cast::<PySetObject>()).used) }
}

/// The first byte of a bytes object; a zero byte follows the last one.
///
/// # Safety
/// `op` is a live `bytes`.
#[inline(always)]
pub unsafe fn PyBytes_AS_STRING(op: *mut PyObject) -> *mut c_char {
    // SAFETY: in bounds of a live bytes object.
    unsafe { (&raw mut (*op.cast::<PyBytesObject>()).ob_sval).cast() }
}

/// The length of a bytes object.
///
/// # Safety
/// `op` is a live `bytes`.
#[inline(always)]
pub unsafe fn PyBytes_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live bytes object starts with a PyVarObject.
    unsafe { Py_SIZE(op) }
}

/// The first byte of a bytearray, until the bytearray changes.
///
/// # Safety
/// `op` is a live `bytearray` that nobody is changing now.
#[inline(always)]
pub unsafe fn PyByteArray_AS_STRING(op: *mut PyObject) -> *mut c_char {
    // SAFETY: a live bytearray's field.
    unsafe { (*op.cast::<PyByteArrayObject>()).ob_start }
}

/// The length of a bytearray, which another thread may be changing in a free-threaded build.
///
/// # Safety
/// `op` is a live `bytearray`.
#[inline(always)]
pub unsafe fn PyByteArray_GET_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a live bytearray starts with a PyVarObject; its size is written atomically.
    unsafe { load_size(&raw mut (*op.cast::<PyVarObject>()).ob_size) }
}

/// The items of a tuple. The field is declared with one item and has as many as the tuple.
///
/// # Safety
/// `op` is a live `tuple`.
#[inline(always)]
unsafe fn tuple_items(op: *mut PyObject) -> *mut *mut PyObject {
    // SAFETY: in bounds of a live tuple.
    unsafe { (&raw mut (*op.cast::<PyTupleObject>()).ob_item).cast() }
}
