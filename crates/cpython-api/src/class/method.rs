//! Methods: functions whose receiver is an instance, a class, or nothing.
use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use cpython_ffi::raw::{self, PyMethodDef, PyObject};
use cpython_ffi::{Ref, calls};

use super::instance::{self, ClassModule};
use super::{Class, layout};
use crate::error::{PyErr, PyResult};
use crate::exception::TypeError;
use crate::function::{Call, Function, FunctionDef, Receiver};
use crate::handle::{Borrowed, Bound, Py};
use crate::result::Outcome;
use crate::thread::{self, ThreadState};
use crate::types::{PyAny, PyType, Typed};

/// The receiver of a method: an instance of `T`.
pub struct OfClass<T>(PhantomData<fn() -> T>);

impl<T: 'static> Receiver for OfClass<T> {
    // The payload may reach Python through its fields, and so let go of the receiver.
    const COUNTED: bool = true;
}

/// The receiver of a class method and of a constructor: the class of `T`, or one below it.
pub struct OfType<T>(PhantomData<fn() -> T>);

impl<T: 'static> Receiver for OfType<T> {
    const FLAGS: u32 = raw::METH_CLASS as u32;
    const COUNTED: bool = true;
}

/// The receiver of a static method: nothing.
pub struct OfNothing<T>(PhantomData<fn() -> T>);

impl<T: 'static> Receiver for OfNothing<T> {
    const FLAGS: u32 = raw::METH_STATIC as u32;
    const ABSENT: bool = true;
}

impl<'a, 'py, T: Class> Call<'a, 'py, OfClass<T>> {
    /// The instance.
    ///
    /// # Errors
    /// `TypeError` when it is none: C trusts the callers of slots, this does not.
    #[inline(always)]
    pub fn this(&self) -> PyResult<Borrowed<'a, 'py, T>> {
        self.instance().map(|(instance, _)| instance)
    }

    /// The instance and its payload.
    ///
    /// # Errors
    /// As for [`Call::this`].
    #[inline(always)]
    pub fn instance(&self) -> PyResult<(Borrowed<'a, 'py, T>, &'a T)> {
        let receiver = self.receiver();
        let object = receiver.checked().as_non_null();
        // SAFETY: live and counted for `'a` (`OfClass` says so).
        let Some(payload) = (unsafe { layout::payload(object) }) else {
            return Err(foreign::<T>(&receiver));
        };
        // SAFETY: it has a payload of `T`; counted for `'a`.
        Ok((unsafe { Borrowed::new(receiver.state(), object) }, payload))
    }

    /// The payload of the instance, without a token.
    ///
    /// # Errors
    /// As for [`Call::this`].
    #[inline(always)]
    pub fn payload(&self) -> PyResult<&'a T> {
        // SAFETY: live and counted for `'a` (`OfClass` says so).
        match unsafe { layout::payload(self.receiver_address()) } {
            Some(payload) => Ok(payload),
            None => Err(foreign_address::<T>(self.receiver_address())),
        }
    }

    /// The module of the instance's class.
    ///
    /// # Errors
    /// `SystemError` when the collector has torn the class from its module.
    #[inline(always)]
    pub fn class_module(&self) -> PyResult<ClassModule<'py, T::State>> {
        self.this()?.module()
    }
}

impl<'a, 'py, T: Class> Call<'a, 'py, OfType<T>> {
    /// The class that the method or constructor was called on.
    ///
    /// # Errors
    /// `TypeError` when it is no class.
    #[inline(always)]
    pub fn class(&self) -> PyResult<Borrowed<'a, 'py, PyType>> {
        let receiver = self.receiver();
        if !PyType::check(&receiver) {
            return Err(foreign::<T>(&receiver));
        }
        // SAFETY: just checked; counted for `'a`.
        Ok(unsafe { Borrowed::new(receiver.state(), receiver.reference().as_non_null()) })
    }

    /// The module of the class.
    ///
    /// # Errors
    /// `TypeError` when it is no class; `SystemError` when it is not below the class of `T`, or
    /// torn from its module.
    pub fn class_module(&self) -> PyResult<ClassModule<'py, T::State>> {
        let class = self.class()?;
        // SAFETY: a live class, counted for the call.
        unsafe { instance::module_of::<T>(&self.thread_state(), class.checked().as_ptr().cast()) }
    }

    /// Makes the instance that a constructor returns: of the class it was called on.
    ///
    /// # Errors
    /// The constructor's own error; `TypeError` when the class is not below the one of `T`;
    /// `MemoryError`.
    #[inline(always)]
    pub fn construct(&self, made: impl Construct<T>) -> PyResult<Outcome<'py>> {
        let class = self.class()?;
        Ok(Outcome::of(made.construct(&self.thread_state(), &class)?))
    }
}

