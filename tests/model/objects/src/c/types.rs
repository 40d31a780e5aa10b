//! Heap types, from a spec.
use std::ffi::{c_int, c_ulong, c_void};
use std::ptr;

use cpython_ffi::raw::{
    self, PyHeapTypeObject, PyObject, PyType_Slot, PyType_Spec, PyTypeObject, visitproc,
};

use super::object::{
    PyBaseObject_Type, PyObject_Free, PyObject_GC_Del, PyObject_GC_Track, PyObject_GC_UnTrack,
    PyType_Type, free_object, new_object,
};
use super::{c_functions, error};

c_functions! {
    fn PyType_FromMetaclass(
        metaclass: *mut PyTypeObject,
        module: *mut PyObject,
        spec: *mut PyType_Spec,
        bases: *mut PyObject,
    ) -> *mut PyObject {
        assert!(metaclass.is_null());
        let base = if bases.is_null() { &raw mut PyBaseObject_Type } else { bases.cast() };
        let object = new_object(&raw mut PyType_Type, size_of::<PyHeapTypeObject>());
        let (heap, class) = (object.cast::<PyHeapTypeObject>(), object.cast::<PyTypeObject>());
        (*heap).ht_module = raw::Py_XNewRef(module);
        (*class).tp_base = raw::Py_NewRef(base.cast()).cast();
        (*class).tp_name = (*spec).name;
        let size = (*spec).basicsize as isize;
        let above = rounded((*base).tp_basicsize);
        (*class).tp_basicsize = if size < 0 { above + rounded(-size) } else { size };
        (*class).tp_flags = c_ulong::from((*spec).flags) | raw::Py_TPFLAGS_HEAPTYPE as c_ulong;
        (*class).tp_alloc = (*base).tp_alloc;
        (*class).tp_dealloc = (*base).tp_dealloc;
        let collected = raw::PyType_IS_GC(class) != 0;
        (*class).tp_free = Some(if collected { PyObject_GC_Del } else { PyObject_Free });
        let mut slot = (*spec).slots;
        while (*slot).slot != 0 {
            fill(heap, *slot);
            slot = slot.add(1);
        }
        PyObject_GC_Track(object.cast());
        object
    }

    fn PyType_GetTypeDataSize(class: *mut PyTypeObject) -> isize {
        (*class).tp_basicsize - rounded((*(*class).tp_base).tp_basicsize)
    }

    fn PyType_GetFlags(class: *mut PyTypeObject) -> c_ulong {
        (*class).tp_flags
    }

    fn PyType_GetModule(class: *mut PyTypeObject) -> *mut PyObject {
        let module = (*class.cast::<PyHeapTypeObject>()).ht_module;
        if module.is_null() {
            error::set(raw::PyExc_TypeError, c"no module");
        }
        module
    }
}

/// As C aligns what a class adds to its base.
fn rounded(size: isize) -> isize {
    (size + 15) & !15
}

/// Puts a slot where it belongs.
///
/// # Safety
/// The class is being made; the slot holds what its number says.
unsafe fn fill(heap: *mut PyHeapTypeObject, PyType_Slot { slot, pfunc }: PyType_Slot) {
    if pfunc.is_null() {
        return;
    }
    // SAFETY: by the caller's word, a function or table of the field's type; all are as large as a pointer.
    unsafe {
        let class = &raw mut (*heap).ht_type;
        macro_rules! put {
            ($field:ident) => {
                (&raw mut (*class).$field).cast::<*mut c_void>().write(pfunc)
            };
        }
        match slot {
            raw::Py_tp_token => (*heap).ht_token = pfunc,
            raw::Py_tp_methods => put!(tp_methods),
            raw::Py_tp_traverse => put!(tp_traverse),
            raw::Py_tp_clear => put!(tp_clear),
            raw::Py_tp_dealloc => put!(tp_dealloc),
            raw::Py_tp_new => put!(tp_new),
            raw::Py_tp_vectorcall => put!(tp_vectorcall),
            raw::Py_tp_doc => {}
            other => panic!("the model has no slot {other}"),
        }
    }
}

/// # Safety
/// A live type, and what C passes to a `tp_traverse`.
pub(super) unsafe extern "C" fn traverse_type(
    object: *mut PyObject,
    visit: visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: a heap type: no other is shown to the collector.
    unsafe {
        let heap = object.cast::<PyHeapTypeObject>();
        for referent in [(*heap).ht_module, (*heap).ht_type.tp_base.cast()] {
            if let (false, Some(visit)) = (referent.is_null(), visit) {
                visit(referent, argument);
            }
        }
    }
    0
}

/// # Safety
/// A live heap type.
pub(super) unsafe extern "C" fn clear_type(object: *mut PyObject) -> c_int {
    // SAFETY: by the caller's word. The count is given up when the field does not have it any more.
    unsafe {
        let module =
            ptr::replace(&raw mut (*object.cast::<PyHeapTypeObject>()).ht_module, ptr::null_mut());
        raw::Py_XDECREF(module);
    }
    0
}

/// # Safety
/// A heap type that nobody refers to.
pub(super) unsafe extern "C" fn dealloc_type(object: *mut PyObject) {
    // SAFETY: by the caller's word.
    unsafe {
        PyObject_GC_UnTrack(object.cast());
        clear_type(object);
        raw::Py_DECREF((*object.cast::<PyTypeObject>()).tp_base.cast());
        free_object(object.cast());
    }
}
