//! Instances: making them, and getting at payload, class and module.
use std::ffi::CStr;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::ptr::{self, NonNull};

use cpython_ffi::raw::{PyHeapTypeObject, PyTypeObject};
use cpython_ffi::{Owned, Ref, calls, fast};

use super::{Class, layout, member};
use crate::error::{PyErr, PyResult};
use crate::exception::{SystemError, TypeError};
use crate::gc::{Stop, Traverse, Visit};
use crate::handle::{Borrowed, Bound, Py};
use crate::module::{Module, ModuleState};
use crate::thread::ThreadState;
use crate::types::{PyAny, PyModule, PyStr, PyTuple, PyType, Sealed, Typed};

/// A type object that was made for `T`; to be kept in the state of the module.
pub struct ClassRef<T>(Py<PyType>, PhantomData<fn() -> T>);

impl<T: Class> ClassRef<T> {
    /// Names a type object.
    ///
    /// INVARIANT: instances are checked by token, so a wrong one can only raise.
    pub(super) fn new(class: Bound<'_, PyType>) -> Self {
        Self(class.unbind(), PhantomData)
    }

    /// The type object.
    pub fn get<'a, 'py>(&'a self, ts: &ThreadState<'py>) -> Borrowed<'a, 'py, PyType> {
        self.0.get(ts)
    }

    /// Adds an attribute to the class, which Python code cannot.
    ///
    /// For constants such as `timedelta.max`, before anybody has seen the class.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn add(&self, ts: &ThreadState<'_>, name: &CStr, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let class = self.0.get(ts);
        let name = PyStr::interned(ts, name)?;
        // SAFETY: attached; a live type, whose dict is a dict; the caches learn of the change.
        unsafe {
            let Some(dict) = calls::PyType_GetDict(class.checked().as_ptr().cast()) else {
                return Err(PyErr::fetch(ts));
            };
            let status = calls::PyDict_SetItem(dict.as_ref(), name.reference(), value.checked());
            dict.release();
            calls::PyType_Modified(class.reference().as_ptr().cast());
            class.done(status)
        }
    }

    /// A new instance with this payload.
    ///
    /// # Errors
    /// `MemoryError`; then the payload is dropped.
    pub fn instance<'py>(&self, ts: &ThreadState<'py>, payload: T) -> PyResult<Bound<'py, T>> {
        new_instance(ts, &self.0.get(ts), payload)
    }
}

// SAFETY: the one reference, once.
unsafe impl<T> Traverse for ClassRef<T> {
    fn traverse(&self, visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        self.0.traverse(visit)
    }
}

/// Instances are recognised by the token of their class and the phase of their payload.
impl<T: Class> Typed for T {
    const NAME: &'static str = T::FACTS.shown_name();

    #[inline(always)]
    fn check(object: &Bound<'_, PyAny>) -> bool {
        // SAFETY: live, counted by the handle.
        unsafe { layout::payload::<T>(object.checked().as_non_null()).is_some() }
    }

    #[inline(always)]
    fn check_exact(object: &Bound<'_, PyAny>) -> bool {
        // SAFETY: live, counted by the handle.
        let exact = unsafe {
            let class = fast::type_of(object.checked());
            layout::made_for::<T>(class).is_some_and(|made| made.as_ptr() == class)
        };
        exact && Self::check(object)
    }

    fn sealed(_: Sealed) {}
}

impl<'py, T: Class> Bound<'py, T> {
    /// The payload. Others may be holding it too, on any thread.
    #[inline(always)]
    pub fn get(&self) -> &T {
        // SAFETY: live, counted by the handle, for the borrow; an instance of `T`, as it says.
        match unsafe { layout::payload_of_instance(self.checked().as_non_null()) } {
            Some(payload) => payload,
            None => lost(),
        }
    }

    /// `object.__getattribute__(self, name)`: what a class without `tp_getattro` does.
    ///
    /// # Errors
    /// `AttributeError`; `TypeError` when the name is no `str`; what a descriptor raises.
    pub fn generic_getattr(&self, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: attached; both live.
        unsafe {
            crate::error::owned(
                self.as_any(),
                calls::PyObject_GenericGetAttr(self.checked(), name.reference()),
            )
        }
    }

    /// `object.__setattr__(self, name, value)`, or `__delattr__` without a value.
    ///
    /// # Errors
    /// As for [`Self::generic_getattr`].
    pub fn generic_setattr(
        &self,
        name: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        // SAFETY: attached; all live.
        self.done(unsafe {
            calls::PyObject_GenericSetAttr(
                self.checked(),
                name.reference(),
                value.map(Bound::reference),
            )
        })
    }

    /// The module that the class was made for, and through it the state.
    ///
    /// # Errors
    /// `SystemError` when the collector has torn the class from its module.
    pub fn module(&self) -> PyResult<ClassModule<'py, T::State>> {
        // SAFETY: the type of a live object is live.
        unsafe { module_of::<T>(&self.token(), fast::type_of(self.checked())) }
    }
}

/// A handle is made only after the payload was seen, and the payload stays as long as the object.
#[cold]
#[inline(never)]
fn lost() -> ! {
    crate::message::die("the payload of an object has gone while the object is alive")
}

/// The module of a class, counted; lends it typed by its state.
pub struct ClassModule<'py, S> {
    object: Bound<'py, PyModule>,
    _state: PhantomData<fn() -> S>,
}

impl<'py, S: ModuleState> ClassModule<'py, S> {
    /// The module.
    #[inline(always)]
    pub fn module(&self) -> Module<'_, 'py, S> {
        // SAFETY: classes with the state `S` are made for modules of `S` only; counted by `self`.
        unsafe { Module::new(self.object.borrow()) }
    }

