//! References to Python objects: on this thread ([`Bound`]), lent ([`Borrowed`]), anywhere ([`Py`]).
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use cpython_ffi::raw::{PyObject, PyThreadState};
use cpython_ffi::{Owned, Ref, fast};

use crate::interpreter::Interpreter;
use crate::thread::{self, Brand, ThreadState, check_attached};
use crate::types::{PyAny, Typed};

/// A counted reference to an object of type `T`, usable on this thread while it is attached.
///
/// Every method checks that the thread state it was made with is still attached. Dropping it
/// where that is not so (detached, or in another interpreter) queues the object with its owner.
///
/// # Invariants
/// `object` stands for one count of a live object whose Python type fits `T`, and belongs to the
/// interpreter of `state`; `state` exists for as long as `'py`.
#[repr(C)]
pub struct Bound<'py, T = PyAny> {
    object: NonNull<PyObject>,
    state: NonNull<PyThreadState>,
    _brand: Brand<'py>,
    _type: PhantomData<*const T>,
}

impl<'py, T> Bound<'py, T> {
    /// Takes over a new reference.
    ///
    /// # Safety
    /// The object's type fits `T`, and it belongs to the interpreter that `ts` is attached to.
    #[inline(always)]
    pub(crate) unsafe fn from_owned(ts: &ThreadState<'py>, object: Owned) -> Self {
        // SAFETY: as above; a token's thread state exists for `'py`.
        unsafe { Self::from_raw(ts.state(), object.into_non_null()) }
    }

    /// Takes over a new reference that is used on the same thread as `other`.
    ///
    /// # Safety
    /// The object's type fits `T`, and it belongs to the interpreter of `other`.
    #[inline(always)]
    pub(crate) unsafe fn beside<U>(other: &Bound<'py, U>, object: Owned) -> Self {
        // SAFETY: as above; the thread state of `other` exists for `'py`.
        unsafe { Self::from_raw(other.state, object.into_non_null()) }
    }

    /// Takes over a new reference.
    ///
    /// # Safety
    /// The type's invariants hold for the parts, for the `'py` that the caller chooses.
    #[inline(always)]
    pub(crate) const unsafe fn from_raw(
        state: NonNull<PyThreadState>,
        object: NonNull<PyObject>,
    ) -> Self {
        // INVARIANT: paid by the caller.
        Self { object, state, _brand: PhantomData, _type: PhantomData }
    }

    /// The object for a call to C, after the check that such a call is allowed here and now.
    #[inline(always)]
    pub(crate) fn checked(&self) -> Ref {
        check_attached(self.state);
        self.reference()
    }

    /// The object, for its address, for what of it never changes (which the count keeps, and `detach` lends in any
    /// case), or beside another handle that has just been checked.
    #[inline(always)]
    pub(crate) fn reference(&self) -> Ref {
        // SAFETY: live by the invariant, and counted by `self`.
        unsafe { Ref::new(self.object) }
    }

    /// The thread state, unchecked.
    #[inline(always)]
    pub(crate) fn state(&self) -> NonNull<PyThreadState> {
        self.state
    }

