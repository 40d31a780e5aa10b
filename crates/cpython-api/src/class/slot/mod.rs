//! Slots: what operators and built-in functions do with an instance.
//!
//! One trait per slot, with the slot's own name; a class implements those it has and names them in
//! its table:
//!
//! ```
//! # use cpython_api::class::{slot::TpRepr, Class, Slot};
//! fn table<T: TpRepr>() -> [Slot<T>; 1] {
//!     [Slot::tp_repr()]
//! }
//! ```
//!
//! C trusts that the receiver of a slot fits; here it is checked. Receiver and arguments are
//! counted for the call.
use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::NonNull;

use cpython_ffi::Ref;
use cpython_ffi::raw::{PyObject, PyType_Slot};

use super::{Class, method};
use crate::error::PyResult;
use crate::handle::Bound;
use crate::thread::{self, ThreadState};
use crate::types::{PyAny, Typed};
use crate::{interpreter, panic};

mod basic;
mod buffer;
mod container;
mod iterate;
mod number;

pub use basic::*;
pub use buffer::*;
pub use container::*;
pub use iterate::*;
pub use number::*;

/// A slot of `T`, for its table.
pub struct Slot<T>(PyType_Slot, PhantomData<fn() -> T>);

impl<T: Class> Slot<T> {
    /// Names the function of a slot.
    ///
    /// # Safety
    /// `id` is a `Py_tp_*` (or kin) for a function, and `function` points to a function of the
    /// type that C gives this slot, which may be called with any live objects.
    const unsafe fn new<F: Copy>(id: c_int, function: F) -> Self {
        const { assert!(size_of::<F>() == size_of::<*const ()>(), "a slot holds a function pointer") };
        // SAFETY: as large as a pointer; C casts it back according to the id.
        let pfunc = unsafe { std::mem::transmute_copy(&function) };
        Self(PyType_Slot { slot: id, pfunc }, PhantomData)
    }

    /// The entry for C.
    pub(super) const fn to_c(&self) -> PyType_Slot {
        self.0
    }
}

/// Runs the body of a slot: with the token, with panics kept on this side and errors made pending.
///
/// # Safety
/// Called by C, attached. The body lets nothing of the token out.
#[inline(always)]
unsafe fn enter<R: Copy>(
    failure: R,
    body: impl for<'py> FnOnce(&mut ThreadState<'py>) -> PyResult<R>,
) -> R {
    panic::guard(failure, || {
        let Some(raw) = thread::current() else { not_attached() };
        interpreter::drain(raw);
        // SAFETY: attached; the brand is the body's own.
        let mut ts = unsafe { ThreadState::from_raw(raw) };
        match body(&mut ts) {
            Ok(result) => result,
            Err(error) => {
                // SAFETY: attached, at the end of a call from C.
                unsafe { error.restore(&ts) };
                failure
            }
        }
    })
}

#[cold]
fn not_attached() -> ! {
    crate::message::die("C called a slot on a detached thread")
}

/// The receiver, counted and checked.
///
/// # Safety
/// `object` is live.
#[inline(always)]
unsafe fn receiver<'py, T: Class>(
    ts: &ThreadState<'py>,
    object: *mut PyObject,
) -> PyResult<Bound<'py, T>> {
    // SAFETY: live by the caller's word.
    let object = unsafe { argument(ts, object) };
    if T::check(&object) {
        // SAFETY: just checked.
        Ok(unsafe { object.into_unchecked() })
    } else {
        Err(method::foreign::<T>(&object))
    }
}

/// An argument, counted.
///
/// # Safety
/// `object` is live.
#[inline(always)]
unsafe fn argument<'py>(ts: &ThreadState<'py>, object: *mut PyObject) -> Bound<'py, PyAny> {
    // SAFETY: live by the caller's word, and of the current interpreter.
    unsafe { Bound::from_owned(ts, Ref::new(NonNull::new_unchecked(object)).to_owned()) }
}

/// An argument that may be null, counted.
///
/// # Safety
/// `object` is live or null.
#[inline(always)]
unsafe fn optional<'py>(ts: &ThreadState<'py>, object: *mut PyObject) -> Option<Bound<'py, PyAny>> {
    // SAFETY: live by the caller's word when it is not null.
    unsafe { Ref::from_ptr(object).map(|object| Bound::from_owned(ts, object.to_owned())) }
}

/// A result for C.
#[inline(always)]
fn give(object: Bound<'_, PyAny>) -> *mut PyObject {
    object.into_owned().into_ptr()
}

/// A result for C; nothing stands for `NotImplemented`.
#[inline(always)]
fn give_or_not_implemented(object: Option<Bound<'_, PyAny>>) -> *mut PyObject {
    // Immortal: no count is needed.
    object.map_or_else(cpython_ffi::raw::Py_NotImplemented, give)
}

/// A length for C.
#[inline(always)]
fn give_length(ts: &ThreadState<'_>, length: usize) -> PyResult<isize> {
    isize::try_from(length).map_err(|_| {
        crate::exception::OverflowError::new(ts, "cannot fit 'int' into an index-sized integer")
    })
}

/// The traits of slots and their places in the table.
///
/// A group of slots begins with their shape: what the function gets after the token and gives
/// back, what C passes and wants, and how one becomes the other. Then each line is
/// documentation and `Trait::function = id`.
macro_rules! slots {
    ($shape:tt $($(#[doc = $doc:literal])+ $Trait:ident::$name:ident = $id:ident;)+) => {
        $(crate::class::slot::slot! { $shape $(#[doc = $doc])+ $Trait::$name = $id })+
    };
}
macro_rules! slot {
    (
        {
            fn($($argument:ident: $type:ty),*) -> $result:ty,
            from C $signature:ident($($c:ident: $c_type:ty),*) -> $c_result:ty,
            failing with $failure:expr,
            by |$T:ident, $ts:ident, $work:ident| $body:expr
        }
        $(#[doc = $doc:literal])+ $Trait:ident::$name:ident = $id:ident
    ) => {
        $(#[doc = $doc])+
        pub trait $Trait: Class {
            $(#[doc = $doc])+
            ///
            /// # Errors
            /// Whatever it raises.
            fn $name<'py>(ts: &mut ThreadState<'py>, $($argument: $type),*) -> PyResult<$result>;
        }

        impl<$T: $Trait> Slot<$T> {
            $(#[doc = $doc])+
            pub const fn $name() -> Self {
                unsafe extern "C" fn glue<$T: $Trait>($($c: $c_type),*) -> $c_result {
                    // SAFETY: C passes live objects (or null where the shape says so), attached;
                    // the result carries no brand.
                    unsafe {
                        enter($failure, |$ts| {
                            let $work = $T::$name;
                            $body
                        })
                    }
                }
                let function: raw::$signature = Some(glue::<$T>);
                // SAFETY: of the type that C gives the slot.
                unsafe { Self::new(raw::$id, function) }
            }
        }
    };
}
use {slot, slots};
