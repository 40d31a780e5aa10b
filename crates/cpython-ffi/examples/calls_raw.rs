//! One function for each shape that a contract has, written with the raw bindings.
//! `calls_typed.rs` has the same functions; `tests/instructions.rs` compares what they become.
#![expect(
    unsafe_code,
    clippy::missing_safety_doc,
    unsafe_op_in_unsafe_fn,
    missing_docs,
    reason = "compiled and compared, never run"
)]
use std::ptr;

use cpython_ffi::raw::{self as c, PyObject};

#[unsafe(no_mangle)]
pub unsafe fn new_reference(o: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    c::PyObject_GetAttr(o, name)
}

#[unsafe(no_mangle)]
pub unsafe fn null_or_fallback(
    list: *mut PyObject,
    i: isize,
    other: *mut PyObject,
) -> *mut PyObject {
    let item = c::PyList_GetItemRef(list, i);
    if item.is_null() { c::Py_NewRef(other) } else { item }
}

#[unsafe(no_mangle)]
pub unsafe fn stolen_reference(list: *mut PyObject, i: isize, item: *mut PyObject) -> bool {
    c::PyList_SetItem(list, i, item) < 0
}

#[unsafe(no_mangle)]
pub unsafe fn null_argument(o: *mut PyObject, name: *mut PyObject) -> bool {
    c::PyObject_SetAttr(o, name, ptr::null_mut()) < 0
}

#[unsafe(no_mangle)]
pub unsafe fn three_answers(o: *mut PyObject) -> u8 {
    match c::PyObject_IsTrue(o) {
        ..0 => 2,
        0 => 0,
        _ => 1,
    }
}

#[unsafe(no_mangle)]
pub unsafe fn take_and_release(o: *mut PyObject) {
    c::Py_INCREF(o);
    c::Py_DECREF(o);
}

#[unsafe(no_mangle)]
pub unsafe fn thread_state() -> bool {
    !c::PyThreadState_GetUnchecked().is_null()
}

#[unsafe(no_mangle)]
pub unsafe fn result_by_pointer(dict: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    let mut found = ptr::null_mut();
    if c::PyDict_GetItemRef(dict, key, &mut found) < 0 { ptr::null_mut() } else { found }
}

#[unsafe(no_mangle)]
pub unsafe fn numbers(n: i64) -> *mut PyObject {
    c::PyLong_FromInt64(n)
}

#[unsafe(no_mangle)]
pub unsafe fn in_a_loop(list: *mut PyObject, items: &[*mut PyObject]) -> bool {
    items.iter().all(|&item| c::PyList_Append(list, item) >= 0)
}
