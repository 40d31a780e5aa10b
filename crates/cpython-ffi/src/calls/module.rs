//! Modules, types, capsules, imports: `moduleobject.h`, `object.h`, `pycapsule.h`, `import.h`, `objimpl.h`.
use std::ffi::{c_char, c_int, c_void};

use cpython_sys::{
    PyCFunction, PyCapsule_Destructor, PyMethodDef, PyModuleDef, PyObject, PyType_Spec,
    PyTypeObject, visitproc,
};

use crate::{Owned, Ref, Status};

contracts! {
    /// Prepares a module definition for multi-phase initialisation; returns it, borrowed.
    quiet fn PyModuleDef_Init(def: *mut PyModuleDef) -> *mut PyObject;
    /// The state of a module; null (without an exception) before `exec` and for modules without state.
    quiet fn PyModule_GetState(module: Ref) -> *mut c_void;
    /// The same, callable from traverse and clear.
    quiet fn PyModule_GetState_DuringGC(module: *mut PyObject) -> *mut c_void;
    /// `setattr(module, name, value)` at definition time.
    runs fn PyModule_AddObjectRef(module: Ref, name: *const c_char, value: Option<Ref>) -> Status;
    /// Adds an `int`.
    runs fn PyModule_AddIntConstant(module: Ref, name: *const c_char, value: std::ffi::c_long) -> Status;
    /// Adds a type under its own name, readying it.
    runs fn PyModule_AddType(module: Ref, class: *mut PyTypeObject) -> Status;
    /// Adds functions from a table that outlives the module.
    runs fn PyModule_AddFunctions(module: Ref, table: *mut PyMethodDef) -> Status;
    /// `module.__name__`.
    quiet fn PyModule_GetNameObject(module: Ref) -> Option<Owned>;
    /// A heap type that belongs to `module`.
    runs fn PyType_FromMetaclass(metaclass: *mut PyTypeObject, module: Option<Ref>, spec: *mut PyType_Spec, bases: Option<Ref>) -> Option<Owned>;
    /// The module of a heap type, borrowed; null with a `TypeError` when it has none.
    quiet fn PyType_GetModule(class: *mut PyTypeObject) -> Option<Ref>;
    /// The first superclass with the token: 1 and a counted type, 0 and null, or -1 with an exception.
    quiet fn PyType_GetBaseByToken(class: *mut PyTypeObject, token: *mut c_void, result: *mut *mut PyTypeObject) -> Status;
    /// The name of a type with its module before it, as `%T` shows it.
    runs fn PyType_GetFullyQualifiedName(class: *mut PyTypeObject) -> Option<Owned>;
    /// The dict of a type, which only its maker may change.
    quiet fn PyType_GetDict(class: *mut PyTypeObject) -> Option<Owned>;
    /// Tells the caches that a type has changed.
    quiet fn PyType_Modified(class: *mut PyTypeObject) -> ();
    /// The default `tp_alloc`.
    runs fn PyType_GenericAlloc(class: *mut PyTypeObject, items: isize) -> Option<Owned>;
    /// Frees the memory of a collected object.
    quiet fn PyObject_GC_Del(memory: *mut c_void) -> ();
    /// Frees the memory of an uncollected object.
    quiet fn PyObject_Free(memory: *mut c_void) -> ();
    /// Hides a collected object from the collector.
    quiet fn PyObject_GC_UnTrack(o: *mut c_void) -> ();
    /// Shows a collected object to the collector.
    quiet fn PyObject_GC_Track(o: *mut c_void) -> ();
    /// Shows the attributes of an object with a managed dict.
    quiet fn PyObject_VisitManagedDict(o: *mut PyObject, visit: visitproc, argument: *mut c_void) -> c_int;
    /// Lets go of the attributes of an object with a managed dict.
    runs fn PyObject_ClearManagedDict(o: *mut PyObject) -> ();
    /// The memory that `class` (made with a negative basicsize) adds to its base.
    quiet fn PyObject_GetTypeData_DuringGC(o: *mut PyObject, class: *mut PyTypeObject) -> *mut c_void;
    /// Clears weak references before deallocation.
    runs fn PyObject_ClearWeakRefs(o: *mut PyObject) -> ();
    /// Calls `tp_finalize` from `tp_dealloc`; negative when the object came back to life.
    runs fn PyObject_CallFinalizerFromDealloc(o: *mut PyObject) -> c_int;
    /// What a built-in function calls.
    quiet fn PyCFunction_GetFunction(function: Ref) -> PyCFunction;
    /// A capsule around `pointer` with a `name` that outlives it.
    runs fn PyCapsule_New(pointer: *mut c_void, name: *const c_char, destructor: PyCapsule_Destructor) -> Option<Owned>;
    /// The pointer of a capsule with exactly this name; null with an exception otherwise.
    quiet fn PyCapsule_GetPointer(capsule: Ref, name: *const c_char) -> *mut c_void;
    /// The name of a capsule, or null.
    quiet fn PyCapsule_GetName(capsule: Ref) -> *const c_char;
    /// The context of a capsule, or null.
    quiet fn PyCapsule_GetContext(capsule: Ref) -> *mut c_void;
    /// Sets the context of a capsule.
    quiet fn PyCapsule_SetContext(capsule: Ref, context: *mut c_void) -> Status;
    /// 1 when it is a capsule of this name with a non-null pointer.
    quiet fn PyCapsule_IsValid(capsule: Ref, name: *const c_char) -> c_int;
    /// `from module import attribute`.
    runs fn PyImport_ImportModuleAttr(module: Ref, attribute: Ref) -> Option<Owned>;
    /// `import name`.
    runs fn PyImport_Import(name: Ref) -> Option<Owned>;
}
