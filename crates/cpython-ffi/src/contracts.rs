//! The macro that declares a C call with its contract and proves it against the generated bindings.
use std::ffi::{c_char, c_double, c_int, c_long, c_uint, c_ulong, c_void};
use std::ptr::NonNull;

use cpython_sys as raw;

use crate::{Owned, Ref, Status};

/// What a contract type is in C.
///
/// # Safety
/// `Self` and `Self::Raw` have the same size, alignment and calling convention, and every bit
/// pattern that C may produce in that place is valid for `Self`.
pub unsafe trait Raw {
    /// The type that the generated bindings use in this place.
    type Raw;
}

/// Each line: contract type => raw type. The sizes are compared here, once per type.
macro_rules! raw_types {
    ($($contract:ty => $raw:ty),* $(,)?) => {$(
        // SAFETY: transparent over the raw type (or the type itself), as the assertion shows.
        unsafe impl Raw for $contract { type Raw = $raw; }
        const _: () = assert!(
            size_of::<$contract>() == size_of::<$raw>() && align_of::<$contract>() == align_of::<$raw>()
        );
    )*};
}

raw_types! {
    Ref => *mut raw::PyObject,
    Option<Ref> => *mut raw::PyObject,
    Owned => *mut raw::PyObject,
    Option<Owned> => *mut raw::PyObject,
    Status => c_int,
    NonNull<raw::PyThreadState> => *mut raw::PyThreadState,
    Option<NonNull<raw::PyThreadState>> => *mut raw::PyThreadState,
    Option<NonNull<raw::PyInterpreterGuard>> => *mut raw::PyInterpreterGuard,
    NonNull<raw::PyInterpreterGuard> => *mut raw::PyInterpreterGuard,
    Option<NonNull<raw::PyInterpreterView>> => *mut raw::PyInterpreterView,
    NonNull<raw::PyInterpreterView> => *mut raw::PyInterpreterView,
    Option<NonNull<raw::PyUnicodeWriter>> => *mut raw::PyUnicodeWriter,
    NonNull<raw::PyUnicodeWriter> => *mut raw::PyUnicodeWriter,
    *mut raw::PyObject => *mut raw::PyObject,
    *const *mut raw::PyObject => *const *mut raw::PyObject,
    *mut *mut raw::PyObject => *mut *mut raw::PyObject,
    *mut raw::PyTypeObject => *mut raw::PyTypeObject,
    *mut raw::PyInterpreterState => *mut raw::PyInterpreterState,
    *mut raw::PyModuleDef => *mut raw::PyModuleDef,
    *mut raw::PyMethodDef => *mut raw::PyMethodDef,
    *mut raw::PyType_Spec => *mut raw::PyType_Spec,
    *mut raw::Py_buffer => *mut raw::Py_buffer,
    *const raw::Py_buffer => *const raw::Py_buffer,
    *mut raw::PyMutex => *mut raw::PyMutex,
    *mut raw::PyCriticalSection => *mut raw::PyCriticalSection,
    *mut raw::PyCriticalSection2 => *mut raw::PyCriticalSection2,
    *const c_char => *const c_char,
    *mut c_char => *mut c_char,
    *mut *mut c_char => *mut *mut c_char,
    *mut c_void => *mut c_void,
    *const c_void => *const c_void,
    *mut isize => *mut isize,
    *mut *mut raw::PyTypeObject => *mut *mut raw::PyTypeObject,
    c_char => c_char,
    *mut c_int => *mut c_int,
    raw::PyCFunction => raw::PyCFunction,
    raw::PyCapsule_Destructor => raw::PyCapsule_Destructor,
    raw::visitproc => raw::visitproc,
    raw::atexit_datacallbackfunc => raw::atexit_datacallbackfunc,
    Option<unsafe extern "C" fn()> => Option<unsafe extern "C" fn()>,
    c_double => c_double,
    c_int => c_int,
    c_uint => c_uint,
    c_long => c_long,
    c_ulong => c_ulong,
    isize => isize,
    usize => usize,
    () => (),
}

/// Declares C calls with their contracts.
///
/// `runs` marks a call that may run Python code (and so may free whatever is not counted);
/// `quiet` marks one that never does. Each declaration is compared, type by type, with the
/// binding generated from the headers: a contract that disagrees does not compile.
macro_rules! contracts {
    ($($(#[doc = $doc:literal])* $effect:ident fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)?;)*) => {
        unsafe extern "C" {
            $(
                $(#[doc = $doc])*
                #[doc = ""]
                #[doc = contracts!(@effect $effect)]
                #[doc = ""]
                #[doc = "# Safety"]
                #[doc = "The thread is attached (unless said otherwise) and each argument keeps its type's promise."]
                pub fn $name($($arg: $type),*) $(-> $ret)?;
            )*
        }
        $(
            const _: unsafe extern "C" fn($(<$type as $crate::Raw>::Raw),*) $(-> <$ret as $crate::Raw>::Raw)? =
                cpython_sys::$name;
        )*
    };
    (@effect runs) => { "May run Python." };
    (@effect quiet) => { "Never runs Python." };
}
