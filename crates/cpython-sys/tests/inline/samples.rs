//! Macros that read an object, on every object of `samples.py`.

use crate::{original, report::Report, sys};
use std::ffi::{CString, c_char, c_int, c_uint, c_ulong, c_void};
use sys::{Py_ssize_t, PyObject, PyTypeObject};

/// Compares `name(op)` in Rust and C.
macro_rules! compare {
    ($report:ident, $label:expr, $op:expr; $($name:ident -> $result:ty;)*) => {$(
        // SAFETY: a live object of the type that the macro is for.
        #[allow(unused_unsafe, reason = "it may stand in an unsafe block")]
        let (rust, c) = unsafe {
            (sys::$name($op.cast()), original!($name: fn(*mut PyObject) -> $result)($op))
        };
        $report.same(format_args!("{}({})", stringify!($name), $label), rust, c);
    )*};
}

/// Compares on all samples.
pub(crate) fn compare(report: &mut Report, module: *mut PyObject) {
    for (label, op) in samples(module) {
        any(report, &label, op);
        // SAFETY: a live object.
        unsafe {
            if sys::PyLong_Check(op) != 0 {
                int(report, &label, op);
            } else if sys::PyFloat_Check(op) != 0 {
                let c = original!(PyFloat_AS_DOUBLE: fn(*mut PyObject) -> f64)(op);
                let rust = sys::PyFloat_AS_DOUBLE(op);
                report.same("PyFloat_AS_DOUBLE", rust.to_bits(), c.to_bits());
            } else if sys::PyUnicode_Check(op) != 0 {
                string(report, &label, op);
            } else {
                collection(report, &label, op);
            }
        }
    }
}

fn any(report: &mut Report, label: &str, op: *mut PyObject) {
    compare! { report, label, op;
        Py_TYPE -> *mut PyTypeObject;
        Py_REFCNT -> Py_ssize_t;
        _Py_IsImmortal -> c_int;
        PyLong_Check -> c_int;
        PyList_Check -> c_int;
        PyTuple_Check -> c_int;
        PyBytes_Check -> c_int;
        PyUnicode_Check -> c_int;
        PyDict_Check -> c_int;
        PyType_Check -> c_int;
        PyExceptionInstance_Check -> c_int;
        PyExceptionClass_Check -> c_int;
        PyLong_CheckExact -> c_int;
        PyList_CheckExact -> c_int;
        PyTuple_CheckExact -> c_int;
        PyBytes_CheckExact -> c_int;
        PyUnicode_CheckExact -> c_int;
        PyDict_CheckExact -> c_int;
        PyFrozenDict_CheckExact -> c_int;
        PyType_CheckExact -> c_int;
        PyFloat_CheckExact -> c_int;
        PyComplex_CheckExact -> c_int;
        PyByteArray_CheckExact -> c_int;
        PySet_CheckExact -> c_int;
        PyFrozenSet_CheckExact -> c_int;
        PyModule_CheckExact -> c_int;
        PyCFunction_CheckExact -> c_int;
        PyCapsule_CheckExact -> c_int;
        PyWeakref_CheckRefExact -> c_int;
        PyBool_Check -> c_int;
        PyMemoryView_Check -> c_int;
        PyPickleBuffer_Check -> c_int;
        PySlice_Check -> c_int;
        PyRange_Check -> c_int;
        PyFunction_Check -> c_int;
        PyMethod_Check -> c_int;
        PyCode_Check -> c_int;
        PyFrame_Check -> c_int;
        PyTraceBack_Check -> c_int;
        PyFloat_Check -> c_int;
        PyComplex_Check -> c_int;
        PyByteArray_Check -> c_int;
        PyFrozenDict_Check -> c_int;
        PySet_Check -> c_int;
        PyFrozenSet_Check -> c_int;
        PyAnySet_Check -> c_int;
        PyAnyDict_Check -> c_int;
        PyModule_Check -> c_int;
        PyCFunction_Check -> c_int;
        PyWeakref_CheckRef -> c_int;
    }
    singletons(report, label, op);

    let is_gc = original!(PyType_IS_GC: fn(*mut PyTypeObject) -> c_int);
    let has_feature = original!(PyType_HasFeature: fn(*mut PyTypeObject, c_ulong) -> c_int);
    let is_type = original!(Py_IS_TYPE: fn(*mut PyObject, *mut PyTypeObject) -> c_int);
    let type_check = original!(PyObject_TypeCheck: fn(*mut PyObject, *mut PyTypeObject) -> c_int);
    // SAFETY: a live object, its type, and built-in types.
    unsafe {
        let ty = sys::Py_TYPE(op);
        report.same(label, sys::PyType_IS_GC(ty), is_gc(ty));
        for bit in 0..c_ulong::BITS {
            report.same(label, sys::PyType_HasFeature(ty, 1 << bit), has_feature(ty, 1 << bit));
        }
        for other in [ty, &raw mut sys::PyLong_Type, &raw mut sys::PyBaseObject_Type] {
            report.same(label, sys::Py_IS_TYPE(op, other), is_type(op, other));
            report.same(label, sys::PyObject_TypeCheck(op, other), type_check(op, other));
        }
    }
}

