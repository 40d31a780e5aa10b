//! Objects: their memory, their counts, and the classes that C defines statically.
use std::ffi::{CStr, c_int, c_ulong, c_void};
use std::ptr;
use std::sync::atomic::Ordering;

use cpython_ffi::raw::{
    self, PyASCIIObject, PyLongObject, PyObject, PyTupleObject, PyTypeObject, PyVarObject,
    destructor,
};

use super::error::{Exception, dealloc_exception};
use super::module::{ModuleObject, clear_module, dealloc_module, traverse_module};
use super::thread::{Interpreter, SendPtr, lock};
use super::types::{clear_type, dealloc_type, traverse_type};
use super::values::{Callable, Capsule, dealloc_capsule, dealloc_plain, dealloc_tuple};
use super::{c_functions, memory};

/// A new object with one count, unknown to the collector; zeroed behind its header.
///
/// # Safety
/// Attached; the class is live, and its instances are of this size at least.
pub(super) unsafe fn new_object(class: *mut PyTypeObject, size: usize) -> *mut PyObject {
    let object = memory::allocate(size).cast::<PyObject>();
    // SAFETY: zeroed memory of the size of an object, to be one.
    unsafe {
        (*object).ob_type = class;
        (*object).__bindgen_anon_1.ob_refcnt_full = 1;
        raw::Py_INCREF(class.cast());
    }
    Interpreter::current().objects.fetch_add(1, Ordering::Relaxed);
    object
}

/// Gives the memory of an object back, and what it counts of its class, if that is C's.
///
/// # Safety
/// Attached; nobody refers to the object, and the collector does not know it.
pub(super) unsafe fn free_object(object: *mut c_void) {
    Interpreter::current().objects.fetch_sub(1, Ordering::Relaxed);
    // SAFETY: by the caller's word.
    unsafe { memory::free(object) };
}

c_functions! {
    fn _Py_Dealloc(object: *mut PyObject) {
        let class = raw::Py_TYPE(object);
        ((*class).tp_dealloc.expect("every class has one"))(object);
    }

    fn PyType_GenericAlloc(class: *mut PyTypeObject, items: isize) -> *mut PyObject {
        assert_eq!(items, 0);
        let object = new_object(class, (*class).tp_basicsize as usize);
        if raw::PyType_IS_GC(class) != 0 {
            PyObject_GC_Track(object.cast());
        }
        object
    }

    fn PyObject_Free(object: *mut c_void) {
        free_object(object);
    }

    fn PyObject_GC_Del(object: *mut c_void) {
        free_object(object);
    }

    fn PyObject_GC_Track(object: *mut c_void) {
        let mut tracked = lock(&Interpreter::current().tracked);
        assert!(tracked.iter().all(|other| other.0.cast() != object), "tracked twice");
        tracked.push(SendPtr(object.cast()));
    }

    fn PyObject_GC_UnTrack(object: *mut c_void) {
        lock(&Interpreter::current().tracked).retain(|other| other.0.cast() != object);
    }

    /// No class of the model has a finalizer, weak references or a dict.
    fn PyObject_CallFinalizerFromDealloc(_object: *mut PyObject) -> c_int {
        unreachable!()
    }

    fn PyObject_ClearWeakRefs(_object: *mut PyObject) {
        unreachable!()
    }

    fn PyObject_ClearManagedDict(_object: *mut PyObject) {
        unreachable!()
    }

    fn PyObject_VisitManagedDict(
        _object: *mut PyObject,
        _visit: raw::visitproc,
        _argument: *mut c_void,
    ) -> c_int {
        unreachable!()
    }

    fn PyType_IsSubtype(derived: *mut PyTypeObject, base: *mut PyTypeObject) -> c_int {
        let mut class = derived;
        while !class.is_null() && class != base {
            class = (*class).tp_base;
        }
        (!class.is_null()).into()
    }

    fn PyObject_IsInstance(object: *mut PyObject, class: *mut PyObject) -> c_int {
        PyType_IsSubtype(raw::Py_TYPE(object), class.cast())
    }
}

/// A class of C's: immortal, and complete from the start.
const fn static_type(
    name: &'static CStr,
    size: usize,
    flags: i64,
    base: *mut PyTypeObject,
    dealloc: destructor,
) -> PyTypeObject {
    // SAFETY: a C struct of numbers and pointers, for which zero is C's own initial value.
    let mut class: PyTypeObject = unsafe { std::mem::zeroed() };
    class.ob_base.ob_base.ob_type = &raw mut PyType_Type;
    class.ob_base.ob_base.__bindgen_anon_1.ob_refcnt_full = raw::_Py_IMMORTAL_INITIAL_REFCNT as _;
    class.tp_name = name.as_ptr();
    class.tp_basicsize = size as isize;
    class.tp_flags =
        raw::Py_TPFLAGS_DEFAULT as c_ulong | raw::Py_TPFLAGS_BASETYPE as c_ulong | flags as c_ulong;
    class.tp_base = base;
    class.tp_dealloc = dealloc;
    class.tp_alloc = Some(PyType_GenericAlloc);
    class.tp_free = Some(PyObject_Free);
    class
}

