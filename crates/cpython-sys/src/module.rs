//! What a module's static tables are made of (`moduleobject.h`, `modsupport.h`, `slots.h`).

use crate::{
    _Py_funcptr_t, PY_VERSION_HEX, Py_ssize_t, PyABIInfo, PyABIInfo_DEFAULT_ABI_VERSION,
    PyABIInfo_DEFAULT_FLAGS, PyModuleDef_Base, PyObject_HEAD_INIT, PySlot, PySlot__bindgen_ty_1,
    PySlot__bindgen_ty_2, PySlot_INTPTR, PySlot_STATIC,
};
use core::{
    ffi::c_void,
    ptr::{null_mut, without_provenance_mut},
};

/// The start of every `PyModuleDef`.
pub const PyModuleDef_HEAD_INIT: PyModuleDef_Base = PyModuleDef_Base {
    ob_base: PyObject_HEAD_INIT(null_mut()),
    m_init: None,
    m_index: 0,
    m_copy: null_mut(),
};

/// For `Py_mod_multiple_interpreters`: the main interpreter only.
pub const Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED: *mut c_void = null_mut();
/// For `Py_mod_multiple_interpreters`: interpreters that share the GIL.
pub const Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED: *mut c_void = without_provenance_mut(1);
/// For `Py_mod_multiple_interpreters`: interpreters with a GIL of their own too.
pub const Py_MOD_PER_INTERPRETER_GIL_SUPPORTED: *mut c_void = without_provenance_mut(2);

/// For `Py_mod_gil`: importing the module turns the GIL on.
pub const Py_MOD_GIL_USED: *mut c_void = null_mut();
/// For `Py_mod_gil`: the module is safe without the GIL.
pub const Py_MOD_GIL_NOT_USED: *mut c_void = without_provenance_mut(1);

/// What C's `PyABIInfo_VAR(name)` puts into `name`: the ABI that these bindings were made for.
pub const _PyABIInfo_DEFAULT: PyABIInfo = PyABIInfo {
    abiinfo_major_version: 1,
    abiinfo_minor_version: 0,
    flags: PyABIInfo_DEFAULT_FLAGS,
    build_version: PY_VERSION_HEX,
    abi_version: PyABIInfo_DEFAULT_ABI_VERSION,
};

/// The last entry of an array of slots.
pub const PySlot_END: PySlot = slot(0, 0, PySlot__bindgen_ty_2 { sl_uint64: 0 });

/// A slot whose value is a pointer to data that is copied.
#[must_use]
pub const fn PySlot_DATA(id: u16, value: *mut c_void) -> PySlot {
    slot(id, PySlot_INTPTR, PySlot__bindgen_ty_2 { sl_ptr: value })
}

/// A slot whose value is a pointer to data that lives as long as the process.
#[must_use]
pub const fn PySlot_STATIC_DATA(id: u16, value: *mut c_void) -> PySlot {
    slot(id, PySlot_STATIC, PySlot__bindgen_ty_2 { sl_ptr: value })
}

/// A slot whose value is a function.
#[must_use]
pub const fn PySlot_FUNC(id: u16, value: _Py_funcptr_t) -> PySlot {
    slot(id, 0, PySlot__bindgen_ty_2 { sl_func: value })
}

/// A slot whose value is a size.
#[must_use]
pub const fn PySlot_SIZE(id: u16, value: Py_ssize_t) -> PySlot {
    slot(id, 0, PySlot__bindgen_ty_2 { sl_size: value })
}

/// A slot whose value is a signed number.
#[must_use]
pub const fn PySlot_INT64(id: u16, value: i64) -> PySlot {
    slot(id, 0, PySlot__bindgen_ty_2 { sl_int64: value })
}

/// A slot whose value is an unsigned number.
#[must_use]
pub const fn PySlot_UINT64(id: u16, value: u64) -> PySlot {
    slot(id, 0, PySlot__bindgen_ty_2 { sl_uint64: value })
}

const fn slot(sl_id: u16, sl_flags: u16, value: PySlot__bindgen_ty_2) -> PySlot {
    PySlot {
        sl_id,
        sl_flags,
        __bindgen_anon_1: PySlot__bindgen_ty_1 { sl_reserved: 0 },
        __bindgen_anon_2: value,
    }
}
