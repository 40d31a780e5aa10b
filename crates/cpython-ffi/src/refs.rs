//! Pointers that carry their ownership in the type, and the status that C calls return.
use std::ffi::c_int;
use std::ptr::NonNull;

use cpython_sys::PyObject;

/// A borrowed reference: a non-null object that somebody else keeps alive.
///
/// # Invariants
/// Points to a live object for as long as the contract that handed it out says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Ref(NonNull<PyObject>);

impl Ref {
    /// Borrows the object at `pointer`.
    ///
    /// # Safety
    /// `pointer` is live for as long as the result is used.
    #[inline(always)]
    pub const unsafe fn new(pointer: NonNull<PyObject>) -> Self {
        // INVARIANT: paid by the caller.
        Self(pointer)
    }

    /// Borrows the object at `pointer`, or nothing when it is null.
    ///
    /// # Safety
    /// A non-null `pointer` is live for as long as the result is used.
    #[inline(always)]
    pub unsafe fn from_ptr(pointer: *mut PyObject) -> Option<Self> {
        // INVARIANT: paid by the caller.
        NonNull::new(pointer).map(Self)
    }

    /// The address.
    #[inline(always)]
    pub const fn as_ptr(self) -> *mut PyObject {
        self.0.as_ptr()
    }

    /// The address, known not to be null.
    #[inline(always)]
    pub const fn as_non_null(self) -> NonNull<PyObject> {
        self.0
    }

    /// Takes a counted reference.
    ///
    /// # Safety
    /// The thread is attached to the interpreter that the object belongs to.
    #[inline(always)]
    pub unsafe fn to_owned(self) -> Owned {
        // SAFETY: live by the type's invariant, attached by the caller's word.
        unsafe { cpython_sys::Py_INCREF(self.0.as_ptr()) };
        Owned(self.0)
    }
}

/// A new (strong) reference, which its holder must release or hand on. Dropping it does nothing.
///
/// # Invariants
/// Points to a live object and stands for one count of it.
#[derive(PartialEq, Eq, Debug)]
#[repr(transparent)]
#[must_use = "a new reference leaks unless it is released or handed on"]
pub struct Owned(NonNull<PyObject>);

impl Owned {
    /// Takes over the reference at `pointer`.
    ///
    /// # Safety
    /// `pointer` is live and the caller gives up one count of it.
    #[inline(always)]
    pub const unsafe fn new(pointer: NonNull<PyObject>) -> Self {
        // INVARIANT: paid by the caller.
        Self(pointer)
    }

    /// Takes over the reference at `pointer`, or nothing when it is null.
    ///
    /// # Safety
    /// As for [`Owned::new`], when `pointer` is not null.
    #[inline(always)]
    pub unsafe fn from_ptr(pointer: *mut PyObject) -> Option<Self> {
        // INVARIANT: paid by the caller.
        NonNull::new(pointer).map(Self)
    }

    /// Hands the reference on as a bare address.
    #[inline(always)]
    pub const fn into_ptr(self) -> *mut PyObject {
        self.0.as_ptr()
    }

    /// Hands the reference on as a bare address, known not to be null.
    #[inline(always)]
    pub const fn into_non_null(self) -> NonNull<PyObject> {
        self.0
    }

    /// Borrows the object. Sound while `self` is not given up.
    #[inline(always)]
    pub const fn as_ref(&self) -> Ref {
        // INVARIANT: `self` keeps it alive.
        Ref(self.0)
    }

    /// Gives the reference up.
    ///
    /// # Safety
    /// The thread is attached to the interpreter that the object belongs to. May run Python.
    #[inline(always)]
    pub unsafe fn release(self) {
        // SAFETY: live and counted by the type's invariant, attached by the caller's word.
        unsafe { cpython_sys::Py_DECREF(self.0.as_ptr()) };
    }
}

/// What a C call that can only fail or not returns: negative for an exception.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
#[must_use = "a failed call has set an exception"]
pub struct Status(pub c_int);

impl Status {
    /// Whether an exception is set.
    #[inline(always)]
    pub const fn failed(self) -> bool {
        self.0 < 0
    }

    /// The answer of calls that return 0, 1 or an error; `None` for an exception.
    #[inline(always)]
    pub const fn answer(self) -> Option<bool> {
        if self.0 < 0 { None } else { Some(self.0 != 0) }
    }
}
