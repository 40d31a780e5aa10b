//! A place on the heap, where that may fail.
use std::ptr::NonNull;

/// Puts a value on the heap, or reports that there is no memory.
pub(crate) fn allocate<T>(value: T) -> Option<NonNull<T>> {
    let layout = std::alloc::Layout::new::<T>();
    // SAFETY: no type used here is zero-sized.
    let memory = NonNull::new(unsafe { std::alloc::alloc(layout) }.cast::<T>())?;
    // SAFETY: freshly allocated for a `T`.
    unsafe { memory.write(value) };
    Some(memory)
}
