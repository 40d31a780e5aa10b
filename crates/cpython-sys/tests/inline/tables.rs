//! Static tables, singletons, calls and the macros that write.

use crate::{original::symbol, report::Report, sys};
use std::{
    ffi::{CStr, c_void},
    ptr::null_mut,
    slice,
};
use sys::{PY_VECTORCALL_ARGUMENTS_OFFSET, Py_ssize_t, PyObject, PyTypeObject, PyVarObject};

/// Compares what does not depend on a sample object.
pub(crate) fn compare(report: &mut Report) {
    singletons(report);
    headers(report);
    slots(report);
    items(report);
    calls(report);
}

fn singletons(report: &mut Report) {
    // SAFETY: functions without arguments.
    unsafe {
        report.same("None", sys::Py_None(), original!(Py_None: fn() -> *mut PyObject)());
        report.same("True", sys::Py_True(), original!(Py_True: fn() -> *mut PyObject)());
        report.same("False", sys::Py_False(), original!(Py_False: fn() -> *mut PyObject)());
        let c = original!(Py_NotImplemented: fn() -> *mut PyObject)();
        report.same("NotImplemented", sys::Py_NotImplemented(), c);
        report.same("...", sys::Py_Ellipsis(), original!(Py_Ellipsis: fn() -> *mut PyObject)());
        let is = original!(Py_Is: fn(*mut PyObject, *mut PyObject) -> std::ffi::c_int);
        let (x, y) = (sys::Py_None(), sys::Py_True());
        report.same("Py_Is", [sys::Py_Is(x, y), sys::Py_Is(x, x)], [is(x, y), is(x, x)]);
    }
}

fn headers(report: &mut Report) {
    let ty = &raw mut sys::PyBaseObject_Type;
    let mut c = sys::PyObject_HEAD_INIT(null_mut());
    // SAFETY: C fills in a header; the tables are as long as they are declared to be in inline.c.
    unsafe {
        original!(PyObject_HEAD_INIT: fn(*mut PyObject, *mut PyTypeObject))(&mut c, ty);
        let rust = sys::PyObject_HEAD_INIT(ty);
        report.same("PyObject_HEAD_INIT", bytes(&rust), bytes(&c));

        let c = symbol("c_PyModuleDef_HEAD_INIT").cast::<sys::PyModuleDef_Base>();
        report.same("PyModuleDef_HEAD_INIT", bytes(&sys::PyModuleDef_HEAD_INIT), bytes(&*c));

        let c = original!(_PyABIInfo_DEFAULT: fn() -> *mut sys::PyABIInfo)();
        report.same("_PyABIInfo_DEFAULT", bytes(&sys::_PyABIInfo_DEFAULT), bytes(&*c));

        let rust = [
            sys::Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
            sys::Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED,
            sys::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
            sys::Py_MOD_GIL_USED,
            sys::Py_MOD_GIL_NOT_USED,
            sys::Py_TP_USE_SPEC,
        ];
        report.same("values of slots", rust, *symbol("c_module_values").cast::<[*mut c_void; 6]>());
    }
}

fn slots(report: &mut Report) {
    let text = |slot: &sys::PySlot| {
        // SAFETY: the first two slots point to text.
        unsafe { CStr::from_ptr(slot.__bindgen_anon_2.sl_ptr.cast()) }.to_owned()
    };
    // SAFETY: the table is as long as it is declared to be in inline.c; C gave the function.
    let (c, function) = unsafe {
        let function: unsafe extern "C" fn() = std::mem::transmute(symbol("c_PyMutex_Lock"));
        (&*symbol("c_slots").cast::<[sys::PySlot; 7]>(), function)
    };
    let id = |id: std::ffi::c_int| u16::try_from(id).unwrap();
    let rust = [
        sys::PySlot_DATA(id(sys::Py_mod_name), c"a".as_ptr().cast_mut().cast()),
        sys::PySlot_STATIC_DATA(id(sys::Py_mod_methods), c"b".as_ptr().cast_mut().cast()),
        sys::PySlot_FUNC(id(sys::Py_mod_exec), Some(function)),
        sys::PySlot_SIZE(id(sys::Py_mod_state_size), -5),
        sys::PySlot_INT64(id(sys::Py_tp_flags), -6),
        sys::PySlot_UINT64(id(sys::Py_tp_flags), u64::MAX),
        sys::PySlot_END,
    ];
    for (index, (rust, c)) in rust.iter().zip(c).enumerate() {
        let head = size_of::<sys::PySlot>() - size_of::<*mut c_void>();
        report.same(format_args!("slot {index}"), &bytes(rust)[..head], &bytes(c)[..head]);
        if index < 2 {
            report.same(format_args!("slot {index}"), text(rust), text(c)); // two copies of a text
        } else {
            report.same(format_args!("slot {index}"), bytes(rust), bytes(c));
        }
    }
}

