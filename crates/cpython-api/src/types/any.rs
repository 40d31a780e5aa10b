//! What every object can do.
use std::cmp::Ordering;
use std::ffi::{CStr, c_int};
use std::ptr;

use cpython_ffi::{Owned, Ref, calls, fast, raw};

use super::{PyAny, PyStr, PyTuple, PyType};
use crate::error::{PyErr, PyResult, owned};
use crate::handle::{Borrowed, Bound};
use crate::thread::ThreadState;

/// Most positional arguments that a call of [`Bound::call`] passes without a tuple.
const MAX_ARGS: usize = 6;

impl<'py> Bound<'py, PyAny> {
    /// The token of the thread this handle is used on.
    ///
    /// Lets a function make new objects from a handle alone. It cannot detach.
    #[inline(always)]
    pub fn thread_state(&self) -> impl std::ops::Deref<Target = ThreadState<'py>> {
        Token(self.token())
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.reference().as_ptr() == raw::Py_None()
    }

    /// `id(self)`: a number that no other object has while this one lives.
    #[inline]
    pub fn id(&self) -> usize {
        self.reference().as_ptr().addr()
    }

    /// The object's class.
    #[inline]
    pub fn get_type(&self) -> Bound<'py, PyType> {
        let class = self.checked();
        // SAFETY: an object's type is live while the object is; the new count is ours.
        unsafe {
            let class = ptr::NonNull::new_unchecked(fast::type_of(class).cast());
            Bound::beside(self, Ref::new(class).to_owned())
        }
    }

    /// `type(self).__name__` as error texts show it (`tp_name`), cut off at 200 characters.
    pub fn type_name(&self) -> TypeName {
        // SAFETY: the type is live while the object is, and so is its name.
        TypeName::new(unsafe { CStr::from_ptr((*fast::type_of(self.checked())).tp_name) })
    }

    /// The name of the object's class with that of its module, as newer error texts (`%T`) show it.
    ///
    /// # Errors
    /// What a class's `__module__` raises; `MemoryError`.
    pub fn full_type_name(&self) -> PyResult<Bound<'py, PyStr>> {
        let class = self.get_type();
        // SAFETY: attached; a live type, counted by the handle; the call returns a `str`.
        unsafe {
            let class = class.checked().as_ptr().cast();
            owned(self, calls::PyType_GetFullyQualifiedName(class))
        }
    }

    /// `repr(self)`.
    ///
    /// # Errors
    /// What `__repr__` raises.
    pub fn repr(&self) -> PyResult<Bound<'py, PyStr>> {
        // SAFETY: attached; the call returns a `str`.
        unsafe { owned(self, calls::PyObject_Repr(self.checked())) }
    }

    /// `str(self)`.
    ///
    /// # Errors
    /// What `__str__` raises.
    pub fn str(&self) -> PyResult<Bound<'py, PyStr>> {
        // SAFETY: attached; the call returns a `str`.
        unsafe { owned(self, calls::PyObject_Str(self.checked())) }
    }

    /// `hash(self)`.
    ///
    /// # Errors
    /// What `__hash__` raises.
    pub fn hash(&self) -> PyResult<isize> {
        // SAFETY: attached.
        match unsafe { calls::PyObject_Hash(self.checked()) } {
            -1 => Err(PyErr::fetch_beside(self)),
            hash => Ok(hash),
        }
    }

    /// `bool(self)`.
    ///
    /// # Errors
    /// What `__bool__` or `__len__` raises.
    pub fn is_true(&self) -> PyResult<bool> {
        // SAFETY: attached.
        self.answer(unsafe { calls::PyObject_IsTrue(self.checked()) })
    }

    /// `len(self)`.
    ///
    /// # Errors
    /// What `__len__` raises; `TypeError` when there is none.
    pub fn len(&self) -> PyResult<usize> {
        // SAFETY: attached.
        let length = unsafe { calls::PyObject_Size(self.checked()) };
        usize::try_from(length).map_err(|_| PyErr::fetch_beside(self))
    }

    /// `self < other`, and the other five, as an object.
    ///
    /// # Errors
    /// What the comparison raises.
    pub fn rich_compare(&self, other: &Self, op: Compare) -> PyResult<Self> {
        // SAFETY: attached; both live.
        unsafe {
            owned(self, calls::PyObject_RichCompare(self.checked(), other.reference(), op as c_int))
        }
    }

    /// `bool(self < other)`, and the other five; for `Eq` and `Ne` an object equals itself.
    ///
    /// # Errors
    /// What the comparison or its truth value raises.
    pub fn compare(&self, other: &Self, op: Compare) -> PyResult<bool> {
        // SAFETY: attached; both live.
        self.answer(unsafe {
            calls::PyObject_RichCompareBool(self.checked(), other.reference(), op as c_int)
        })
    }

    /// `self == other`.
    ///
    /// # Errors
    /// What the comparison raises.
    pub fn eq(&self, other: &Self) -> PyResult<bool> {
        self.compare(other, Compare::Eq)
    }

    /// `isinstance(self, class)`.
    ///
    /// # Errors
    /// What `__instancecheck__` raises.
    pub fn is_instance(&self, class: &Self) -> PyResult<bool> {
        // SAFETY: attached; both live.
        self.answer(unsafe { calls::PyObject_IsInstance(self.checked(), class.reference()) })
    }

    /// `callable(self)`.
    pub fn is_callable(&self) -> bool {
        // SAFETY: attached.
        unsafe { calls::PyCallable_Check(self.checked()) != 0 }
    }

    /// Whether it says that it has bytes to lend; nothing is asked of it.
    pub fn is_buffer(&self) -> bool {
        // SAFETY: attached.
        unsafe { calls::PyObject_CheckBuffer(self.checked()) != 0 }
    }

    /// Whether it counts as a number: has `__index__`, `__int__` or `__float__`, or is a `complex`.
    pub fn is_number(&self) -> bool {
        // SAFETY: attached.
        unsafe { calls::PyNumber_Check(self.checked()) != 0 }
    }

    /// `getattr(self, name)`.
    ///
    /// # Errors
    /// `AttributeError`, or what the lookup raises.
    pub fn getattr(&self, name: impl Name<'py>) -> PyResult<Self> {
        let name = name.to_str(self)?;
        // SAFETY: attached; both live.
        unsafe { owned(self, calls::PyObject_GetAttr(self.checked(), name.reference())) }
    }

    /// `getattr(self, name, None)` that tells absence from `None`.
    ///
    /// # Errors
    /// What the lookup raises, but not `AttributeError`.
    pub fn getattr_opt(&self, name: impl Name<'py>) -> PyResult<Option<Self>> {
        let name = name.to_str(self)?;
        let mut found = ptr::null_mut();
        // SAFETY: attached; both live; on success the result is null or new.
        unsafe {
            let status =
                calls::PyObject_GetOptionalAttr(self.checked(), name.reference(), &mut found);
            if status.failed() { Err(PyErr::fetch_beside(self)) } else { Ok(self.optional(found)) }
        }
    }

    /// `setattr(self, name, value)`.
    ///
    /// # Errors
    /// What the assignment raises.
    pub fn setattr(&self, name: impl Name<'py>, value: &Self) -> PyResult<()> {
        let name = name.to_str(self)?;
        // SAFETY: attached; all live.
        self.done(unsafe {
            calls::PyObject_SetAttr(self.checked(), name.reference(), Some(value.reference()))
        })
    }

    /// `delattr(self, name)`.
    ///
    /// # Errors
    /// What the deletion raises.
    pub fn delattr(&self, name: impl Name<'py>) -> PyResult<()> {
        let name = name.to_str(self)?;
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PyObject_SetAttr(self.checked(), name.reference(), None) })
    }

    /// `self[key]`.
    ///
    /// # Errors
    /// What `__getitem__` raises.
    pub fn get_item(&self, key: &Self) -> PyResult<Self> {
        // SAFETY: attached; both live.
        unsafe { owned(self, calls::PyObject_GetItem(self.checked(), key.reference())) }
    }

    /// `self[key] = value`.
    ///
    /// # Errors
    /// What `__setitem__` raises.
    pub fn set_item(&self, key: &Self, value: &Self) -> PyResult<()> {
        // SAFETY: attached; all live.
        self.done(unsafe {
            calls::PyObject_SetItem(self.checked(), key.reference(), value.reference())
        })
    }

    /// `del self[key]`.
    ///
    /// # Errors
    /// What `__delitem__` raises.
    pub fn del_item(&self, key: &Self) -> PyResult<()> {
        // SAFETY: attached; both live.
        self.done(unsafe { calls::PyObject_DelItem(self.checked(), key.reference()) })
    }

    /// `list(self)`.
    ///
    /// # Errors
    /// `TypeError` when it is not iterable; what iterating raises.
    pub fn to_list(&self) -> PyResult<Bound<'py, super::PyList>> {
        // SAFETY: attached; the call returns a `list`.
        unsafe { owned(self, calls::PySequence_List(self.checked())) }
    }

    /// `list(self.items())` of a mapping.
    ///
    /// # Errors
    /// `AttributeError` when it has no such method; `TypeError` when that gives nothing iterable;
    /// what either raises.
    pub fn mapping_items(&self) -> PyResult<Bound<'py, super::PyList>> {
        // SAFETY: attached; the call returns a `list`.
        unsafe { owned(self, calls::PyMapping_Items(self.checked())) }
    }

    /// `iter(self)`.
    ///
    /// # Errors
    /// `TypeError` when it is not iterable; what `__iter__` raises.
    pub fn iter(&self) -> PyResult<Self> {
        // SAFETY: attached.
        unsafe { owned(self, calls::PyObject_GetIter(self.checked())) }
    }

    /// `next(self)`; `None` at the end.
    ///
    /// # Errors
    /// `TypeError` when it is no iterator; what `__next__` raises, but not `StopIteration`.
    pub fn next(&self) -> PyResult<Option<Self>> {
        let mut item = ptr::null_mut();
        // SAFETY: attached; the result is null or new.
        unsafe {
            let status = calls::PyIter_NextItem(self.checked(), &mut item);
            if status.failed() { Err(PyErr::fetch_beside(self)) } else { Ok(self.optional(item)) }
        }
    }

    /// `self()`.
    ///
    /// # Errors
    /// What the call raises.
    pub fn call0(&self) -> PyResult<Self> {
        // SAFETY: attached.
        unsafe { owned(self, calls::PyObject_CallNoArgs(self.checked())) }
    }

    /// `self(argument)`.
    ///
    /// # Errors
    /// What the call raises.
    pub fn call1(&self, argument: &Self) -> PyResult<Self> {
        // SAFETY: attached; both live.
        unsafe { owned(self, calls::PyObject_CallOneArg(self.checked(), argument.reference())) }
    }

    /// `self(*arguments)`.
    ///
    /// # Errors
    /// What the call raises; `MemoryError`.
    pub fn call(&self, arguments: &[&Self]) -> PyResult<Self> {
        if arguments.len() > MAX_ARGS {
            let tuple = PyTuple::new(&self.token(), arguments)?;
            // SAFETY: attached; both live.
            return unsafe {
                owned(self, calls::PyObject_Call(self.checked(), tuple.reference(), None))
            };
        }
        // One free place before the arguments lets the callee put its `self` there.
        let mut stack = [ptr::null_mut(); MAX_ARGS + 1];
        for (place, argument) in stack[1..].iter_mut().zip(arguments) {
            *place = argument.reference().as_ptr();
        }
        let nargsf = arguments.len() | raw::PY_VECTORCALL_ARGUMENTS_OFFSET;
        // SAFETY: attached; the arguments are counted by the handles; one place before them is ours.
        unsafe {
            owned(
                self,
                calls::PyObject_Vectorcall(
                    self.checked(),
                    stack.as_mut_ptr().add(1).cast_const(),
                    nargsf,
                    None,
                ),
            )
        }
    }

    /// `self(*arguments, **keywords)`.
    ///
    /// # Errors
    /// What the call raises.
    pub fn call_with(
        &self,
        arguments: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, super::PyDict>>,
    ) -> PyResult<Self> {
        // SAFETY: attached; all live.
        unsafe {
            owned(
                self,
                calls::PyObject_Call(
                    self.checked(),
                    arguments.reference(),
                    keywords.map(Bound::reference),
                ),
            )
        }
    }

    /// `self.name(*arguments)`.
    ///
    /// # Errors
    /// `AttributeError`, what the call raises.
    pub fn call_method(&self, name: impl Name<'py>, arguments: &[&Self]) -> PyResult<Self> {
        let name = name.to_str(self)?;
        if arguments.len() >= MAX_ARGS {
            return self.getattr(&name)?.call(arguments);
        }
        let mut stack = [ptr::null_mut(); MAX_ARGS + 1];
        stack[1] = self.checked().as_ptr();
        for (place, argument) in stack[2..].iter_mut().zip(arguments) {
            *place = argument.reference().as_ptr();
        }
        let nargsf = (arguments.len() + 1) | raw::PY_VECTORCALL_ARGUMENTS_OFFSET;
        // SAFETY: attached; receiver and arguments are counted by the handles; one place before them is ours.
        unsafe {
            owned(
                self,
                calls::PyObject_VectorcallMethod(
                    name.reference(),
                    stack.as_mut_ptr().add(1).cast_const(),
                    nargsf,
                    None,
                ),
            )
        }
    }

    /// `self + other`.
    ///
    /// # Errors
    /// `TypeError` when there is no sum; what `__add__` or `__radd__` raises.
    pub fn add(&self, other: &Self) -> PyResult<Self> {
        // SAFETY: attached; both live.
        unsafe { owned(self, calls::PyNumber_Add(self.checked(), other.reference())) }
    }

    /// `operator.index(self)` as an `int`.
    ///
    /// # Errors
    /// `TypeError: 'X' object cannot be interpreted as an integer`; what `__index__` raises.
    pub fn index(&self) -> PyResult<Bound<'py, super::PyInt>> {
        // SAFETY: attached; the call returns an `int`.
        unsafe { owned(self, calls::PyNumber_Index(self.checked())) }
    }

    /// `float(self)` as a double.
    ///
    /// # Errors
    /// `TypeError: must be real number, not X`; what `__float__` or `__index__` raises.
    #[inline]
    pub fn to_f64(&self) -> PyResult<f64> {
        // SAFETY: attached.
        let value = unsafe { calls::PyFloat_AsDouble(self.checked()) };
        if value == -1.0 { self.unless_raised(value) } else { Ok(value) }
    }

    /// The value, unless an exception is pending.
    #[cold]
    pub(crate) fn unless_raised<R>(&self, value: R) -> PyResult<R> {
        // SAFETY: attached; the thread state is this thread's.
        if unsafe { fast::exception_pending(self.token().raw()) } {
            Err(PyErr::fetch_beside(self))
        } else {
            Ok(value)
        }
    }

    /// A status as a result.
    #[inline(always)]
    pub(crate) fn done(&self, status: cpython_ffi::Status) -> PyResult<()> {
        if status.failed() { Err(PyErr::fetch_beside(self)) } else { Ok(()) }
    }

    /// A yes-or-no status as a result.
    #[inline(always)]
    pub(crate) fn answer(&self, status: cpython_ffi::Status) -> PyResult<bool> {
        status.answer().ok_or_else(|| PyErr::fetch_beside(self))
    }

    /// A new reference or null as an option.
    ///
    /// # Safety
    /// `pointer` is null or a new reference that this thread was just given.
    #[inline(always)]
    pub(crate) unsafe fn optional(&self, pointer: *mut raw::PyObject) -> Option<Self> {
        // SAFETY: by the caller's word.
        unsafe { Owned::from_ptr(pointer).map(|object| Bound::beside(self, object)) }
    }
}

