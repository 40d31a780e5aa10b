//! Memory: blocks that know their size, and how many objects an interpreter has.
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ffi::c_void;
use std::ptr;

use super::c_functions;

c_functions! {
    fn PyMem_Malloc(size: usize) -> *mut c_void {
        allocate(size)
    }

    fn PyMem_RawMalloc(size: usize) -> *mut c_void {
        allocate(size)
    }

    fn PyMem_Realloc(block: *mut c_void, size: usize) -> *mut c_void {
        let new = allocate(size);
        if !block.is_null() {
            ptr::copy_nonoverlapping(block.cast::<u8>(), new.cast(), size_of_block(block).min(size));
            free(block);
        }
        new
    }

    fn PyMem_Free(block: *mut c_void) {
        free(block);
    }

    fn PyMem_RawFree(block: *mut c_void) {
        free(block);
    }
}

/// Zeroed memory, with its size before it.
pub(super) fn allocate(size: usize) -> *mut c_void {
    let layout = layout(size);
    // SAFETY: the layout is not empty; the block has room for the size and what follows it.
    unsafe {
        let start = alloc_zeroed(layout);
        if start.is_null() {
            handle_alloc_error(layout);
        }
        start.cast::<usize>().write(size);
        start.add(HEAD).cast()
    }
}

/// Gives a block back, or nothing for null.
///
/// # Safety
/// The block is from [`allocate`], and nobody uses it any more.
pub(super) unsafe fn free(block: *mut c_void) {
    if !block.is_null() {
        // SAFETY: by the caller's word.
        unsafe { dealloc(block.cast::<u8>().sub(HEAD), layout(size_of_block(block))) };
    }
}

/// # Safety
/// The block is from [`allocate`].
unsafe fn size_of_block(block: *mut c_void) -> usize {
    // SAFETY: by the caller's word.
    unsafe { block.cast::<u8>().sub(HEAD).cast::<usize>().read() }
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(HEAD + size, HEAD).expect("a size that there is")
}

/// Objects are aligned to 16 bytes.
const HEAD: usize = 16;
