//! Memory: `pymem.h`.
use std::ffi::c_void;

contracts! {
    /// Memory from Python's object arena; null when there is none. No exception is set.
    quiet fn PyMem_Malloc(size: usize) -> *mut c_void;
    /// Changes a block's size; null leaves the block as it was. No exception is set.
    quiet fn PyMem_Realloc(block: *mut c_void, size: usize) -> *mut c_void;
    /// Frees a block, or nothing for null.
    quiet fn PyMem_Free(block: *mut c_void) -> ();
    /// Memory from the C allocator; needs no attached thread.
    quiet fn PyMem_RawMalloc(size: usize) -> *mut c_void;
    /// Frees a block of `PyMem_RawMalloc`; needs no attached thread.
    quiet fn PyMem_RawFree(block: *mut c_void) -> ();
}
