//! Results: what a function gives back, as C wants it.
use std::marker::PhantomData;
use std::ptr::NonNull;

use cpython_ffi::{Owned, calls, raw};

use crate::error::{PyErr, PyResult, owned_by};
use crate::handle::{Borrowed, Bound, Py};
use crate::thread::{Brand, ThreadState};
use crate::types::{PyAny, PyBytes, PyStr};

/// A new reference on its way to C.
///
/// It cannot be kept: another call, perhaps in another interpreter, has another brand.
pub struct Outcome<'py>(Owned, Brand<'py>);

impl<'py> Outcome<'py> {
    /// Gives the reference to C.
    #[inline(always)]
    pub(crate) fn into_ptr(self) -> *mut raw::PyObject {
        self.0.into_ptr()
    }

    /// Takes the reference of a handle.
    #[inline(always)]
    pub(crate) fn of<T>(object: Bound<'py, T>) -> Self {
        Self(object.into_owned(), PhantomData)
    }

    /// `None`, `True`, ...: an immortal object.
    ///
    /// # Safety
    /// `object` is immortal.
    #[inline(always)]
    unsafe fn immortal(object: *mut raw::PyObject) -> Self {
        // SAFETY: not null, immortal: no count is needed.
        Self(unsafe { Owned::new(NonNull::new_unchecked(object)) }, PhantomData)
    }
}

/// What a function can give back: a value that becomes an object, or a [`PyResult`] of one.
///
/// ```compile_fail,E0277
/// #[cpython_api::function("f()")]
/// fn f() -> Result<(), std::fmt::Error> {
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "Python cannot get a `{Self}`",
    note = "a function gives back something that implements `IntoPy`, or a `PyResult` of it"
)]
pub trait Return<'py> {
    /// Whether `token` is asked for at all.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool = true;

    /// Converts; `token` is asked for by conversions that make objects.
    ///
    /// # Errors
    /// The function's own error; `MemoryError`.
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>>;
}

impl<'py, T: IntoPy<'py>> Return<'py> for T {
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;

    #[inline(always)]
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
        self.into_outcome(token)
    }
}

impl<'py, T: IntoPy<'py>> Return<'py> for Result<T, PyErr> {
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;

    #[inline(always)]
    fn give(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
        self?.into_outcome(token)
    }
}

/// A Rust value that becomes a Python object: an item of a container, an attribute, a result.
///
/// `bytes` come from `[u8]` and `Vec<u8>`; other containers have builders, which say what they make.
#[diagnostic::on_unimplemented(message = "`{Self}` does not become a Python object")]
pub trait IntoPy<'py>: Sized {
    /// Whether `into_outcome` asks for its token.
    #[doc(hidden)]
    const NEEDS_TOKEN: bool = true;

    /// The object.
    ///
    /// # Errors
    /// `MemoryError`; what making the object raises.
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>>;

    /// The object for C, without a token when none is needed.
    #[doc(hidden)]
    #[inline(always)]
    fn into_outcome(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
        self.into_py(&token()).map(Outcome::of)
    }
}

/// Values that become immortal objects, which need no token on their way to C.
macro_rules! constants {
    ($($(#[doc = $doc:literal])* $type:ty, $value:pat => $object:expr;)*) => {$(
        $(#[doc = $doc])*
        impl<'py> IntoPy<'py> for $type {
            const NEEDS_TOKEN: bool = false;

            #[inline]
            fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
                let $value = self;
                // SAFETY: immortal.
                Ok(unsafe { Borrowed::new(ts.raw(), NonNull::new_unchecked($object)).clone() })
            }

            #[inline(always)]
            fn into_outcome(self, _token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
                let $value = self;
                // SAFETY: immortal.
                Ok(unsafe { Outcome::immortal($object) })
            }
        }
    )*};
}

constants! {
    /// `None`.
    (), () => raw::Py_None();
    /// `True` or `False`.
    bool, value => if value { raw::Py_True() } else { raw::Py_False() };
}

/// Numbers, each by the C call for a type that holds all its values.
macro_rules! numbers {
    ($($call:ident: $($type:ty),*;)*) => {$($(
        impl<'py> IntoPy<'py> for $type {
            #[inline]
            fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
                ts.raw();
                // SAFETY: attached, as `raw` has checked.
                unsafe { owned_by(ts, calls::$call(self.into())) }
            }
        }
    )*)*};
}

