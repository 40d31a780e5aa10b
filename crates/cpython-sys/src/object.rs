//! The header of every object, and the singletons (`object.h`).

use crate::{Py_ssize_t, PyObject, PyTypeObject, PyVarObject};
use core::ffi::{c_int, c_ulong, c_void};

/// The type of an object; borrowed.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
pub unsafe fn Py_TYPE(op: *mut PyObject) -> *mut PyTypeObject {
    // SAFETY: a live object's field.
    unsafe { (*op).ob_type }
}

/// Whether the type of `op` is `ty` and not a subclass of it.
///
/// # Safety
/// `op` is a live object.
#[inline(always)]
pub unsafe fn Py_IS_TYPE(op: *mut PyObject, ty: *mut PyTypeObject) -> c_int {
    // SAFETY: the caller promises what it asks.
    unsafe { (Py_TYPE(op) == ty).into() }
}

/// Whether `op` is an instance of `ty` or of a subclass of it.
///
/// # Safety
/// `op` is a live object and `ty` a ready type.
#[inline(always)]
pub unsafe fn PyObject_TypeCheck(op: *mut PyObject, ty: *mut PyTypeObject) -> c_int {
    // SAFETY: the caller promises what they ask.
    unsafe { (Py_IS_TYPE(op, ty) != 0 || crate::PyType_IsSubtype(Py_TYPE(op), ty) != 0).into() }
}

/// The number of items of a variable-size object that is not an `int`.
///
/// # Safety
/// `op` is a live object that starts with a [`PyVarObject`].
#[inline(always)]
pub unsafe fn Py_SIZE(op: *mut PyObject) -> Py_ssize_t {
    // SAFETY: a field of what the caller promises to be there.
    unsafe { (*op.cast::<PyVarObject>()).ob_size }
}

/// Sets the number of items of a variable-size object.
///
/// # Safety
/// As for [`Py_SIZE`]; nobody else can be using the object.
#[inline(always)]
pub unsafe fn Py_SET_SIZE(op: *mut PyVarObject, size: Py_ssize_t) {
    // SAFETY: a field of what the caller promises to be there.
    unsafe { store_size(&raw mut (*op).ob_size, size) }
}

/// Whether a type has one of the `Py_TPFLAGS_` bits in `feature`.
///
/// # Safety
/// `ty` is a live type.
#[inline(always)]
pub unsafe fn PyType_HasFeature(ty: *mut PyTypeObject, feature: c_ulong) -> c_int {
    // SAFETY: a live type's field, which changes only while all other threads are stopped.
    unsafe { ((*ty).tp_flags & feature != 0).into() }
}

/// Whether instances of a type take part in garbage collection.
///
/// # Safety
/// `ty` is a live type.
#[inline(always)]
pub unsafe fn PyType_IS_GC(ty: *mut PyTypeObject) -> c_int {
    // SAFETY: the caller promises what it asks.
    unsafe { PyType_HasFeature(ty, crate::Py_TPFLAGS_HAVE_GC) }
}

/// Whether both are the same object.
#[inline(always)]
#[must_use]
pub fn Py_Is(x: *mut PyObject, y: *mut PyObject) -> c_int {
    (x == y).into()
}

macro_rules! singletons {
    ($($name:ident $test:ident = $object:ident, $text:literal;)*) => {$(
        #[doc = concat!($text, "; immortal.")]
        #[inline(always)]
        #[must_use]
        pub fn $name() -> *mut PyObject {
            (&raw mut crate::$object).cast()
        }

        #[doc = concat!("Whether the object is ", $text, ".")]
        #[inline(always)]
        #[must_use]
        pub fn $test(op: *mut PyObject) -> c_int {
            Py_Is(op, $name())
        }
    )*};
}

singletons! {
    Py_None Py_IsNone = _Py_NoneStruct, "`None`";
    Py_True Py_IsTrue = _Py_TrueStruct, "`True`";
    Py_False Py_IsFalse = _Py_FalseStruct, "`False`";
}

/// `NotImplemented`; immortal.
#[inline(always)]
#[must_use]
pub fn Py_NotImplemented() -> *mut PyObject {
    &raw mut crate::_Py_NotImplementedStruct
}

/// `...`; immortal.
#[inline(always)]
#[must_use]
pub fn Py_Ellipsis() -> *mut PyObject {
    &raw mut crate::_Py_EllipsisObject
}

/// The header of an object that is statically allocated, and so immortal.
#[must_use]
pub const fn PyObject_HEAD_INIT(ob_type: *mut PyTypeObject) -> PyObject {
    #[cfg(not(Py_GIL_DISABLED))]
    return PyObject {
        __bindgen_anon_1: crate::_object__bindgen_ty_1 {
            ob_refcnt_full: crate::_Py_STATIC_IMMORTAL_INITIAL_REFCNT,
        },
        ob_type,
    };
    #[cfg(Py_GIL_DISABLED)]
    return PyObject {
        ob_tid: 0,
        ob_flags: crate::_Py_STATICALLY_ALLOCATED_FLAG as u16,
        ob_mutex: crate::PyMutex { _bits: 0 },
        ob_gc_bits: 0,
        ob_ref_local: u32::MAX, // _Py_IMMORTAL_REFCNT_LOCAL
        ob_ref_shared: 0,
        ob_type,
    };
}

/// The token of `Py_tp_token` that stands for the spec itself.
pub const Py_TP_USE_SPEC: *mut c_void = core::ptr::null_mut();

/// Reads a size that another thread may be writing in a free-threaded build.
///
/// # Safety
/// `size` may be read and is written atomically only.
#[inline(always)]
pub(crate) unsafe fn load_size(size: *mut Py_ssize_t) -> Py_ssize_t {
    #[cfg(not(Py_GIL_DISABLED))]
    // SAFETY: it may be read, and the GIL keeps writers away.
    return unsafe { *size };
    #[cfg(Py_GIL_DISABLED)]
    // SAFETY: it may be read, and every writer is atomic.
    return unsafe {
        core::sync::atomic::AtomicIsize::from_ptr(size).load(core::sync::atomic::Ordering::Relaxed)
    };
}

/// Writes a size that another thread may be reading in a free-threaded build.
///
/// # Safety
/// `size` may be written, and no other thread writes it now.
#[inline(always)]
unsafe fn store_size(size: *mut Py_ssize_t, value: Py_ssize_t) {
    #[cfg(not(Py_GIL_DISABLED))]
    // SAFETY: it may be written, and the GIL keeps readers away.
    unsafe {
        *size = value;
    }
    #[cfg(Py_GIL_DISABLED)]
    // SAFETY: it may be written, and readers are atomic.
    unsafe {
        core::sync::atomic::AtomicIsize::from_ptr(size)
            .store(value, core::sync::atomic::Ordering::Relaxed);
    }
}