    /// The token of the thread this handle is used on.
    #[inline(always)]
    pub(crate) fn token(&self) -> ThreadState<'py> {
        check_attached(self.state);
        // SAFETY: attached (just checked) and on its own thread, since `Bound` is not `Send`.
        unsafe { ThreadState::from_raw(self.state) }
    }

    /// Gives up the handle and keeps the reference.
    #[inline(always)]
    pub(crate) fn into_owned(self) -> Owned {
        let this = ManuallyDrop::new(self);
        // SAFETY: the count that `self` stood for is handed on.
        unsafe { Owned::new(this.object) }
    }

    /// The same object, usable on any thread of this interpreter.
    #[inline]
    pub fn unbind(self) -> Py<T> {
        let owner = Interpreter::of(self.state);
        let object = self.into_owned().into_non_null();
        // INVARIANT: the count is handed on; the owner is the interpreter of the thread state.
        Py { object, owner, _type: PhantomData }
    }

    /// The same object as any object.
    #[inline(always)]
    pub fn into_any(self) -> Bound<'py, PyAny> {
        let state = self.state;
        let object = self.into_owned().into_non_null();
        // SAFETY: the parts are those of a `Bound`, and every object is any object.
        unsafe { Bound::from_raw(state, object) }
    }

    /// The same handle as a handle to any object.
    #[inline(always)]
    pub fn as_any(&self) -> &Bound<'py, PyAny> {
        // SAFETY: `repr(C)` over the same two fields; every object is any object.
        unsafe { &*std::ptr::from_ref(self).cast() }
    }

    /// Whether both are the same object (`a is b`).
    #[inline(always)]
    pub fn is<U>(&self, other: &Bound<'_, U>) -> bool {
        self.object == other.object
    }

    /// Lends the handle without counting.
    #[inline(always)]
    pub fn borrow(&self) -> Borrowed<'_, 'py, T> {
        // SAFETY: `self` keeps the object alive for the borrow.
        unsafe { Borrowed::new(self.state, self.object) }
    }

    /// Treats the handle as one to a `U`.
    ///
    /// # Safety
    /// The object's type fits `U`.
    #[inline(always)]
    pub(crate) unsafe fn cast_unchecked<U>(&self) -> &Bound<'py, U> {
        // SAFETY: `repr(C)` over the same two fields; the type fits by the caller's word.
        unsafe { &*std::ptr::from_ref(self).cast() }
    }

    /// Turns the handle into one to a `U`.
    ///
    /// # Safety
    /// The object's type fits `U`.
    #[inline(always)]
    pub(crate) unsafe fn into_unchecked<U>(self) -> Bound<'py, U> {
        let state = self.state;
        let object = self.into_owned().into_non_null();
        // SAFETY: the parts are those of a `Bound`; the type fits by the caller's word.
        unsafe { Bound::from_raw(state, object) }
    }
}

/// A typed handle is a handle to any object, too.
impl<'py, T: Typed> Deref for Bound<'py, T> {
    type Target = Bound<'py, PyAny>;

    #[inline(always)]
    fn deref(&self) -> &Self::Target {
        self.as_any()
    }
}

impl<T> Clone for Bound<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        // SAFETY: attached, as `checked` shows; the new count belongs to the same interpreter.
        unsafe { Self::from_raw(self.state, self.checked().to_owned().into_non_null()) }
    }
}

impl<T> Drop for Bound<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the thread state exists by the invariant.
        if unsafe { fast::is_attached(self.state) } {
            release(self.object, self.state);
        } else {
            // SAFETY: the thread state exists by the invariant.
            Interpreter::defer_to(unsafe { fast::interpreter(self.state) }, self.object);
        }
    }
}

/// Gives up a count on an attached thread, or queues it when a lock is held here.
#[inline(always)]
fn release(object: NonNull<PyObject>, state: NonNull<PyThreadState>) {
    // SAFETY: live: the count being given up is still there. (With a GIL, the count is the cheaper
    // question; without, it is asked inside only.)
    if unsafe { fast::GIL_DISABLED || fast::may_be_last(object) } && crate::sync::inside_lock() {
        return release_inside(object, state);
    }
    // SAFETY: the caller gives the count up, attached to the object's interpreter.
    unsafe { Owned::new(object).release() };
}

/// The same inside a lock: what may be the last count waits.
#[cold]
#[inline(never)]
fn release_inside(object: NonNull<PyObject>, state: NonNull<PyThreadState>) {
    // SAFETY: as for `release`; the state is that of this thread, or of a handle.
    unsafe {
        if fast::may_be_last(object) {
            Interpreter::defer_to(fast::interpreter(state), object);
        } else {
            Owned::new(object).release();
        }
    }
}

/// A handle to an object that somebody else counts: as cheap as a pointer.
///
/// # Invariants
/// As for [`Bound`], but the count belongs to something that lives for `'a`.
#[repr(transparent)]
pub struct Borrowed<'a, 'py, T = PyAny>(ManuallyDrop<Bound<'py, T>>, PhantomData<&'a ()>);

