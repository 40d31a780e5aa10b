//! Markers for Python's types, and the checks that turn any object into a typed handle.
use cpython_ffi::{Ref, fast, raw};

use crate::error::PyResult;
use crate::exception::TypeError;
use crate::handle::{Borrowed, Bound};
use crate::thread::ThreadState;

/// Any object.
pub enum PyAny {}

/// A Python type that Rust has a marker for.
///
/// Sealed by its method: only this crate can say that an object's memory has the layout that the
/// methods of a marker rely on.
pub trait Typed: Sized {
    /// The type's name as error texts have it.
    const NAME: &'static str;

    /// Whether the object is an instance of the type or of a subclass.
    fn check(object: &Bound<'_, PyAny>) -> bool;

    /// Whether the object is an instance of exactly this type.
    fn check_exact(object: &Bound<'_, PyAny>) -> bool;

    #[doc(hidden)]
    fn sealed(_: Sealed);
}

/// Cannot be named outside this crate, so [`Typed`] cannot be implemented there.
pub struct Sealed(());

/// How a marker recognises its instances.
macro_rules! typed {
    ($($(#[doc = $doc:literal])* $name:ident, $python:literal, $class:ident, $how:tt;)*) => {$(
        $(#[doc = $doc])*
        pub enum $name {}

        impl Typed for $name {
            const NAME: &'static str = $python;

            #[inline(always)]
            fn check(object: &Bound<'_, PyAny>) -> bool {
                typed!(@check $how, object.checked(), $class)
            }

            #[inline(always)]
            fn check_exact(object: &Bound<'_, PyAny>) -> bool {
                // SAFETY: live, counted by the handle.
                unsafe { fast::is_exactly(object.checked(), &raw mut raw::$class) }
            }

            fn sealed(_: Sealed) {}
        }

        impl $name {
            /// The type object.
            #[inline]
            pub fn class<'py>(ts: &ThreadState<'py>) -> Borrowed<'static, 'py, PyType> {
                // SAFETY: a static type lives as long as the process.
                unsafe {
                    Borrowed::new(ts.raw(), std::ptr::NonNull::new_unchecked((&raw mut raw::$class).cast()))
                }
            }
        }
    )*};
    // SAFETY: live, counted by the handle.
    (@check (flag $flag:ident), $o:expr, $class:ident) => { unsafe { fast::has_flag($o, raw::$flag as _) } };
    // SAFETY: live, counted by the handle; the static type is immortal.
    (@check subtype, $o:expr, $class:ident) => { unsafe { is_subtype($o, &raw mut raw::$class) } };
    // SAFETY: live, counted by the handle.
    (@check exact, $o:expr, $class:ident) => { unsafe { fast::is_exactly($o, &raw mut raw::$class) } };
}

typed! {
    /// `int`.
    PyInt, "int", PyLong_Type, (flag Py_TPFLAGS_LONG_SUBCLASS);
    /// `bool`; has no subclasses.
    PyBool, "bool", PyBool_Type, exact;
    /// `float`.
    PyFloat, "float", PyFloat_Type, subtype;
    /// `complex`.
    PyComplex, "complex", PyComplex_Type, subtype;
    /// `str`.
    PyStr, "str", PyUnicode_Type, (flag Py_TPFLAGS_UNICODE_SUBCLASS);
    /// `bytes`.
    PyBytes, "bytes", PyBytes_Type, (flag Py_TPFLAGS_BYTES_SUBCLASS);
    /// `bytearray`.
    PyByteArray, "bytearray", PyByteArray_Type, subtype;
    /// `memoryview`; has no subclasses.
    PyMemoryView, "memoryview", PyMemoryView_Type, exact;
    /// `list`.
    PyList, "list", PyList_Type, (flag Py_TPFLAGS_LIST_SUBCLASS);
    /// `tuple`.
    PyTuple, "tuple", PyTuple_Type, (flag Py_TPFLAGS_TUPLE_SUBCLASS);
    /// `dict`.
    PyDict, "dict", PyDict_Type, (flag Py_TPFLAGS_DICT_SUBCLASS);
    /// `frozendict`; not below `dict`.
    PyFrozenDict, "frozendict", PyFrozenDict_Type, subtype;
    /// `set`.
    PySet, "set", PySet_Type, subtype;
    /// `frozenset`.
    PyFrozenSet, "frozenset", PyFrozenSet_Type, subtype;
    /// A class.
    PyType, "type", PyType_Type, (flag Py_TPFLAGS_TYPE_SUBCLASS);
    /// A module.
    PyModule, "module", PyModule_Type, subtype;
    /// A capsule; has no subclasses.
    PyCapsule, "PyCapsule", PyCapsule_Type, exact;
}

/// Whether the type of `o` is `class` or below it.
///
/// # Safety
/// Both are live.
#[inline(always)]
unsafe fn is_subtype(o: Ref, class: *mut raw::PyTypeObject) -> bool {
    // SAFETY: live; the call reads only.
    unsafe {
        fast::is_exactly(o, class)
            || cpython_ffi::calls::PyType_IsSubtype(fast::type_of(o), class) != 0
    }
}

impl<'py> Bound<'py, PyAny> {
    /// The object as a `T`, when it is one (or of a subclass).
    #[inline(always)]
    pub fn cast<T: Typed>(&self) -> Option<&Bound<'py, T>> {
        // SAFETY: the check has just said so, and the trait is sealed.
        T::check(self).then(|| unsafe { self.cast_unchecked() })
    }

    /// The object as a `T`, when it is exactly one.
    #[inline(always)]
    pub fn cast_exact<T: Typed>(&self) -> Option<&Bound<'py, T>> {
        // SAFETY: the check has just said so, and the trait is sealed.
        T::check_exact(self).then(|| unsafe { self.cast_unchecked() })
    }

    /// The object as a `T`, consumed.
    ///
    /// # Errors
    /// `TypeError: expected T, got X`.
    pub fn into_cast<T: Typed>(self) -> PyResult<Bound<'py, T>> {
        if T::check(&self) {
            // SAFETY: the check has just said so, and the trait is sealed.
            Ok(unsafe { self.into_unchecked() })
        } else {
            let ts = self.token();
            Err(TypeError::new(&ts, format_args!("expected {}, got {}", T::NAME, self.type_name())))
        }
    }

    /// Whether the object can be raised.
    pub(crate) fn is_instance_of_exception(&self) -> bool {
        // SAFETY: live, counted by the handle.
        unsafe { fast::has_flag(self.checked(), raw::Py_TPFLAGS_BASE_EXC_SUBCLASS as _) }
    }
}
