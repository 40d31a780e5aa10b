//! An extension module that runs every inline macro of cpython-sys next to its C original, on real
//! objects in a real interpreter. Importing it is the test; `../inline.rs` does that.
#![expect(unsafe_code, reason = "raw bindings are called")]

#[macro_use]
mod original;
mod counts;
mod report;
mod samples;
mod tables;
mod threads;

use cpython_sys as sys;
use report::Report;
use std::ffi::{CString, c_int, c_void};

/// What the interpreter calls when it imports the module.
///
/// # Safety
/// Only the import system calls it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit_compare() -> *mut sys::PyObject {
    let slots = Box::leak(Box::new([
        module_slot(sys::Py_mod_exec, exec as *mut c_void),
        module_slot(sys::Py_mod_multiple_interpreters, sys::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED),
        module_slot(sys::Py_mod_gil, sys::Py_MOD_GIL_NOT_USED),
        module_slot(0, std::ptr::null_mut()),
    ]));
    let definition = Box::leak(Box::new(sys::PyModuleDef {
        m_base: sys::PyModuleDef_HEAD_INIT,
        m_name: c"compare".as_ptr(),
        m_doc: std::ptr::null(),
        m_size: 0,
        m_methods: std::ptr::null_mut(),
        m_slots: slots.as_mut_ptr(),
        m_traverse: None,
        m_clear: None,
        m_free: None,
    }));
    // SAFETY: the definition lives as long as the process.
    unsafe { sys::PyModuleDef_Init(definition) }
}

/// Compares everything, prints how much that was, and raises if anything differs.
extern "C" fn exec(module: *mut sys::PyObject) -> c_int {
    let mut report = Report::default();
    samples::compare(&mut report, module);
    counts::compare(&mut report);
    tables::compare(&mut report);
    threads::compare(&mut report);
    println!("{report}");
    if report.is_clean() {
        return 0;
    }
    let text = CString::new(report.to_string()).unwrap_or_default();
    // SAFETY: the thread is attached: it is importing the module.
    unsafe { sys::PyErr_SetString(sys::PyExc_AssertionError, text.as_ptr()) };
    -1
}

fn module_slot(slot: c_int, value: *mut c_void) -> sys::PyModuleDef_Slot {
    sys::PyModuleDef_Slot { slot, value }
}
