//! Reference counts: the bytes of the object's header after Rust's macro and after C's.

use crate::{report::Report, sys};
use std::{
    cell::Cell,
    ffi::{c_int, c_void},
    ptr::null_mut,
};
use sys::{Py_ssize_t, PyObject};

type Action = unsafe extern "C" fn(*mut PyObject);
type Header = [u8; size_of::<PyObject>()];

/// Compares on real objects and on headers made up to stand at every threshold.
pub(crate) fn compare(report: &mut Report) {
    made_up(report);
    real(report);
    last_reference(report);
    clear(report);
}

/// A header that no object owns, so that any count can be written into it.
fn made_up(report: &mut Report) {
    let incref: Action = original!(Py_INCREF: fn(*mut PyObject));
    let decref: Action = original!(Py_DECREF: fn(*mut PyObject));
    let refcnt = original!(Py_REFCNT: fn(*mut PyObject) -> Py_ssize_t);
    let is_immortal = original!(_Py_IsImmortal: fn(*mut PyObject) -> c_int);
    for (label, header) in headers() {
        let (mut rust, mut c) = (header, header);
        // SAFETY: the macros touch the header alone while the count stays above zero.
        unsafe {
            report.same(&label, sys::Py_REFCNT(&mut rust), refcnt(&mut c));
            report.same(&label, sys::_Py_IsImmortal(&mut rust), is_immortal(&mut c));
            let totals = [
                ref_total(),
                {
                    sys::Py_INCREF(&mut rust);
                    ref_total()
                },
                {
                    incref(&mut c);
                    ref_total()
                },
            ];
            report.same(&label, bytes(&rust), bytes(&c));
            report.same(&label, totals[1] - totals[0], totals[2] - totals[1]);
            report.same(&label, sys::Py_REFCNT(&mut rust), refcnt(&mut c));
            report.same(&label, sys::_Py_IsImmortal(&mut rust), is_immortal(&mut c));
        }
        if !may_decref(&header) {
            continue;
        }
        let (mut rust, mut c) = (header, header);
        // SAFETY: as above.
        unsafe {
            let totals = [
                ref_total(),
                {
                    sys::Py_DECREF(&mut rust);
                    ref_total()
                },
                {
                    decref(&mut c);
                    ref_total()
                },
            ];
            report.same(&label, bytes(&rust), bytes(&c));
            report.same(&label, totals[1] - totals[0], totals[2] - totals[1]);
        }
    }
}

#[cfg(not(Py_GIL_DISABLED))]
fn headers() -> Vec<(String, PyObject)> {
    [0, 1, 2, 3, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xbfff_fffe, 0xbfff_ffff]
        .into_iter()
        .chain([0xc000_0000, 0xc000_0001, 0xf000_0000, u32::MAX - 1, u32::MAX])
        .map(|count: u32| {
            let mut header = sys::PyObject_HEAD_INIT(&raw mut sys::PyBaseObject_Type);
            header.__bindgen_anon_1.ob_refcnt_full = count.into();
            (format!("count {count:#x}"), header)
        })
        .collect()
}

#[cfg(not(Py_GIL_DISABLED))]
fn may_decref(header: &PyObject) -> bool {
    // SAFETY: all of the union's bytes are set.
    let count = unsafe { header.__bindgen_anon_1.ob_refcnt_full };
    // A debug build takes the largest counts for freed objects.
    count > 1 && (!sys::DEBUG || count < 0xff00_0000)
}

#[cfg(Py_GIL_DISABLED)]
fn headers() -> Vec<(String, PyObject)> {
    let mut headers = Vec::new();
    for owner in [sys::_Py_ThreadId(), 0, 0x1234_5670] {
        for local in [0, 1, 2, 3, 1 << 31, u32::MAX - 1, u32::MAX] {
            for shared in
                [0, 1, 2, 3, 5 << 2, 5 << 2 | 1, 5 << 2 | 2, 5 << 2 | 3, -3 << 2, -3 << 2 | 3]
            {
                let mut header = sys::PyObject_HEAD_INIT(&raw mut sys::PyBaseObject_Type);
                (header.ob_tid, header.ob_ref_local, header.ob_ref_shared) = (owner, local, shared);
                headers.push((format!("owner {owner:#x} local {local} shared {shared}"), header));
            }
        }
    }
    headers
}

/// Neither the last local reference, which merges, nor a shared one that queues or destroys.
#[cfg(Py_GIL_DISABLED)]
fn may_decref(header: &PyObject) -> bool {
    match header.ob_ref_local {
        u32::MAX => true,
        local if header.ob_tid == sys::_Py_ThreadId() => local > 1,
        _ => header.ob_ref_shared >> 2 == 5,
    }
}

