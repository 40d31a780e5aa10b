//! A stream that nobody uses, kept for the next who needs one: [`Spare`].
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

use cpython_shared::Shared;
use zlib_rs::c_api::internal_state;

use crate::stream::NewError;

/// A place for one stream. Making a stream costs more than compressing a short text.
///
/// Threads may take and put at the same time; nobody waits.
///
/// ```
/// use cpython_shared::Shared;
/// use cpython_zlib::{Inflate, Spare};
/// let spare = Shared::new(Spare::<Inflate>::new()).ok().expect("memory");
/// let first = Spare::lease(&spare, &15)?;
/// drop(first);
/// let same_memory_again = Spare::lease(&spare, &-15)?;
/// # Ok::<_, cpython_zlib::NewError>(())
/// ```
///
/// # Invariants
/// `state` is null, or was given by `T::into_state` and belongs to this place.
pub struct Spare<T: Reusable> {
    state: AtomicPtr<internal_state>,
    _stream: PhantomData<T>,
}

/// A stream that can be taken apart and made like new.
///
/// What a new stream of [`Self::fits`] options does, a renewed one does, too.
pub trait Reusable: Sized + Send {
    /// What makes one stream different from another.
    type Options;

    /// The state alone, if another stream can do with it.
    fn into_state(self) -> Option<NonNull<internal_state>>;

    /// The stream of a state, to be renewed.
    ///
    /// # Safety
    /// The state was given by [`Self::into_state`], and given up by whoever had it.
    unsafe fn from_state(state: NonNull<internal_state>) -> Self;

    /// The stream, like a new one of these options.
    ///
    /// # Errors
    /// [`NewError::Invalid`].
    fn renew(self, options: &Self::Options) -> Result<Self, NewError>;

    /// Whether any state will do for these options.
    fn fits(options: &Self::Options) -> bool;

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    fn copy(&mut self) -> Result<Self, NewError>;

    /// A new stream.
    ///
    /// # Errors
    /// [`NewError`].
    fn make(options: &Self::Options) -> Result<Self, NewError>;
}

impl<T: Reusable> Spare<T> {
    /// An empty place.
    pub const fn new() -> Self {
        Self { state: AtomicPtr::new(ptr::null_mut()), _stream: PhantomData }
    }

    /// The stream that is kept at home, like new, or else a new one.
    ///
    /// # Errors
    /// [`NewError`].
    pub fn lease(home: &Shared<Self>, options: &T::Options) -> Result<Leased<T>, NewError> {
        let kept = if T::fits(options) { home.swap(ptr::null_mut()) } else { None };
        let stream = match kept {
            Some(stream) => stream.renew(options)?,
            None => T::make(options)?,
        };
        Ok(Leased::new(stream, home))
    }

    /// Puts a state in the place of another.
    fn swap(&self, state: *mut internal_state) -> Option<T> {
        let old = NonNull::new(self.state.swap(state, Ordering::AcqRel))?;
        // SAFETY: it was put here by whoever had it alone, and is now this caller's alone.
        Some(unsafe { T::from_state(old) })
    }
}

/// A stream that goes back to its place when it is dropped, and takes that of what is there.
///
/// # Invariants
/// `stream` is there until the drop.
pub struct Leased<T: Reusable> {
    stream: ManuallyDrop<T>,
    home: Shared<Spare<T>>,
}

impl<T: Reusable> Leased<T> {
    fn new(stream: T, home: &Shared<Spare<T>>) -> Self {
        Self { stream: ManuallyDrop::new(stream), home: home.clone() }
    }

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    pub fn try_clone(&mut self) -> Result<Self, NewError> {
        Ok(Self::new(self.stream.copy()?, &self.home))
    }
}

impl<T: Reusable> Deref for Leased<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.stream
    }
}

impl<T: Reusable> DerefMut for Leased<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.stream
    }
}

impl<T: Reusable> Drop for Leased<T> {
    fn drop(&mut self) {
        // SAFETY: there until now, and nobody looks at it again.
        let stream = unsafe { ManuallyDrop::take(&mut self.stream) };
        if let Some(state) = stream.into_state() {
            drop(self.home.swap(state.as_ptr()));
        }
    }
}

impl<T: Reusable> Default for Spare<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Reusable> Drop for Spare<T> {
    fn drop(&mut self) {
        drop(self.swap(ptr::null_mut()));
    }
}
