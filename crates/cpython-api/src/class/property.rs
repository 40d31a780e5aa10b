//! Getters and setters.
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use cpython_ffi::Owned;
use cpython_ffi::raw::{PyGetSetDef, PyObject};

use super::{Class, OfClass};
use crate::exception::TypeError;
use crate::function::{self, Function};
use crate::panic;
use crate::thread::{self, ThreadState};

/// A property of `T`, for its table.
///
/// A getter is a function without parameters. A setter is one with a single parameter; when that
/// must be given, the attribute cannot be deleted.
pub struct PropertyDef<T>(PyGetSetDef, PhantomData<fn() -> T>);

impl<T: Class> PropertyDef<T> {
    /// A property that can only be read.
    pub const fn read_only<G: Function<OfClass<T>>>(doc: Option<&'static CStr>) -> Self {
        Self(
            PyGetSetDef {
                name: G::PARAMETERS.name.as_ptr(),
                get: Some(get::<T, G>),
                set: None,
                doc: match doc {
                    Some(doc) => doc.as_ptr(),
                    None => ptr::null(),
                },
                closure: ptr::null_mut(),
            },
            PhantomData,
        )
    }

    /// A property that can be read and assigned to.
    pub const fn read_write<G: Function<OfClass<T>>, S: Function<OfClass<T>>>(
        doc: Option<&'static CStr>,
    ) -> Self {
        const {
            let parameters = S::PARAMETERS;
            let one = parameters.places() == 1 && parameters.positional == 1;
            assert!(one, "a setter takes the value and nothing else");
        }
        let mut property = Self::read_only::<G>(doc);
        property.0.set = Some(set::<T, S>);
        property
    }

    /// The entry for C.
    pub(super) const fn to_c(&self) -> PyGetSetDef {
        self.0
    }
}

unsafe extern "C" fn get<T: Class, G: Function<OfClass<T>>>(
    this: *mut PyObject,
    _closure: *mut c_void,
) -> *mut PyObject {
    const { assert!(G::PARAMETERS.places() == 0, "a getter has no parameters") };
    // SAFETY: C passes a live receiver, attached.
    unsafe { function::noargs::<OfClass<T>, G>(this, ptr::null_mut()) }
}

unsafe extern "C" fn set<T: Class, S: Function<OfClass<T>>>(
    this: *mut PyObject,
    value: *mut PyObject,
    _closure: *mut c_void,
) -> c_int {
    if value.is_null() && S::PARAMETERS.required > 0 {
        return cannot_delete();
    }
    // SAFETY: C passes a live receiver and a live value or null, attached; null is an argument
    // that was not given.
    unsafe { done(function::one::<OfClass<T>, S>(this, value)) }
}

/// A function's result where C wants 0, or -1 with an exception.
///
/// # Safety
/// `result` is null or a new reference, and the thread is attached.
pub(super) unsafe fn done(result: *mut PyObject) -> c_int {
    // SAFETY: by the caller's word.
    match unsafe { Owned::from_ptr(result) } {
        Some(result) => {
            // SAFETY: attached.
            unsafe { result.release() };
            0
        }
        None => -1,
    }
}

#[cold]
fn cannot_delete() -> c_int {
    panic::guard((), || {
        if let Some(raw) = thread::current() {
            // SAFETY: attached: C called a setter; the token does not leave this call.
            unsafe {
                let ts = ThreadState::from_raw(raw);
                TypeError::new(&ts, "cannot delete attribute").restore(&ts);
            }
        }
    });
    -1
}