/// Each line: the symbol, its Python name, what it is in memory, its flags, its destructor.
macro_rules! static_types {
    ($($symbol:ident, $name:literal, $type:ty, $flags:expr, $dealloc:expr;)*) => {$(
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals, reason = "the name is C's")]
        pub(super) static mut $symbol: PyTypeObject = static_type(
            $name, size_of::<$type>(), $flags as i64, &raw mut PyBaseObject_Type, $dealloc,
        );
    )*};
}

static_types! {
    PyLong_Type, c"int", PyLongObject, raw::Py_TPFLAGS_LONG_SUBCLASS, Some(dealloc_plain);
    PyUnicode_Type, c"str", PyASCIIObject, raw::Py_TPFLAGS_UNICODE_SUBCLASS, Some(dealloc_plain);
    PyTuple_Type, c"tuple", PyTupleObject, raw::Py_TPFLAGS_TUPLE_SUBCLASS, Some(dealloc_tuple);
    PyCapsule_Type, c"PyCapsule", Capsule, 0, Some(dealloc_capsule);
    PyCFunction_Type, c"builtin_function_or_method", Callable, 0, Some(dealloc_plain);
    PyBool_Type, c"bool", PyLongObject, raw::Py_TPFLAGS_LONG_SUBCLASS, None;
    _PyNone_Type, c"NoneType", PyObject, 0, None;
}

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the name is C's")]
pub(super) static mut PyBaseObject_Type: PyTypeObject =
    static_type(c"object", size_of::<PyObject>(), 0, ptr::null_mut(), Some(dealloc_plain));

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the name is C's")]
pub(super) static mut PyType_Type: PyTypeObject = {
    let flags = raw::Py_TPFLAGS_TYPE_SUBCLASS as i64 | raw::Py_TPFLAGS_HAVE_GC as i64;
    let base = &raw mut PyBaseObject_Type;
    let mut class =
        static_type(c"type", size_of::<raw::PyHeapTypeObject>(), flags, base, Some(dealloc_type));
    class.tp_traverse = Some(traverse_type);
    class.tp_clear = Some(clear_type);
    class
};

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the name is C's")]
pub(super) static mut PyModule_Type: PyTypeObject = {
    let (size, base) = (size_of::<ModuleObject>(), &raw mut PyBaseObject_Type);
    let gc = raw::Py_TPFLAGS_HAVE_GC as i64;
    let mut class = static_type(c"module", size, gc, base, Some(dealloc_module));
    class.tp_traverse = Some(traverse_module);
    class.tp_clear = Some(clear_module);
    class
};

/// Each line: the symbol of the class's address, its Python name, the class above it.
macro_rules! exceptions {
    ($($symbol:ident, $class:ident, $name:literal, $base:expr;)*) => {$(
        #[allow(non_upper_case_globals, reason = "the name is C's")]
        static mut $class: PyTypeObject = static_type(
            $name, size_of::<Exception>(), raw::Py_TPFLAGS_BASE_EXC_SUBCLASS as i64, $base, Some(dealloc_exception),
        );
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals, reason = "the name is C's")]
        pub(super) static mut $symbol: *mut PyObject = (&raw mut $class).cast();
    )*};
}

exceptions! {
    PyExc_BaseException, BaseException, c"BaseException", &raw mut PyBaseObject_Type;
    PyExc_Exception, Exception_, c"Exception", &raw mut BaseException;
    PyExc_AttributeError, AttributeError, c"AttributeError", &raw mut Exception_;
    PyExc_MemoryError, MemoryError, c"MemoryError", &raw mut Exception_;
    PyExc_OverflowError, OverflowError, c"OverflowError", &raw mut Exception_;
    PyExc_RuntimeError, RuntimeError, c"RuntimeError", &raw mut Exception_;
    PyExc_SystemError, SystemError, c"SystemError", &raw mut Exception_;
    PyExc_TypeError, TypeError, c"TypeError", &raw mut Exception_;
    PyExc_ValueError, ValueError, c"ValueError", &raw mut Exception_;
}

/// `None`, which is nobody's.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the name is C's")]
pub(super) static mut _Py_NoneStruct: PyObject = {
    // SAFETY: a C struct of numbers and pointers.
    let mut none: PyObject = unsafe { std::mem::zeroed() };
    none.ob_type = &raw mut _PyNone_Type;
    none.__bindgen_anon_1.ob_refcnt_full = raw::_Py_IMMORTAL_INITIAL_REFCNT as _;
    none
};

/// How many bytes a variable object has.
pub(super) const fn with_items<T>(head: usize, count: usize) -> usize {
    let size = head + count * size_of::<T>();
    if size < size_of::<PyVarObject>() { size_of::<PyVarObject>() } else { size }
}
