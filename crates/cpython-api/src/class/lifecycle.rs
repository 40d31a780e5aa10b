//! What C calls in the life of an instance: traverse, clear, dealloc.
use std::ffi::{c_int, c_void};
use std::mem::needs_drop;
use std::ptr::NonNull;

use cpython_ffi::calls;
use cpython_ffi::raw::{self, PyObject, PyTypeObject};

use super::Class;
use super::layout::{self, Cell};
use crate::gc::Visit;
use crate::panic;

/// `tp_traverse`: the type, the dict, what the base has, the payload.
pub(super) unsafe extern "C" fn traverse<T: Class>(
    object: *mut PyObject,
    visit: raw::visitproc,
    argument: *mut c_void,
) -> c_int {
    panic::guard_fatal(c"a traverse function panicked", || {
        // SAFETY: C passes an instance, a visitor and its argument, in the middle of a collection.
        unsafe {
            let (Some(object), Some(visit_object)) = (NonNull::new(object), visit) else {
                return 0;
            };
            let class = raw::Py_TYPE(object.as_ptr());
            let base = given_base::<T>(class);
            // A base that is a heap type shows the type itself.
            if !base.is_some_and(|base| is_heap_type(base)) {
                let answer = visit_object(class.cast(), argument);
                if answer != 0 {
                    return answer;
                }
            }
            let has_dict = |base: NonNull<PyTypeObject>| {
                raw::PyType_HasFeature(base.as_ptr(), raw::Py_TPFLAGS_MANAGED_DICT) != 0
            };
            // Once only: a base that has the dict shows it.
            if T::FACTS.with_dict && !base.is_some_and(has_dict) {
                let answer = calls::PyObject_VisitManagedDict(object.as_ptr(), visit, argument);
                if answer != 0 {
                    return answer;
                }
            }
            if let Some(traverse) = base.and_then(|base| (*base.as_ptr()).tp_traverse) {
                let answer = traverse(object.as_ptr(), visit, argument);
                if answer != 0 {
                    return answer;
                }
            }
            let payload = cell_of::<T>(object, class).and_then(Cell::get);
            match (payload, Visit::from_c(visit, argument)) {
                (Some(payload), Some(mut visit)) => {
                    payload.traverse(&mut visit).break_value().map_or(0, |stop| stop.0)
                }
                _ => 0,
            }
        }
    })
}

/// `tp_clear`: only what is behind locks; other threads may be reading the plain fields.
pub(super) unsafe extern "C" fn clear<T: Class>(object: *mut PyObject) -> c_int {
    panic::guard_unraisable(|| {
        // SAFETY: C passes an instance that it keeps alive meanwhile, attached.
        unsafe {
            let Some(object) = NonNull::new(object) else { return };
            let class = raw::Py_TYPE(object.as_ptr());
            if T::FACTS.with_dict {
                calls::PyObject_ClearManagedDict(object.as_ptr());
            }
            if let Some(clear) = given_base::<T>(class).and_then(|base| (*base.as_ptr()).tp_clear) {
                clear(object.as_ptr());
            }
            if let Some(payload) = cell_of::<T>(object, class).and_then(Cell::get) {
                payload.clear();
            }
        }
    });
    0
}

/// `tp_dealloc`. The interpreter's `_Py_Dealloc` keeps deep nesting off the stack.
pub(super) unsafe extern "C" fn dealloc<T: Class>(object: *mut PyObject) {
    // SAFETY: C calls this attached, with an instance that nobody refers to any more.
    unsafe {
        let Some(object) = NonNull::new(object) else { return };
        let class = raw::Py_TYPE(object.as_ptr());
        if (*class).tp_finalize.is_some()
            && calls::PyObject_CallFinalizerFromDealloc(object.as_ptr()) < 0
        {
            return; // alive again
        }
        let collected = raw::PyType_IS_GC(class) != 0;
        if collected {
            calls::PyObject_GC_UnTrack(object.as_ptr().cast());
        }
        if T::FACTS.weakly_referenced {
            calls::PyObject_ClearWeakRefs(object.as_ptr());
        }
        if T::FACTS.with_dict {
            calls::PyObject_ClearManagedDict(object.as_ptr());
        }
        if needs_drop::<T>() {
            drop_payload::<T>(object, class);
        }
        free::<T>(object, class);
    }
}

/// Drops the payload, whose own destructors may run Python and panic.
///
/// # Safety
/// As for `dealloc`, with the object untracked.
unsafe fn drop_payload<T: Class>(object: NonNull<PyObject>, class: *mut PyTypeObject) {
    crate::error::preserve_pending(|| {
        panic::guard_unraisable(|| {
            // SAFETY: nobody refers to the object any more.
            unsafe {
                if let Some(cell) = cell_of::<T>(object, class) {
                    cell.drop_payload();
                }
            }
        });
    });
}

/// Gives the memory back, then the reference to the type.
///
/// # Safety
/// As for `dealloc`, with nothing left in the object.
unsafe fn free<T: Class>(object: NonNull<PyObject>, class: *mut PyTypeObject) {
    // SAFETY: by the caller's word. A base's `tp_dealloc` expects to find the object tracked, and
    // gives up the reference to the type when the base is a heap type.
    unsafe {
        let mut owns_type = true;
        match given_base::<T>(class).and_then(|base| Some((base, (*base.as_ptr()).tp_dealloc?))) {
            Some((base, dealloc)) => {
                owns_type = !is_heap_type(base);
                if raw::PyType_IS_GC(base.as_ptr()) != 0 {
                    calls::PyObject_GC_Track(object.as_ptr().cast());
                }
                dealloc(object.as_ptr());
            }
            None => {
                if let Some(free) = (*class).tp_free {
                    free(object.as_ptr().cast());
                }
            }
        }
        if owns_type {
            raw::Py_DECREF(class.cast());
        }
    }
}

/// The base that the class was given at run time.
///
/// # Safety
/// `class` is the live type of an instance.
unsafe fn given_base<T: Class>(class: *mut PyTypeObject) -> Option<NonNull<PyTypeObject>> {
    if !T::FACTS.given_base {
        return None;
    }
    // SAFETY: live; a type keeps its base alive.
    unsafe { NonNull::new((*layout::made_for::<T>(class)?.as_ptr()).tp_base) }
}

/// The cell of an instance.
///
/// # Safety
/// The object's memory is valid for `'a`, and `class` is its type.
unsafe fn cell_of<'a, T: Class>(
    object: NonNull<PyObject>,
    class: *mut PyTypeObject,
) -> Option<&'a Cell<T>> {
    // SAFETY: by the caller's word.
    unsafe { Some(layout::cell::<T>(object, layout::made_for::<T>(class)?)) }
}

/// Whether a type is a heap type.
///
/// # Safety
/// It is live.
unsafe fn is_heap_type(class: NonNull<PyTypeObject>) -> bool {
    // SAFETY: live.
    unsafe { raw::PyType_HasFeature(class.as_ptr(), raw::Py_TPFLAGS_HEAPTYPE) != 0 }
}
