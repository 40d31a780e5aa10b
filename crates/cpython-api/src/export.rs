//! The slot array of a module's export hook (PEP 793), for interpreters that load a shared object.
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use cpython_ffi::raw::{self, PyABIInfo};
/// What the functions that a library exports give to C.
pub use cpython_ffi::raw::{PyObject, PySlot};

use crate::module::{Facts, Functions, ModuleState, clear, exec, free, traverse};

/// What `PyModExport_<name>` returns, to be a `static` that the `module!` macro makes.
#[repr(transparent)]
pub struct Export<S>([PySlot; 12], PhantomData<fn() -> S>);

// SAFETY: never written after it is made; everything it points to is `'static`.
unsafe impl<S> Sync for Export<S> {}

/// The ABI that these bindings were made for.
#[expect(dead_code, reason = "C reads it")]
struct Abi(PyABIInfo);
// SAFETY: never written.
unsafe impl Sync for Abi {}
static ABI: Abi = Abi(raw::_PyABIInfo_DEFAULT);

impl<S: ModuleState> Export<S> {
    /// The slots of the same module that a [`Definition`](crate::Definition) describes.
    pub const fn new<const N: usize>(
        facts: Facts,
        doc: &'static std::ffi::CStr,
        functions: &'static Functions<S, N>,
    ) -> Self {
        type Exec = unsafe extern "C" fn(*mut PyObject) -> c_int;
        type Traverse = unsafe extern "C" fn(*mut PyObject, raw::visitproc, *mut c_void) -> c_int;
        type Free = unsafe extern "C" fn(*mut c_void);
        const fn function(id: c_int, address: *const ()) -> PySlot {
            // SAFETY: C casts slot functions to this type and back according to the id.
            raw::PySlot_FUNC(id as u16, unsafe {
                std::mem::transmute::<*const (), raw::_Py_funcptr_t>(address)
            })
        }
        const fn fixed<T>(id: c_int, data: *const T) -> PySlot {
            raw::PySlot_STATIC_DATA(id as u16, data.cast_mut().cast())
        }
        const fn number(id: c_int, value: *mut c_void) -> PySlot {
            raw::PySlot_DATA(id as u16, value)
        }
        Self(
            [
                fixed(raw::Py_mod_abi, &raw const ABI),
                fixed(raw::Py_mod_name, facts.name.as_ptr()),
                fixed(raw::Py_mod_doc, doc.as_ptr()),
                fixed(raw::Py_mod_methods, ptr::from_ref(functions)),
                raw::PySlot_SIZE(raw::Py_mod_state_size as u16, crate::module::state_size::<S>()),
                function(raw::Py_mod_state_traverse, traverse::<S> as Traverse as *const ()),
                function(raw::Py_mod_state_clear, clear::<S> as Exec as *const ()),
                function(raw::Py_mod_state_free, free::<S> as Free as *const ()),
                function(raw::Py_mod_exec, exec::<S> as Exec as *const ()),
                number(
                    raw::Py_mod_multiple_interpreters,
                    raw::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
                ),
                number(raw::Py_mod_gil, raw::Py_MOD_GIL_NOT_USED),
                raw::PySlot_END,
            ],
            PhantomData,
        )
    }

    /// The slots for C.
    pub(crate) fn as_ptr(&'static self) -> *mut PySlot {
        self.0.as_ptr().cast_mut()
    }
}
