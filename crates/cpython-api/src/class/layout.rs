//! Where the payload lies in an object's memory, and whether it is there.
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::mem::{MaybeUninit, offset_of};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU8, Ordering};

use cpython_ffi::fast;
use cpython_ffi::raw::{self, PyHeapTypeObject, PyObject, PyTypeObject};

use super::Class;

/// The memory that a class adds to its base, zeroed by the allocation.
///
/// # Invariants
/// `value` is initialised in the phase `READY` and shared from then on; it is dropped by whoever
/// moves the phase on to `DEAD`, when no reference to the object is left. Only the thread that
/// moved the phase from `EMPTY` to `WRITING`, or that has just allocated the object, writes it.
#[repr(C)]
pub(super) struct Cell<T> {
    value: UnsafeCell<MaybeUninit<T>>,
    phase: AtomicU8,
}

/// The phases. Zero is what zeroed memory means.
const EMPTY: u8 = 0;
const WRITING: u8 = 1;
const READY: u8 = 2;
const DEAD: u8 = 3;

impl<T> Cell<T> {
    /// The payload, when it is there.
    #[inline(always)]
    pub(super) fn get(&self) -> Option<&T> {
        // SAFETY: initialised in this phase. It ends when no reference to the object is left,
        // which whoever lends the object prevents.
        (self.phase.load(Ordering::Acquire) == READY)
            .then(|| unsafe { (*self.value.get()).assume_init_ref() })
    }

    /// Puts the payload into an object that this thread has just allocated.
    ///
    /// # Safety
    /// Nobody else writes to the object: others may have found it, but do not know of it.
    #[inline(always)]
    pub(super) unsafe fn put_first(&self, payload: T) {
        // SAFETY: by the caller's word; in the phase `EMPTY` nobody reads it.
        unsafe { (*self.value.get()).write(payload) };
        // INVARIANT: initialised above.
        self.phase.store(READY, Ordering::Release);
    }

    /// Puts the payload into any object; gives it back when there is one already.
    #[inline(always)]
    pub(super) fn put(&self, payload: T) -> Result<(), T> {
        let claimed =
            self.phase.compare_exchange(EMPTY, WRITING, Ordering::Acquire, Ordering::Relaxed);
        if claimed.is_err() {
            return Err(payload);
        }
        // SAFETY: the exchange made this thread the only writer.
        unsafe { (*self.value.get()).write(payload) };
        // INVARIANT: initialised above.
        self.phase.store(READY, Ordering::Release);
        Ok(())
    }

    /// Drops the payload, when it is there.
    ///
    /// # Safety
    /// No reference to the object is left.
    pub(super) unsafe fn drop_payload(&self) {
        if self.phase.load(Ordering::Acquire) == READY {
            self.phase.store(DEAD, Ordering::Relaxed);
            // SAFETY: initialised in the phase `READY`; nobody else can see the object.
            unsafe { (*self.value.get()).assume_init_drop() };
        }
    }
}

/// An instance of a class below `object`.
#[repr(C)]
pub(super) struct Instance<T> {
    header: PyObject,
    cell: Cell<T>,
}

/// Among `class` and its bases, the type object that was made for `T`.
///
/// The bases that decide on an object's memory are a chain. A class with a payload is always in
/// the chain of its subclasses, since it adds memory.
///
/// # Safety
/// `class` is a live type.
#[inline(always)]
pub(super) unsafe fn made_for<T: Class>(class: *mut PyTypeObject) -> Option<NonNull<PyTypeObject>> {
    let token = token_of::<T>();
    let mut class = NonNull::new(class)?;
    // SAFETY: live, and a type keeps its base alive; only heap types are longer than a type.
    unsafe {
        // No static type is below a heap type.
        while raw::PyType_HasFeature(class.as_ptr(), raw::Py_TPFLAGS_HEAPTYPE) != 0 {
            if (*class.cast::<PyHeapTypeObject>().as_ptr()).ht_token == token {
                return Some(class);
            }
            if !T::FACTS.subclassable {
                return None;
            }
            class = NonNull::new((*class.as_ptr()).tp_base)?;
        }
    }
    None
}