    /// The module's state.
    ///
    /// # Errors
    /// `SystemError` before the module's initialisation is complete.
    #[inline(always)]
    pub fn state(&self) -> PyResult<&S> {
        self.module().state()
    }
}

/// The module of the class that was made for `T`, from that class or one below it.
///
/// # Safety
/// `class` is a live type, and stays so for the call.
pub(super) unsafe fn module_of<'py, T: Class>(
    ts: &ThreadState<'py>,
    class: *mut PyTypeObject,
) -> PyResult<ClassModule<'py, T::State>> {
    ts.raw();
    // SAFETY: live; a heap type's field, which is null once the collector has cleared the type.
    unsafe {
        let module = layout::made_for::<T>(class)
            .and_then(|made| Ref::from_ptr((*made.cast::<PyHeapTypeObject>().as_ptr()).ht_module));
        match module {
            Some(module) => Ok(ClassModule {
                object: Bound::from_owned(ts, module.to_owned()),
                _state: PhantomData,
            }),
            None => Err(torn::<T>(ts)),
        }
    }
}

#[cold]
fn torn<T: Class>(ts: &ThreadState<'_>) -> PyErr {
    SystemError::new(ts, format_args!("the module of class '{}' is gone", T::NAME))
}

/// A new instance of `class`, which is the one made for `T` or one below it.
pub(super) fn new_instance<'py, T: Class>(
    ts: &ThreadState<'py>,
    class: &Bound<'py, PyType>,
    payload: T,
) -> PyResult<Bound<'py, T>> {
    let class = class.checked();
    // SAFETY: a live type.
    let Some(made) = (unsafe { layout::made_for::<T>(class.as_ptr().cast()) }) else {
        return Err(not_below::<T>(ts, class));
    };
    if T::FACTS.given_base {
        let object = allocate_by_base(ts, class, made)?;
        return put_above(ts, object, payload);
    }
    // Before the allocation: without a GIL, other threads find an object by the collector's lists
    // as soon as it is there, and C reads members without asking.
    member::check(ts, &payload)?;
    let object = allocate(ts, class)?;
    // No Python runs between the allocation and the write: the collector may see the object, and
    // finds it without a payload until then.
    // SAFETY: live, of a type whose instances have the cell, and `tp_alloc` has just made it.
    unsafe {
        layout::cell::<T>(object.reference().as_non_null(), made).put_first(payload);
        Ok(object.into_unchecked())
    }
}

/// A new instance of `class` with the payload of a base class and its own.
pub(super) fn new_instance_on<'py, B: Class, T: Class>(
    ts: &ThreadState<'py>,
    class: &Bound<'py, PyType>,
    base: B,
    payload: T,
) -> PyResult<Bound<'py, T>> {
    // SAFETY: a live type.
    if unsafe { layout::made_for::<T>(class.checked().as_ptr().cast()) }.is_none() {
        return Err(not_below::<T>(ts, class.checked()));
    }
    let object = new_instance::<B>(ts, class, base)?;
    put_above(ts, object.into_any(), payload)
}

/// Puts the payload into an object that has its base's part.
fn put_above<'py, T: Class>(
    ts: &ThreadState<'py>,
    object: Bound<'py, PyAny>,
    payload: T,
) -> PyResult<Bound<'py, T>> {
    // SAFETY: live.
    let Some(made) = (unsafe { layout::made_for::<T>(fast::type_of(object.checked())) }) else {
        return Err(SystemError::new(ts, "the base class returned an object of another class"));
    };
    member::check(ts, &payload)?;
    // SAFETY: live, and of a type whose instances have the cell.
    let cell = unsafe { layout::cell::<T>(object.reference().as_non_null(), made) };
    if cell.put(payload).is_err() {
        return Err(SystemError::new(ts, "the base class returned an object in use"));
    }
    // SAFETY: the payload is there.
    Ok(unsafe { object.into_unchecked() })
}

/// Memory for an instance of a class below `object`, without payload.
fn allocate<'py>(ts: &ThreadState<'py>, class: Ref) -> PyResult<Bound<'py, PyAny>> {
    let class = class.as_ptr().cast::<PyTypeObject>();
    // SAFETY: a live type; every ready type has `tp_alloc`.
    let object = unsafe { (*class).tp_alloc.map(|allocate| allocate(class, 0)) };
    // SAFETY: a new reference or null with an exception.
    unsafe { crate::error::owned_by(ts, Owned::from_ptr(object.unwrap_or(ptr::null_mut()))) }
}

/// The same through the `tp_new` of a base, without arguments, which sets up the base's part.
fn allocate_by_base<'py>(
    ts: &ThreadState<'py>,
    class: Ref,
    made: NonNull<PyTypeObject>,
) -> PyResult<Bound<'py, PyAny>> {
    let arguments = PyTuple::new(ts, &[])?;
    // SAFETY: a live type and its live base; a new reference or null with an exception.
    unsafe {
        let Some(new) = (*(*made.as_ptr()).tp_base).tp_new else {
            return Err(TypeError::new(ts, "the base class makes no instances"));
        };
        let object = new(class.as_ptr().cast(), arguments.reference().as_ptr(), ptr::null_mut());
        crate::error::owned_by(ts, Owned::from_ptr(object))
    }
}

#[cold]
fn not_below<T: Class>(ts: &ThreadState<'_>, class: Ref) -> PyErr {
    // SAFETY: a live type; its name is a C string.
    let name = unsafe { CStr::from_ptr((*class.as_ptr().cast::<PyTypeObject>()).tp_name) };
    TypeError::new(
        ts,
        format_args!("type '{}' is not a subtype of '{}'", crate::message::Lossy(name), T::NAME),
    )
}