fn singletons(report: &mut Report, label: &str, op: *mut PyObject) {
    let is_none = original!(Py_IsNone: fn(*mut PyObject) -> c_int);
    let is_true = original!(Py_IsTrue: fn(*mut PyObject) -> c_int);
    let is_false = original!(Py_IsFalse: fn(*mut PyObject) -> c_int);
    let rust = [sys::Py_IsNone(op), sys::Py_IsTrue(op), sys::Py_IsFalse(op)];
    // SAFETY: a live object.
    let c = unsafe { [is_none(op), is_true(op), is_false(op)] };
    report.same(label, rust, c);
}

fn int(report: &mut Report, label: &str, op: *mut PyObject) {
    compare! { report, label, op; PyUnstable_Long_IsCompact -> c_int; }
    // SAFETY: a live int; the value is asked of a compact one.
    unsafe {
        if sys::PyUnstable_Long_IsCompact(op.cast()) != 0 {
            compare! { report, label, op; PyUnstable_Long_CompactValue -> Py_ssize_t; }
            let value = sys::PyUnstable_Long_CompactValue(op.cast());
            report.same(label, value, sys::PyLong_AsSsize_t(op));
        }
    }
}

fn string(report: &mut Report, label: &str, op: *mut PyObject) {
    compare! { report, label, op;
        PyUnicode_GET_LENGTH -> Py_ssize_t;
        PyUnicode_KIND -> c_int;
        PyUnicode_IS_ASCII -> c_uint;
        PyUnicode_IS_COMPACT -> c_uint;
        PyUnicode_IS_COMPACT_ASCII -> c_int;
        PyUnicode_DATA -> *mut c_void;
        PyUnicode_MAX_CHAR_VALUE -> u32;
    }
    let read = original!(PyUnicode_READ: fn(c_int, *mut c_void, Py_ssize_t) -> u32);
    let read_char = original!(PyUnicode_READ_CHAR: fn(*mut PyObject, Py_ssize_t) -> u32);
    // SAFETY: a live str, read up to the zero that follows its code points.
    unsafe {
        let (kind, data) = (sys::PyUnicode_KIND(op), sys::PyUnicode_DATA(op));
        for index in 0..=sys::PyUnicode_GET_LENGTH(op) {
            let rust = sys::PyUnicode_READ(kind, data, index);
            report.same(label, rust, read(kind, data, index));
            report.same(label, sys::PyUnicode_READ_CHAR(op, index), read_char(op, index));
        }
    }
}