/// The six comparisons, with the numbers of `object.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
#[expect(missing_docs, reason = "the names are Python's")]
pub enum Compare {
    Lt = raw::Py_LT,
    Le = raw::Py_LE,
    Eq = raw::Py_EQ,
    Ne = raw::Py_NE,
    Gt = raw::Py_GT,
    Ge = raw::Py_GE,
}

impl Compare {
    /// What the comparison says of two values in this order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }

    /// The comparison with this number, as C passes it.
    pub(crate) fn from_c(op: c_int) -> Option<Self> {
        [Self::Lt, Self::Le, Self::Eq, Self::Ne, Self::Gt, Self::Ge]
            .into_iter()
            .find(|known| *known as c_int == op)
    }
}

/// An attribute's name: an existing `str`, or a C string literal.
pub trait Name<'py> {
    /// The name as a `str`, beside an object of the same thread.
    ///
    /// # Errors
    /// `MemoryError`.
    fn to_str(self, beside: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyStr>>;
}

impl<'py> Name<'py> for &CStr {
    fn to_str(self, beside: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyStr>> {
        PyStr::interned(&beside.token(), self)
    }
}

impl<'py> Name<'py> for &Bound<'py, PyStr> {
    #[inline]
    fn to_str(self, _beside: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyStr>> {
        Ok(self.clone())
    }
}

impl<'py> Name<'py> for Borrowed<'_, 'py, PyStr> {
    #[inline]
    fn to_str(self, _beside: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyStr>> {
        Ok((*self).clone())
    }
}

/// A type's name, copied so that it outlives the type.
pub struct TypeName(crate::message::Message);

impl TypeName {
    fn new(name: &CStr) -> Self {
        Self(crate::message::Message::new(format_args!("{:.200}", crate::message::Lossy(name))))
    }

    /// The name, 200 characters of it at most.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Display for TypeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0.as_str())
    }
}

/// A token that is lent by value.
struct Token<'py>(ThreadState<'py>);

impl<'py> std::ops::Deref for Token<'py> {
    type Target = ThreadState<'py>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