impl<'py, T> Borrowed<'_, 'py, T> {
    /// Lends the object.
    ///
    /// # Safety
    /// As for [`Bound::from_raw`], but somebody else counts the object for `'a`.
    #[inline(always)]
    pub(crate) const unsafe fn new(
        state: NonNull<PyThreadState>,
        object: NonNull<PyObject>,
    ) -> Self {
        // SAFETY: never dropped, so the missing count is never given up.
        Self(ManuallyDrop::new(unsafe { Bound::from_raw(state, object) }), PhantomData)
    }
}

impl<'py, T> Deref for Borrowed<'_, 'py, T> {
    type Target = Bound<'py, T>;

    #[inline(always)]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// A counted reference that belongs to an interpreter, storable and sendable.
///
/// Using it needs a token; a token of another interpreter aborts the process, because no object
/// may be touched from there. Dropping it anywhere is safe: where the thread is not attached to
/// the owner, the object waits in the owner's queue.
///
/// # Invariants
/// `object` stands for one count of a live object of the interpreter `owner` whose Python type
/// fits `T`.
pub struct Py<T = PyAny> {
    object: NonNull<PyObject>,
    owner: &'static Interpreter,
    _type: PhantomData<*const T>,
}

// SAFETY: every use checks that the thread is attached to the owner, and drop does not touch
// the object otherwise. Counts are the interpreter's, which serialises or synchronises them.
unsafe impl<T> Send for Py<T> {}
// SAFETY: as for `Send`; shared access offers only checked uses.
unsafe impl<T> Sync for Py<T> {}

impl<T> Py<T> {
    /// Where in a value the object's address is.
    pub(crate) const OBJECT: usize = std::mem::offset_of!(Self, object);

    /// The owner.
    pub(crate) fn owner(&self) -> &'static Interpreter {
        self.owner
    }

    /// The bare address, for visits by the collector and comparisons.
    #[inline(always)]
    pub(crate) fn as_ptr(&self) -> *mut PyObject {
        self.object.as_ptr()
    }

    /// Lends the object to this thread.
    ///
    /// Aborts the process when `ts` is attached to another interpreter than the owner.
    #[inline(always)]
    pub fn get<'a, 'py>(&'a self, ts: &ThreadState<'py>) -> Borrowed<'a, 'py, T> {
        let state = ts.raw();
        self.check_owner(state);
        // SAFETY: counted by `self` for `'a`; attached to the owner.
        unsafe { Borrowed::new(state, self.object) }
    }

    /// A handle of its own on this thread.
    ///
    /// Aborts the process when `ts` is attached to another interpreter than the owner.
    #[inline(always)]
    pub fn bind<'py>(&self, ts: &ThreadState<'py>) -> Bound<'py, T> {
        let state = ts.raw();
        self.check_owner(state);
        // SAFETY: live, counted by `self`; attached to the owner, which the new count belongs to.
        unsafe { Bound::from_raw(state, Ref::new(self.object).to_owned().into_non_null()) }
    }

    /// Another reference to the same object.
    ///
    /// Aborts the process when `ts` is attached to another interpreter than the owner.
    pub fn clone_ref(&self, ts: &ThreadState<'_>) -> Self {
        self.bind(ts).unbind()
    }

    #[inline(always)]
    fn check_owner(&self, state: NonNull<PyThreadState>) {
        // SAFETY: the state comes from a token.
        if !self.owner.is(unsafe { fast::interpreter(state) }) {
            wrong_interpreter();
        }
    }
}

impl<T> Drop for Py<T> {
    #[inline]
    fn drop(&mut self) {
        match thread::current() {
            // SAFETY: the current thread state exists.
            Some(state) if self.owner.surely_is(unsafe { fast::interpreter(state) }) => {
                release(self.object, state)
            }
            _ => self.owner.defer(self.object),
        }
    }
}

#[cold]
#[inline(never)]
fn wrong_interpreter() -> ! {
    crate::message::die("a Python object was used in an interpreter that does not own it")
}