/// What a constructor may give: the payload, or with a base class in Rust the base's payload and
/// its own; an instance, or either ([`New`]); or a result with one of these.
pub trait Construct<T> {
    /// A new instance of `class`.
    ///
    /// # Errors
    /// The constructor's own; those of [`Class::into_instance`].
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>>;
}

impl<T: Class> Construct<T> for T {
    #[inline(always)]
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>> {
        instance::new_instance(ts, class, self)
    }
}

/// What a constructor gives that does not always make something new.
///
/// As in C, `T(...)` runs the `__init__` of an instance that was there before, too, when its class
/// has one.
pub enum New<T> {
    /// A payload, for a new instance.
    Payload(T),
    /// An instance that there is already.
    Instance(Py<T>),
}

impl<T: Class> Construct<T> for New<T> {
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>> {
        match self {
            Self::Payload(payload) => payload.construct(ts, class),
            Self::Instance(instance) => Ok(instance.bind(ts)),
        }
    }
}

/// An instance that there is already, from a constructor that always has one.
///
/// Ends the process when it is not of the call that it is given to.
impl<T: Class> Construct<T> for Bound<'_, T> {
    #[inline(always)]
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        _class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>> {
        let state = ts.raw();
        if self.state() != state {
            crate::message::die("a constructor gave an instance of another call");
        }
        // SAFETY: the count is handed on; the handle has the token's thread state, which exists
        // for `'py`, so that the object belongs to that one's interpreter.
        Ok(unsafe { Bound::from_raw(state, self.into_owned().into_non_null()) })
    }
}

impl<B: Class, T: Class> Construct<T> for (B, T) {
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>> {
        instance::new_instance_on(ts, class, self.0, self.1)
    }
}

impl<T: Class, M: Construct<T>> Construct<T> for PyResult<M> {
    #[inline(always)]
    fn construct<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, T>> {
        self?.construct(ts, class)
    }
}

/// A method of `T`, for its table.
pub struct MethodDef<T>(PyMethodDef, PhantomData<fn() -> T>);

impl<T: Class> MethodDef<T> {
    /// A method of instances.
    pub const fn method<F: Function<OfClass<T>>>() -> Self {
        Self(FunctionDef::of::<F>().to_c(), PhantomData)
    }

    /// A class method.
    pub const fn class_method<F: Function<OfType<T>>>() -> Self {
        Self(FunctionDef::of::<F>().to_c(), PhantomData)
    }

    /// A static method.
    pub const fn static_method<F: Function<OfNothing<T>>>() -> Self {
        Self(FunctionDef::of::<F>().to_c(), PhantomData)
    }

    /// `__class_getitem__`: `T[x]` is a `types.GenericAlias`.
    pub const fn class_getitem() -> Self {
        let flags = (raw::METH_CLASS | raw::METH_O) as c_int;
        Self(
            PyMethodDef {
                ml_name: c"__class_getitem__".as_ptr(),
                ml_meth: Some(generic_alias),
                ml_flags: flags,
                ml_doc: c"See PEP 585".as_ptr(),
            },
            PhantomData,
        )
    }

    /// In place of the wrapper of a slot with the same name (`METH_COEXIST`).
    #[must_use]
    pub const fn coexist(self) -> Self {
        let mut def = self.0;
        def.ml_flags |= raw::METH_COEXIST as c_int;
        Self(def, PhantomData)
    }

    /// The entry for C.
    pub(super) const fn to_c(&self) -> PyMethodDef {
        self.0
    }
}

/// The error for a receiver that is no instance of `T`.
#[cold]
pub(super) fn foreign<T: Class>(receiver: &Bound<'_, PyAny>) -> PyErr {
    TypeError::new(
        &receiver.token(),
        format_args!(
            "descriptor requires a '{}' object but received a '{}'",
            T::NAME,
            receiver.type_name()
        ),
    )
}

/// The same at the entry of a function that has no token.
#[cold]
fn foreign_address<T: Class>(receiver: NonNull<PyObject>) -> PyErr {
    let Some(raw) = thread::current() else {
        crate::message::die("C called a method on a detached thread")
    };
    // SAFETY: live, counted for the call; the handle does not leave this function.
    let receiver = unsafe { Borrowed::<PyAny>::new(raw, receiver) };
    foreign::<T>(&receiver)
}

unsafe extern "C" fn generic_alias(class: *mut PyObject, item: *mut PyObject) -> *mut PyObject {
    // SAFETY: C passes a live class and a live object, attached.
    unsafe {
        match (Ref::from_ptr(class), Ref::from_ptr(item)) {
            (Some(class), Some(item)) => calls::Py_GenericAlias(class, item)
                .map_or(ptr::null_mut(), cpython_ffi::Owned::into_ptr),
            _ => ptr::null_mut(),
        }
    }
}
