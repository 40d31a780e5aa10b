//! Modules made from a definition (PEP 489), and what is in them.
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use cpython_ffi::raw::{
    self, PyMethodDef, PyModuleDef, PyModuleDef_Slot, PyObject, PyTypeObject, visitproc,
};

use super::object::{
    PyModule_Type, PyObject_GC_Track, PyObject_GC_UnTrack, free_object, new_object,
};
use super::values::c_text;
use super::{c_functions, memory};

/// A module.
#[repr(C)]
pub(super) struct ModuleObject {
    header: PyObject,
    definition: *mut PyModuleDef,
    state: *mut c_void,
    /// What has been added, or null.
    names: *mut Vec<(String, *mut PyObject)>,
}

/// A module of this definition, which has not been executed.
///
/// # Safety
/// Attached; a definition that `PyModuleDef_Init` has returned.
pub(super) unsafe fn create(definition: *mut PyModuleDef) -> *mut PyObject {
    // SAFETY: by the caller's word.
    unsafe {
        let object = new_object(&raw mut PyModule_Type, size_of::<ModuleObject>());
        let module = object.cast::<ModuleObject>();
        (*module).definition = definition;
        (*module).state = memory::allocate((*definition).m_size as usize);
        (*module).names = Box::into_raw(Box::default());
        PyObject_GC_Track(object.cast());
        object
    }
}

/// Executes a module; 0, or -1 with an exception.
///
/// # Safety
/// Attached; a live module.
pub(super) unsafe fn execute(module: *mut PyObject) -> c_int {
    type Exec = unsafe extern "C" fn(*mut PyObject) -> c_int;
    // SAFETY: by the caller's word; the slot holds what its number says.
    unsafe {
        let mut slot: *mut PyModuleDef_Slot =
            (*(*module.cast::<ModuleObject>()).definition).m_slots;
        while (*slot).slot != 0 {
            if (*slot).slot == raw::Py_mod_exec {
                let run = std::mem::transmute::<*mut c_void, Exec>((*slot).value);
                if run(module) != 0 {
                    return -1;
                }
            }
            slot = slot.add(1);
        }
    }
    0
}

/// The function of this name in a table.
///
/// # Safety
/// The table has its end mark, or is null.
pub(super) unsafe fn find(mut table: *const PyMethodDef, name: &str) -> Option<PyMethodDef> {
    // SAFETY: by the caller's word.
    unsafe {
        while !table.is_null() && !(*table).ml_name.is_null() {
            if c_text((*table).ml_name) == name {
                return Some(*table);
            }
            table = table.add(1);
        }
    }
    None
}

/// The functions of a module.
///
/// # Safety
/// A live module.
pub(super) unsafe fn functions(module: *mut PyObject) -> *const PyMethodDef {
    // SAFETY: by the caller's word.
    unsafe { (*(*module.cast::<ModuleObject>()).definition).m_methods }
}

c_functions! {
    fn PyModuleDef_Init(definition: *mut PyModuleDef) -> *mut PyObject {
        definition.cast()
    }

    fn PyModule_GetState(module: *mut PyObject) -> *mut c_void {
        (*module.cast::<ModuleObject>()).state
    }

    fn PyModule_GetState_DuringGC(module: *mut PyObject) -> *mut c_void {
        (*module.cast::<ModuleObject>()).state
    }

    fn PyModule_AddObjectRef(module: *mut PyObject, name: *const c_char, value: *mut PyObject) -> c_int {
        let names = &mut *(*module.cast::<ModuleObject>()).names;
        names.push((CStr::from_ptr(name).to_string_lossy().into_owned(), raw::Py_NewRef(value)));
        0
    }

    fn PyModule_AddType(module: *mut PyObject, class: *mut PyTypeObject) -> c_int {
        let name = CStr::from_ptr((*class).tp_name).to_bytes_with_nul();
        let start = name.iter().rposition(|&c| c == b'.').map_or(0, |dot| dot + 1);
        PyModule_AddObjectRef(module, name[start..].as_ptr().cast(), class.cast())
    }
}

/// # Safety
/// A live module, and what C passes to a `tp_traverse`.
pub(super) unsafe extern "C" fn traverse_module(
    object: *mut PyObject,
    visit: visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: by the caller's word.
    unsafe {
        let module = object.cast::<ModuleObject>();
        if let (Some(traverse), false) =
            ((*(*module).definition).m_traverse, (*module).state.is_null())
        {
            traverse(object, visit, argument);
        }
        for (_, value) in (*module).names.as_ref().into_iter().flatten() {
            visit.map(|visit| visit(*value, argument));
        }
    }
    0
}

/// # Safety
/// A live module.
pub(super) unsafe extern "C" fn clear_module(object: *mut PyObject) -> c_int {
    // SAFETY: by the caller's word. Counts are given up when they are not to be found any more.
    unsafe {
        let module = object.cast::<ModuleObject>();
        if let Some(clear) = (*(*module).definition).m_clear {
            clear(object);
        }
        let names = std::mem::take(&mut *(*module).names);
        names.into_iter().for_each(|(_, value)| raw::Py_DECREF(value));
    }
    0
}

/// # Safety
/// A module that nobody refers to.
pub(super) unsafe extern "C" fn dealloc_module(object: *mut PyObject) {
    // SAFETY: by the caller's word.
    unsafe {
        PyObject_GC_UnTrack(object.cast());
        let module = object.cast::<ModuleObject>();
        if let Some(free) = (*(*module).definition).m_free {
            free(object.cast());
        }
        let names = Box::from_raw(ptr::replace(&raw mut (*module).names, ptr::null_mut()));
        names.into_iter().for_each(|(_, value)| raw::Py_DECREF(value));
        memory::free((*module).state);
        free_object(object.cast());
    }
}