numbers! {
    PyLong_FromLong: i8, i16, i32, i64, u8, u16, u32;
    PyLong_FromUnsignedLong: u64;
    PyLong_FromSsize_t: isize;
    PyLong_FromSize_t: usize;
    PyFloat_FromDouble: f32, f64;
}

/// A `str`.
impl<'py> IntoPy<'py> for &str {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyStr::new(ts, self).map(Bound::into_any)
    }
}

/// A `str`.
impl<'py> IntoPy<'py> for String {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_str().into_py(ts)
    }
}

/// A `str` of length 1.
impl<'py> IntoPy<'py> for char {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyStr::new(ts, self.encode_utf8(&mut [0; 4])).map(Bound::into_any)
    }
}

/// `bytes`.
impl<'py> IntoPy<'py> for &[u8] {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyBytes::new(ts, self).map(Bound::into_any)
    }
}

/// `bytes`.
impl<'py> IntoPy<'py> for Vec<u8> {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_slice().into_py(ts)
    }
}

/// The object itself.
impl<'py, T> IntoPy<'py> for Bound<'py, T> {
    const NEEDS_TOKEN: bool = false;

    #[inline(always)]
    fn into_py(self, _ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.into_any())
    }

    #[inline(always)]
    fn into_outcome(self, _token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
        Ok(Outcome::of(self))
    }
}

/// Another reference to the object.
impl<'py, T> IntoPy<'py> for &Bound<'py, T> {
    #[inline(always)]
    fn into_py(self, _ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.clone().into_any())
    }
}

/// Another reference to the object.
impl<'py, T> IntoPy<'py> for Borrowed<'_, 'py, T> {
    #[inline(always)]
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        (*self).clone().into_py(ts)
    }
}

/// The object itself.
impl<'py, T> IntoPy<'py> for Py<T> {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.bind(ts).into_any())
    }
}

/// Another reference to the object.
impl<'py, T> IntoPy<'py> for &Py<T> {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.bind(ts).into_any())
    }
}

/// The value, or `None`.
impl<'py, T: IntoPy<'py>> IntoPy<'py> for Option<T> {
    const NEEDS_TOKEN: bool = T::NEEDS_TOKEN;

    #[inline]
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.map_or_else(|| ().into_py(ts), |value| value.into_py(ts))
    }

    #[inline(always)]
    fn into_outcome(self, token: impl FnOnce() -> ThreadState<'py>) -> PyResult<Outcome<'py>> {
        match self {
            Some(value) => value.into_outcome(token),
            None => ().into_outcome(token),
        }
    }
}

/// A `tuple` of the items. C makes it at once and not place by place, so that the collector need not look at one of
/// items that it does not look at either.
#[inline]
fn tuple<'py, const N: usize>(
    ts: &ThreadState<'py>,
    items: [Bound<'py, PyAny>; N],
) -> PyResult<Bound<'py, PyAny>> {
    ts.raw();
    let places = items.each_ref().map(|item| item.reference().as_ptr());
    // SAFETY: attached, as `raw` has checked; so many live objects, which the tuple counts.
    unsafe { owned_by(ts, calls::PyTuple_FromArray(places.as_ptr(), N as isize)) }
}

/// Tuples of up to six items become a `tuple`.
macro_rules! tuples {
    ($(($($item:ident),+);)*) => {$(
        impl<'py, $($item: IntoPy<'py>),+> IntoPy<'py> for ($($item,)+) {
            fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
                #[expect(non_snake_case, reason = "named like their types")]
                let ($($item,)+) = self;
                tuple(ts, [$($item.into_py(ts)?),+])
            }
        }
    )*};
}

tuples! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
}