/// The value of `Py_tp_token`.
#[inline(always)]
pub(super) fn token_of<T: Class>() -> *mut c_void {
    ptr::from_ref(T::token()).cast_mut().cast()
}

/// The memory that `class` gives an object.
///
/// # Safety
/// The object's memory is valid for `'a`; `class` is what [`made_for`] found for its type.
#[inline(always)]
pub(super) unsafe fn cell<'a, T: Class>(
    object: NonNull<PyObject>,
    class: NonNull<PyTypeObject>,
) -> &'a Cell<T> {
    // SAFETY: by the caller's word the object has such a cell: at the end of what the class has for
    // a base known at run time, else at a fixed place. Zeroed memory is a valid (empty) cell.
    unsafe {
        if T::FACTS.given_base {
            let behind = (*class.as_ptr()).tp_basicsize - added_size::<T>();
            if behind != offset_of!(Instance<T>, cell) as isize {
                return &*at(object, behind).cast().as_ptr();
            }
        }
        &(*object.cast::<Instance<T>>().as_ptr()).cell
    }
}

/// Where in an object something begins.
///
/// A call, so that the processor, which foresees that most bases add nothing to `object`, does not
/// wait for the place to be read from the class.
///
/// # Safety
/// The object has more bytes than `behind`.
#[cold]
#[inline(never)]
unsafe fn at(object: NonNull<PyObject>, behind: isize) -> NonNull<u8> {
    // SAFETY: by the caller's word.
    unsafe { object.byte_offset(behind).cast() }
}

/// The payload of an object that is known to be an instance of `T`.
///
/// # Safety
/// The object is live and counted for `'a`, and its type is the one made for `T` or below it.
#[inline(always)]
pub(super) unsafe fn payload_of_instance<'a, T: Class>(object: NonNull<PyObject>) -> Option<&'a T> {
    if T::FACTS.given_base {
        // SAFETY: live by the caller's word.
        return unsafe { payload(object) };
    }
    // SAFETY: an instance has the cell at a fixed place.
    unsafe { (*object.cast::<Instance<T>>().as_ptr()).cell.get() }
}

/// The payload of an object, when it is an instance of `T` and has one.
///
/// # Safety
/// The object is live and counted for `'a`.
#[inline(always)]
pub(super) unsafe fn payload<'a, T: Class>(object: NonNull<PyObject>) -> Option<&'a T> {
    // SAFETY: live by the caller's word.
    unsafe {
        let class = made_for::<T>(fast::type_of(cpython_ffi::Ref::new(object)))?;
        cell::<T>(object, class).get()
    }
}

/// Where the payload begins: in an instance of a class below `object`, or in what a class adds to a
/// base known at run time.
pub(super) const fn payload_offset<T: Class>() -> usize {
    let cell = if T::FACTS.given_base { 0 } else { offset_of!(Instance<T>, cell) };
    cell + offset_of!(Cell<T>, value)
}

/// How many bytes C adds to a base for the cell: it ends where an instance of the class ends.
///
/// What makes the class compares it with what C says.
pub(super) const fn added_size<T: Class>() -> isize {
    size_of::<Cell<T>>().next_multiple_of(16) as isize
}

/// The `basicsize` of the spec: negative for what is added to a base known at run time.
pub(super) const fn basic_size<T: Class>() -> i32 {
    const {
        assert!(align_of::<Cell<T>>() <= 16, "CPython aligns objects to 16 bytes");
        assert!(size_of::<Instance<T>>() < i32::MAX as usize, "the payload is too large");
    }
    if T::FACTS.given_base {
        -(size_of::<Cell<T>>() as i32)
    } else {
        size_of::<Instance<T>>() as i32
    }
}
