//! The collector: what is counted by itself only, is cleared.
use std::collections::HashMap;
use std::ffi::{c_int, c_void};

use cpython_ffi::raw::{self, PyObject};

use super::thread::{Interpreter, lock};

/// How many counts of each tracked object come from elsewhere.
type Counts = HashMap<*mut PyObject, isize>;

/// Clears the garbage of this thread's interpreter; how many objects that were.
///
/// Panics when an object is shown more often than it is counted.
///
/// # Safety
/// Attached.
pub(super) unsafe fn collect() -> usize {
    let tracked: Vec<*mut PyObject> =
        lock(&Interpreter::current().tracked).iter().map(|object| object.0).collect();
    // SAFETY: what is tracked is live; the garbage is counted while it is cleared.
    unsafe {
        let mut counts: Counts =
            tracked.iter().map(|&object| (object, raw::Py_REFCNT(object))).collect();
        for &object in &tracked {
            traverse(object, subtract, (&raw mut counts).cast());
        }
        assert!(counts.values().all(|&count| count >= 0), "a reference was shown twice");
        let mut reached: Vec<*mut PyObject> =
            tracked.iter().copied().filter(|object| counts[object] > 0).collect();
        let mut garbage = counts;
        while let Some(object) = reached.pop() {
            if garbage.remove(&object).is_some() {
                traverse(object, gather, (&raw mut reached).cast());
            }
        }
        let garbage: Vec<*mut PyObject> =
            tracked.into_iter().filter(|object| garbage.contains_key(object)).collect();
        garbage.iter().for_each(|&object| raw::Py_INCREF(object));
        for &object in &garbage {
            if let Some(clear) = (*raw::Py_TYPE(object)).tp_clear {
                clear(object);
            }
        }
        let count = garbage.len();
        garbage.into_iter().for_each(|object| raw::Py_DECREF(object));
        count
    }
}

/// What an object shows.
///
/// # Safety
/// It is live.
pub(super) unsafe fn referents(object: *mut PyObject) -> Vec<*mut PyObject> {
    let mut found = Vec::new();
    // SAFETY: by the caller's word.
    unsafe { traverse(object, gather, (&raw mut found).cast()) };
    found
}

type Visit = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int;

/// # Safety
/// A live object; what the visitor takes.
unsafe fn traverse(object: *mut PyObject, visit: Visit, argument: *mut c_void) {
    // SAFETY: by the caller's word.
    unsafe {
        if let Some(traverse) = (*raw::Py_TYPE(object)).tp_traverse {
            assert_eq!(traverse(object, Some(visit), argument), 0);
        }
    }
}

unsafe extern "C" fn subtract(object: *mut PyObject, counts: *mut c_void) -> c_int {
    // SAFETY: what `collect` passes.
    if let Some(count) = unsafe { (*counts.cast::<Counts>()).get_mut(&object) } {
        *count -= 1;
    }
    0
}

unsafe extern "C" fn gather(object: *mut PyObject, found: *mut c_void) -> c_int {
    // SAFETY: what `collect` or `referents` passes.
    unsafe { (*found.cast::<Vec<*mut PyObject>>()).push(object) };
    0
}
