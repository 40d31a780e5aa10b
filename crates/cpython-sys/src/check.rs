//! Type checks: `PyX_Check` for a type and its subclasses, `PyX_CheckExact` for the type alone.

use crate::{Py_IS_TYPE, Py_TYPE, PyObject, PyObject_TypeCheck, PyType_HasFeature, PyTypeObject};
use core::ffi::c_int;

/// Checks by a bit in `tp_flags` that subclasses inherit: as cheap as an exact check.
macro_rules! flag_checks {
    ($($name:ident $flag:ident;)*) => {$(
        #[doc = concat!("Whether the type of the object has [`", stringify!($flag), "`](crate::", stringify!($flag), ").")]
        ///
        /// # Safety
        /// `op` is a live object.
        #[inline(always)]
        pub unsafe fn $name(op: *mut PyObject) -> c_int {
            // SAFETY: a live object's type is live.
            unsafe { PyType_HasFeature(Py_TYPE(op), crate::$flag) }
        }
    )*};
}

flag_checks! {
    PyLong_Check Py_TPFLAGS_LONG_SUBCLASS;
    PyList_Check Py_TPFLAGS_LIST_SUBCLASS;
    PyTuple_Check Py_TPFLAGS_TUPLE_SUBCLASS;
    PyBytes_Check Py_TPFLAGS_BYTES_SUBCLASS;
    PyUnicode_Check Py_TPFLAGS_UNICODE_SUBCLASS;
    PyDict_Check Py_TPFLAGS_DICT_SUBCLASS;
    PyType_Check Py_TPFLAGS_TYPE_SUBCLASS;
    PyExceptionInstance_Check Py_TPFLAGS_BASE_EXC_SUBCLASS;
}

/// Checks that no subclass passes.
macro_rules! exact_checks {
    ($($name:ident $ty:ident;)*) => {$(
        #[doc = concat!("Whether the type of the object is [`", stringify!($ty), "`](crate::", stringify!($ty), ") itself.")]
        ///
        /// # Safety
        /// `op` is a live object.
        #[inline(always)]
        pub unsafe fn $name(op: *mut PyObject) -> c_int {
            // SAFETY: the caller promises what it asks.
            unsafe { Py_IS_TYPE(op, &raw mut crate::$ty) }
        }
    )*};
}

exact_checks! {
    PyLong_CheckExact PyLong_Type;
    PyList_CheckExact PyList_Type;
    PyTuple_CheckExact PyTuple_Type;
    PyBytes_CheckExact PyBytes_Type;
    PyUnicode_CheckExact PyUnicode_Type;
    PyDict_CheckExact PyDict_Type;
    PyFrozenDict_CheckExact PyFrozenDict_Type;
    PyType_CheckExact PyType_Type;
    PyFloat_CheckExact PyFloat_Type;
    PyComplex_CheckExact PyComplex_Type;
    PyByteArray_CheckExact PyByteArray_Type;
    PySet_CheckExact PySet_Type;
    PyFrozenSet_CheckExact PyFrozenSet_Type;
    PyModule_CheckExact PyModule_Type;
    PyCFunction_CheckExact PyCFunction_Type;
    PyCapsule_CheckExact PyCapsule_Type;
    PyWeakref_CheckRefExact _PyWeakref_RefType;
    PyBool_Check PyBool_Type;
    PyMemoryView_Check PyMemoryView_Type;
    PyPickleBuffer_Check PyPickleBuffer_Type;
    PySlice_Check PySlice_Type;
    PyRange_Check PyRange_Type;
    PyFunction_Check PyFunction_Type;
    PyMethod_Check PyMethod_Type;
    PyCode_Check PyCode_Type;
    PyFrame_Check PyFrame_Type;
    PyTraceBack_Check PyTraceBack_Type;
}

/// Checks that walk the bases of the object's type when it is not the type itself.
macro_rules! subtype_checks {
    ($($name:ident $ty:ident;)*) => {$(
        #[doc = concat!("Whether the object is an instance of [`", stringify!($ty), "`](crate::", stringify!($ty), ") or of a subclass.")]
        ///
        /// # Safety
        /// `op` is a live object.
        #[inline(always)]
        pub unsafe fn $name(op: *mut PyObject) -> c_int {
            // SAFETY: the caller promises what it asks; a built-in type is ready.
            unsafe { PyObject_TypeCheck(op, &raw mut crate::$ty) }
        }
    )*};
}

subtype_checks! {
    PyFloat_Check PyFloat_Type;
    PyComplex_Check PyComplex_Type;
    PyByteArray_Check PyByteArray_Type;
    PyFrozenDict_Check PyFrozenDict_Type;
    PySet_Check PySet_Type;
    PyFrozenSet_Check PyFrozenSet_Type;
    PyModule_Check PyModule_Type;
    PyCFunction_Check PyCFunction_Type;
    PyWeakref_CheckRef _PyWeakref_RefType;
}

/// Whether the object is a class that derives from `BaseException`.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
pub unsafe fn PyExceptionClass_Check(op: *mut PyObject) -> c_int {
    // SAFETY: the object is asked for its flags only when it is a type.
    unsafe {
        (PyType_Check(op) != 0
            && PyType_HasFeature(op.cast::<PyTypeObject>(), crate::Py_TPFLAGS_BASE_EXC_SUBCLASS)
                != 0)
            .into()
    }
}

/// Whether the object is a `set` or a `frozenset`, or an instance of a subclass of one.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
pub unsafe fn PyAnySet_Check(op: *mut PyObject) -> c_int {
    // SAFETY: the caller promises what they ask.
    unsafe { (PySet_Check(op) != 0 || PyFrozenSet_Check(op) != 0).into() }
}

/// Whether the object is a `dict` or a `frozendict`, or an instance of a subclass of one.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
pub unsafe fn PyAnyDict_Check(op: *mut PyObject) -> c_int {
    // SAFETY: the caller promises what they ask.
    unsafe { (PyDict_Check(op) != 0 || PyFrozenDict_Check(op) != 0).into() }
}