/// Sizes, items and bytes, by type.
fn collection(report: &mut Report, label: &str, op: *mut PyObject) {
    // SAFETY: a live object, given to the macros of its type only.
    unsafe {
        if original::is_datetime(op) {
            compare! { report, label, op;
                PyDateTime_GET_YEAR -> c_int;
                PyDateTime_GET_MONTH -> c_int;
                PyDateTime_GET_DAY -> c_int;
                PyDateTime_DATE_GET_HOUR -> c_int;
                PyDateTime_DATE_GET_MINUTE -> c_int;
                PyDateTime_DATE_GET_SECOND -> c_int;
                PyDateTime_DATE_GET_MICROSECOND -> c_int;
                PyDateTime_DATE_GET_FOLD -> c_int;
                PyDateTime_DATE_GET_TZINFO -> *mut PyObject;
            }
        } else if sys::PyBytes_Check(op) != 0 {
            compare! { report, label, op;
                PyBytes_GET_SIZE -> Py_ssize_t;
                PyBytes_AS_STRING -> *mut c_char;
                Py_SIZE -> Py_ssize_t;
            }
        } else if sys::PyByteArray_Check(op) != 0 {
            compare! { report, label, op;
                PyByteArray_GET_SIZE -> Py_ssize_t;
                PyByteArray_AS_STRING -> *mut c_char;
            }
        } else if sys::PyAnyDict_Check(op) != 0 {
            compare! { report, label, op; PyDict_GET_SIZE -> Py_ssize_t; }
        } else if sys::PyAnySet_Check(op) != 0 {
            compare! { report, label, op; PySet_GET_SIZE -> Py_ssize_t; }
        } else if sys::PyList_Check(op) != 0 {
            compare! { report, label, op; PyList_GET_SIZE -> Py_ssize_t; }
            let item = original!(PyList_GET_ITEM: fn(*mut PyObject, Py_ssize_t) -> *mut PyObject);
            for index in 0..sys::PyList_GET_SIZE(op) {
                report.same(label, sys::PyList_GET_ITEM(op, index), item(op, index));
            }
        } else if sys::PyTuple_Check(op) != 0 {
            compare! { report, label, op;
                PyTuple_GET_SIZE -> Py_ssize_t;
                Py_SIZE -> Py_ssize_t;
            }
            let item = original!(PyTuple_GET_ITEM: fn(*mut PyObject, Py_ssize_t) -> *mut PyObject);
            for index in 0..sys::PyTuple_GET_SIZE(op) {
                report.same(label, sys::PyTuple_GET_ITEM(op, index), item(op, index));
            }
        }
    }
}

/// The objects of `samples.py` with their representations; the module keeps them alive. A capsule,
/// which Python code cannot make, is added.
fn samples(module: *mut PyObject) -> Vec<(String, *mut PyObject)> {
    let code = CString::new(include_str!("samples.py")).unwrap();
    // SAFETY: the thread is attached; each result is checked before it is used.
    unsafe {
        let globals = sys::PyModule_GetDict(module);
        let done = sys::PyRun_StringFlags(
            code.as_ptr(),
            sys::Py_file_input,
            globals,
            globals,
            std::ptr::null_mut(),
        );
        if done.is_null() {
            sys::PyErr_Print();
            panic!("samples.py failed");
        }
        sys::Py_DECREF(done);
        let list = sys::PyObject_GetAttrString(module, c"samples".as_ptr());
        assert!(!list.is_null() && sys::PyList_Check(list) != 0);
        let capsule = sys::PyCapsule_New(module.cast(), c"sample".as_ptr(), None);
        assert_eq!(sys::PyList_Append(list, capsule), 0);
        (0..sys::PyList_GET_SIZE(list))
            .map(|index| {
                let op = sys::PyList_GET_ITEM(list, index);
                let text = sys::PyObject_ASCII(op);
                assert!(!text.is_null());
                let data = sys::PyUnicode_DATA(text).cast::<u8>();
                let length = sys::PyUnicode_GET_LENGTH(text).unsigned_abs().min(60);
                let label = std::slice::from_raw_parts(data, length);
                (String::from_utf8_lossy(label).into_owned(), op)
            })
            .collect()
    }
}
