//! Loading an extension module's file, as the interpreter itself does it (`Python/dynload_shlib.c`).
use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

/// The address of `symbol` in the library at `path`, which is loaded for good; none when either is
/// not there.
///
/// # Safety
/// Loading the library runs its initialisers: it is one that the process may load.
#[cfg(unix)]
pub unsafe fn symbol(path: &CStr, symbol: &CStr) -> Option<NonNull<c_void>> {
    /// The same number on Linux, the BSDs and macOS.
    const RTLD_NOW: std::ffi::c_int = 2;
    // SAFETY: C strings; the rest is the caller's promise. The handle is never closed.
    unsafe {
        let library = NonNull::new(dlopen(path.as_ptr(), RTLD_NOW))?;
        NonNull::new(dlsym(library.as_ptr(), symbol.as_ptr()))
    }
}

/// There is no such library elsewhere yet.
///
/// # Safety
/// Nothing to keep.
#[cfg(not(unix))]
pub unsafe fn symbol(_path: &CStr, _symbol: &CStr) -> Option<NonNull<c_void>> {
    None
}

#[cfg(unix)]
unsafe extern "C" {
    /// POSIX: loads a library, or counts it once more; null when it cannot.
    fn dlopen(path: *const std::ffi::c_char, mode: std::ffi::c_int) -> *mut c_void;
    /// POSIX: the address of a symbol in a library; null when there is none.
    fn dlsym(library: *mut c_void, name: *const std::ffi::c_char) -> *mut c_void;
}