/// Immortal and mortal objects of this thread: up in one language, down in the other.
fn real(report: &mut Report) {
    let incref: Action = original!(Py_INCREF: fn(*mut PyObject));
    let decref: Action = original!(Py_DECREF: fn(*mut PyObject));
    // SAFETY: live objects; each reference taken is given back.
    unsafe {
        let mortal = sys::PyList_New(0);
        for (label, op) in [("None", sys::Py_None()), ("a list", mortal)] {
            let before = bytes(op);
            sys::Py_INCREF(op);
            let rust = bytes(op);
            decref(op);
            report.same(format_args!("{label}: C undoes Rust"), bytes(op), before);
            incref(op);
            report.same(format_args!("{label}: Py_INCREF"), rust, bytes(op));
            sys::Py_DECREF(op);
            report.same(format_args!("{label}: Rust undoes C"), bytes(op), before);

            sys::Py_XINCREF(op);
            original!(Py_XDECREF: fn(*mut PyObject))(op);
            original!(Py_XINCREF: fn(*mut PyObject))(op);
            sys::Py_XDECREF(op);
            report.same(format_args!("{label}: Py_XINCREF"), bytes(op), before);

            let new_ref = original!(Py_NewRef: fn(*mut PyObject) -> *mut PyObject);
            report.same(label, sys::Py_NewRef(op), new_ref(op));
            let new_ref = original!(Py_XNewRef: fn(*mut PyObject) -> *mut PyObject);
            report.same(label, sys::Py_XNewRef(op), new_ref(op));
            if label != "None" {
                report.same(label, sys::Py_REFCNT(op), 5);
            }
            (0..4).for_each(|_| sys::Py_DECREF(op));
            report.same(format_args!("{label}: Py_NewRef"), bytes(op), before);
        }
        sys::Py_DECREF(mortal);
        sys::Py_XINCREF(null_mut());
        sys::Py_XDECREF(null_mut());
        report.same("Py_XNewRef(NULL)", sys::Py_XNewRef(null_mut()), null_mut());
    }
}

thread_local!(static DESTROYED: Cell<usize> = const { Cell::new(0) });

extern "C" fn count_destroyed(_: *mut PyObject) {
    DESTROYED.set(DESTROYED.get() + 1);
}

/// An object that tells when it is destroyed.
pub(crate) fn mortal(destructor: sys::PyCapsule_Destructor) -> *mut PyObject {
    // SAFETY: the thread is attached; the pointer is never followed.
    let op =
        unsafe { sys::PyCapsule_New(std::ptr::dangling_mut::<c_void>(), null_mut(), destructor) };
    assert!(!op.is_null());
    op
}

/// The last reference destroys, once, and no earlier one does.
fn last_reference(report: &mut Report) {
    let decref: Action = original!(Py_DECREF: fn(*mut PyObject));
    let rust: Action = {
        /// # Safety
        /// As for the macro.
        unsafe extern "C" fn rust(op: *mut PyObject) {
            // SAFETY: the caller owns a reference.
            unsafe { sys::Py_DECREF(op) }
        }
        rust
    };
    for (label, action) in [("Rust", rust), ("C", decref)] {
        let before = DESTROYED.get();
        let op = mortal(Some(count_destroyed));
        // SAFETY: two references, both given back.
        unsafe {
            sys::Py_INCREF(op);
            action(op);
            report.same(format_args!("{label}: one reference left"), DESTROYED.get(), before);
            action(op);
        }
        report.same(format_args!("{label}: none left"), DESTROYED.get(), before + 1);
    }
}

fn clear(report: &mut Report) {
    let c = original!(Py_CLEAR: fn(*mut *mut PyObject));
    // SAFETY: a place that owns its reference, then is empty.
    unsafe {
        let before = DESTROYED.get();
        let (mut left, mut right) = (mortal(Some(count_destroyed)), mortal(Some(count_destroyed)));
        for _ in 0..2 {
            sys::Py_CLEAR(&mut left);
            c(&mut right);
            report.same("Py_CLEAR", (left, DESTROYED.get()), (right, before + 2));
        }
    }
}

fn bytes(op: *const PyObject) -> Header {
    // SAFETY: a header has no padding, and nothing else is using the object.
    unsafe { op.cast::<Header>().read_unaligned() }
}

/// How many references a debug build thinks there are; it finds leaks by this.
#[cfg(Py_REF_DEBUG)]
fn ref_total() -> Py_ssize_t {
    // SAFETY: the thread is attached.
    unsafe { sys::_Py_GetGlobalRefTotal() }
}

#[cfg(not(Py_REF_DEBUG))]
fn ref_total() -> Py_ssize_t {
    0
}
