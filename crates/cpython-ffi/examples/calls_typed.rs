//! The functions of `calls_raw.rs`, written with the contracts.
#![expect(
    unsafe_code,
    clippy::missing_safety_doc,
    unsafe_op_in_unsafe_fn,
    missing_docs,
    reason = "compiled and compared, never run"
)]
use std::ptr::{self, NonNull};

use cpython_ffi::raw::PyObject;
use cpython_ffi::{Owned, Ref, calls as c};

#[unsafe(no_mangle)]
pub unsafe fn new_reference(o: Ref, name: Ref) -> Option<Owned> {
    c::PyObject_GetAttr(o, name)
}

#[unsafe(no_mangle)]
pub unsafe fn null_or_fallback(list: Ref, i: isize, other: Ref) -> Owned {
    c::PyList_GetItemRef(list, i).unwrap_or_else(|| other.to_owned())
}

#[unsafe(no_mangle)]
pub unsafe fn stolen_reference(list: Ref, i: isize, item: Owned) -> bool {
    c::PyList_SetItem(list, i, item).failed()
}

#[unsafe(no_mangle)]
pub unsafe fn null_argument(o: Ref, name: Ref) -> bool {
    c::PyObject_SetAttr(o, name, None).failed()
}

#[unsafe(no_mangle)]
pub unsafe fn three_answers(o: Ref) -> u8 {
    match c::PyObject_IsTrue(o).answer() {
        None => 2,
        Some(false) => 0,
        Some(true) => 1,
    }
}

#[unsafe(no_mangle)]
pub unsafe fn take_and_release(o: Ref) {
    o.to_owned().release()
}

#[unsafe(no_mangle)]
pub unsafe fn thread_state() -> bool {
    c::PyThreadState_GetUnchecked().is_some()
}

#[unsafe(no_mangle)]
pub unsafe fn result_by_pointer(dict: Ref, key: Ref) -> Option<Owned> {
    let mut found = ptr::null_mut::<PyObject>();
    if c::PyDict_GetItemRef(dict, key, &mut found).failed() {
        None
    } else {
        NonNull::new(found).map(|found| Owned::new(found))
    }
}

#[unsafe(no_mangle)]
pub unsafe fn numbers(n: i64) -> Option<Owned> {
    c::PyLong_FromInt64(n)
}

#[unsafe(no_mangle)]
pub unsafe fn in_a_loop(list: Ref, items: &[Ref]) -> bool {
    items.iter().all(|&item| !c::PyList_Append(list, item).failed())
}