fn items(report: &mut Report) {
    let set_list = original!(PyList_SET_ITEM: fn(*mut PyObject, Py_ssize_t, *mut PyObject));
    let set_tuple = original!(PyTuple_SET_ITEM: fn(*mut PyObject, Py_ssize_t, *mut PyObject));
    let set_size = original!(Py_SET_SIZE: fn(*mut PyVarObject, Py_ssize_t));
    // SAFETY: new objects that nobody else knows; the items are immortal.
    unsafe {
        let (list, tuple) = (sys::PyList_New(2), sys::PyTuple_New(2));
        sys::PyList_SET_ITEM(list, 0, sys::Py_True());
        set_list(list, 1, sys::Py_True());
        report.same("PyList_SET_ITEM", sys::PyList_GetItem(list, 0), sys::PyList_GetItem(list, 1));
        sys::PyTuple_SET_ITEM(tuple, 0, sys::Py_True());
        set_tuple(tuple, 1, sys::Py_True());
        let (rust, c) = (sys::PyTuple_GetItem(tuple, 0), sys::PyTuple_GetItem(tuple, 1));
        report.same("PyTuple_SET_ITEM", rust, c);
        sys::Py_DECREF(list);
        sys::Py_DECREF(tuple);

        let ob_base = sys::PyObject_HEAD_INIT(&raw mut sys::PyTuple_Type);
        let mut rust = PyVarObject { ob_base, ob_size: 1 };
        let mut c = PyVarObject { ob_base, ob_size: 1 };
        sys::Py_SET_SIZE(&mut rust, 77);
        set_size(&mut c, 77);
        report.same("Py_SET_SIZE", bytes(&rust), bytes(&c));
    }
}

fn calls(report: &mut Report) {
    let nargs = original!(PyVectorcall_NARGS: fn(usize) -> Py_ssize_t);
    for count in [0, 1, 2, 1000, isize::MAX.cast_unsigned()] {
        for flagged in [count, count | PY_VECTORCALL_ARGUMENTS_OFFSET] {
            // SAFETY: a function of numbers.
            report.same(flagged, sys::PyVectorcall_NARGS(flagged), unsafe { nargs(flagged) });
        }
    }
    let no_args =
        original!(PyObject_CallMethodNoArgs: fn(*mut PyObject, *mut PyObject) -> *mut PyObject);
    let one_arg = original!(
        PyObject_CallMethodOneArg: fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject
    );
    // SAFETY: strings; each result is checked, compared by `==`, and given back.
    unsafe {
        let text = |text: &CStr| sys::PyUnicode_FromString(text.as_ptr());
        let (value, upper, split, b) = (text(c"abc"), text(c"upper"), text(c"split"), text(c"b"));
        let mut results = [
            (sys::PyObject_CallMethodNoArgs(value, upper), no_args(value, upper)),
            (sys::PyObject_CallMethodOneArg(value, split, b), one_arg(value, split, b)),
        ];
        for (rust, c) in &mut results {
            assert!(!rust.is_null() && !c.is_null());
            report.same("method call", sys::PyObject_RichCompareBool(*rust, *c, sys::Py_EQ), 1);
            sys::Py_CLEAR(rust);
            sys::Py_CLEAR(c);
        }
        [value, upper, split, b].into_iter().for_each(|op| sys::Py_DECREF(op));
        report.same("not a method", sys::PyObject_CallMethodNoArgs(sys::Py_None(), b), null_mut());
        sys::PyErr_Clear();
    }
}

fn bytes<T>(value: &T) -> &[u8] {
    // SAFETY: used for structs without padding only.
    unsafe { slice::from_raw_parts((&raw const *value).cast(), size_of::<T>()) }
}
