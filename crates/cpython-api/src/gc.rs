//! What the collector is shown: [`Traverse`] and [`Visit`].
use std::ffi::{c_int, c_void};
use std::ops::ControlFlow;
use std::sync::atomic;

use cpython_ffi::fast;
use cpython_ffi::raw::{self, PyInterpreterState, PyObject};

use crate::handle::Py;
use crate::thread;

/// A value whose Python references the collector can follow.
///
/// Derive it: `#[derive(Traverse)]` visits each field once. There is no token in a traversal,
/// so it cannot touch Python.
///
/// # Safety
/// Each reference that the value counts is shown at most once, and no other is shown: otherwise
/// the collector takes living objects for garbage and clears them. (A reference that is left out
/// can only make garbage immortal.)
pub unsafe trait Traverse {
    /// Whether there can be any reference: a class whose payload has one must be collected.
    const HAS_REFERENCES: bool = true;

    /// Shows every reference to the visitor.
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop>;

    /// Lets go of what is behind locks, to break a cycle; other threads may be reading the rest.
    fn clear(&self) {}

    /// Lets go of references in a value that a lock has made exclusive.
    fn clear_exclusive(&mut self) {}
}

/// The collector's visitor, valid during one traversal.
pub struct Visit<'a> {
    visit: unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int,
    argument: *mut c_void,
    interpreter: *mut PyInterpreterState,
    _traversal: std::marker::PhantomData<&'a mut ()>,
}

/// The collector has seen enough; carries its answer.
pub struct Stop(pub(crate) c_int);

impl Visit<'_> {
    /// The visitor that C passed to a traverse function; `None` when C passed none.
    ///
    /// # Safety
    /// Both are what C passed, and the traversal lasts for the lifetime.
    pub(crate) unsafe fn from_c(visit: raw::visitproc, argument: *mut c_void) -> Option<Self> {
        let thread = thread::current()?;
        // SAFETY: the current thread state exists.
        let interpreter = unsafe { fast::interpreter(thread) };
        Some(Self { visit: visit?, argument, interpreter, _traversal: std::marker::PhantomData })
    }

    /// Shows one reference.
    ///
    /// One that belongs to another interpreter (a [`Py`] can be carried there) is not shown: neither
    /// this interpreter's collector nor `gc.get_referents` may touch its object.
    ///
    /// # Errors
    /// [`Stop`] when the collector has seen enough: return at once.
    pub fn reference<T>(&mut self, reference: &Py<T>) -> ControlFlow<Stop> {
        if !reference.owner().is(self.interpreter) {
            return ControlFlow::Continue(());
        }
        self.object(reference.as_ptr())
    }

    /// Shows an object that the traversed value counts.
    pub(crate) fn object(&mut self, object: *mut PyObject) -> ControlFlow<Stop> {
        // SAFETY: C's own visitor and argument, during the traversal; the object is live.
        match unsafe { (self.visit)(object, self.argument) } {
            0 => ControlFlow::Continue(()),
            answer => ControlFlow::Break(Stop(answer)),
        }
    }
}

// SAFETY: the one reference, once.
unsafe impl<T> Traverse for Py<T> {
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        visit.reference(self)
    }
}

/// Types without references to Python objects.
macro_rules! leaf {
    ($($type:ty),* $(,)?) => {$(
        // SAFETY: no references at all.
        unsafe impl Traverse for $type {
            const HAS_REFERENCES: bool = false;

            #[inline]
            fn traverse(&self, _visit: &mut Visit<'_>) -> ControlFlow<Stop> {
                ControlFlow::Continue(())
            }
        }
    )*};
}

leaf!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    &'static str,
    atomic::AtomicBool,
    atomic::AtomicI32,
    atomic::AtomicI64,
    atomic::AtomicIsize,
    atomic::AtomicU8,
    atomic::AtomicU32,
    atomic::AtomicU64,
    atomic::AtomicUsize,
);

/// Containers of such values, and how they are emptied.
macro_rules! each {
    ($($type:ty => $empty:expr),* $(,)?) => {$(
        // SAFETY: each item is owned by the container and visited once.
        unsafe impl<T: Traverse> Traverse for $type {
            const HAS_REFERENCES: bool = T::HAS_REFERENCES;

            fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
                if !T::HAS_REFERENCES {
                    return ControlFlow::Continue(());
                }
                self.iter().try_for_each(|item| item.traverse(visit))
            }

            fn clear(&self) {
                if T::HAS_REFERENCES {
                    self.iter().for_each(Traverse::clear);
                }
            }

            fn clear_exclusive(&mut self) {
                if T::HAS_REFERENCES {
                    let empty: fn(&mut Self) = $empty;
                    empty(self);
                }
            }
        }
    )*};
}

each!(
    Vec<T> => Vec::clear,
    Option<T> => |option| *option = None,
    [T] => |items| items.iter_mut().for_each(Traverse::clear_exclusive),
    std::collections::VecDeque<T> => std::collections::VecDeque::clear,
);

// SAFETY: each part is owned and visited once.
unsafe impl<T: Traverse, const N: usize> Traverse for [T; N] {
    const HAS_REFERENCES: bool = T::HAS_REFERENCES;

    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.as_slice().traverse(visit)
    }

    fn clear(&self) {
        self.as_slice().clear();
    }

    fn clear_exclusive(&mut self) {
        self.as_mut_slice().clear_exclusive();
    }
}

// SAFETY: each part is owned and visited once.
unsafe impl<T: Traverse + ?Sized> Traverse for Box<T> {
    const HAS_REFERENCES: bool = T::HAS_REFERENCES;

    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        (**self).traverse(visit)
    }

    fn clear(&self) {
        (**self).clear();
    }

    fn clear_exclusive(&mut self) {
        (**self).clear_exclusive();
    }
}

// SAFETY: each part is owned and visited once.
unsafe impl<T: Traverse> Traverse for std::sync::OnceLock<T> {
    const HAS_REFERENCES: bool = T::HAS_REFERENCES;

    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.get().map_or(ControlFlow::Continue(()), |value| value.traverse(visit))
    }

    fn clear(&self) {
        if let Some(value) = self.get() {
            value.clear();
        }
    }

    fn clear_exclusive(&mut self) {
        if T::HAS_REFERENCES {
            self.take();
        }
    }
}

// SAFETY: each part is owned and visited once.
unsafe impl<A: Traverse, B: Traverse> Traverse for (A, B) {
    const HAS_REFERENCES: bool = A::HAS_REFERENCES || B::HAS_REFERENCES;

    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.0.traverse(visit)?;
        self.1.traverse(visit)
    }

    fn clear(&self) {
        self.0.clear();
        self.1.clear();
    }

    fn clear_exclusive(&mut self) {
        self.0.clear_exclusive();
        self.1.clear_exclusive();
    }
}
