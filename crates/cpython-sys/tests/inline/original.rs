//! The C originals: functions of `inline.c`, loaded from the library that the test compiled.

use std::{
    env,
    ffi::{CString, c_char, c_int, c_void},
    sync::OnceLock,
};

/// `original!(Py_TYPE: fn(*mut PyObject) -> *mut PyTypeObject)` is the C function `c_Py_TYPE`.
macro_rules! original {
    ($name:ident: fn($($argument:ty),*) $(-> $result:ty)?) => {{
        let symbol = $crate::original::symbol(concat!("c_", stringify!($name)));
        // SAFETY: inline.c declares the function with this signature.
        #[allow(unused_unsafe, reason = "it may stand in an unsafe block")]
        unsafe {
            std::mem::transmute::<
                *mut std::ffi::c_void,
                unsafe extern "C" fn($($argument),*) $(-> $result)?,
            >(symbol)
        }
    }};
}

/// Whether the object is a `datetime`, which only C's own table can tell.
///
/// # Safety
/// The object is live, the thread attached.
pub(crate) unsafe fn is_datetime(op: *mut cpython_sys::PyObject) -> bool {
    // SAFETY: inline.c declares the function so; the caller promises what it asks.
    unsafe {
        let ask = std::mem::transmute::<
            *mut c_void,
            unsafe extern "C" fn(*mut cpython_sys::PyObject) -> c_int,
        >(symbol("is_datetime"));
        ask(op) != 0
    }
}

/// The address of a function or variable in the C library.
///
/// # Panics
/// When the library or the symbol is missing.
pub(crate) fn symbol(name: &str) -> *mut c_void {
    static LIBRARY: OnceLock<usize> = OnceLock::new();
    let library = *LIBRARY.get_or_init(|| {
        let path = env::var("COMPARE_WITH").expect("COMPARE_WITH names the C library");
        let path = CString::new(path).unwrap();
        // SAFETY: a path that ends in zero; the library has no initialisers.
        let library = unsafe { dlopen(path.as_ptr(), RTLD_NOW) };
        assert!(!library.is_null(), "cannot load {path:?}");
        library.expose_provenance()
    });
    let text = CString::new(name).unwrap();
    // SAFETY: a loaded library and a name that ends in zero.
    let symbol = unsafe { dlsym(std::ptr::with_exposed_provenance_mut(library), text.as_ptr()) };
    assert!(!symbol.is_null(), "inline.c has no {name}");
    symbol
}

const RTLD_NOW: c_int = 2;

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}
