//! Functions: from a safe trait to the entry in C's method table.
//!
//! The `#[function]` macro implements [`Function`]; what C calls is in [`entry`].
use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use cpython_ffi::raw::{self, PyMethodDef, PyObject, PyThreadState};
use cpython_ffi::{Ref, calls};

use crate::arg::{Arg, FromArg};
use crate::error::{PyErr, PyResult};
use crate::handle::{Borrowed, Bound};
use crate::module::{Module, ModuleState};
use crate::parameters::Parameters;
use crate::result::{Outcome, Return};
use crate::thread::{self, Brand, ThreadState};
use crate::types::PyAny;

mod entry;

use entry::{fast, plain_tuple};
pub(crate) use entry::{fast_keywords, noargs, one, tuple};

/// How C passes the arguments, chosen from the signature as Argument Clinic chooses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Convention {
    /// `METH_NOARGS`.
    NoArgs,
    /// `METH_O`: one positional-only argument that must be given.
    One,
    /// `METH_FASTCALL`: positional-only arguments.
    Fast,
    /// `METH_FASTCALL | METH_KEYWORDS`.
    FastKeywords,
    /// `METH_VARARGS | METH_KEYWORDS`: for `**kwargs`, and for constructors.
    Tuple,
    /// `METH_VARARGS`: what C has by hand.
    PlainTuple,
}

/// What functions are called on: [`OfModule`], [`OfClass`](crate::class::OfClass) and its kin.
pub trait Receiver: 'static {
    /// The `METH_*` bits that say so to C.
    #[doc(hidden)]
    const FLAGS: u32 = 0;
    /// Whether C passes null.
    #[doc(hidden)]
    const ABSENT: bool = false;
    /// Whether it is counted for the call also when the function does not touch Python.
    #[doc(hidden)]
    const COUNTED: bool = false;
}

/// The kind of receiver that a module's functions have: the module, with the state `S`.
pub struct OfModule<S>(PhantomData<fn() -> S>);

impl<S: 'static> Receiver for OfModule<S> {}

/// A function in safe Rust, for receivers of the kind `W` ([`OfModule`] or `OfClass`).
///
/// Implemented by `#[function]`. `call` is generic over the brand, so nothing of one call can
/// leave it.
pub trait Function<W: Receiver>: 'static {
    /// Name, parameters, docstring and calling convention.
    const PARAMETERS: &'static Parameters;
    /// Whether it asks for the token, itself or by converting arguments or result: then the token
    /// is fetched at entry, and the module and the arguments are counted for the call.
    const TOUCHES_PYTHON: bool = true;
    /// Whether it asks for its receiver: else that is not counted, and cannot be had.
    const USES_RECEIVER: bool = true;
    /// Whether the value of an exact float is enough for the converter of each parameter: when all arguments are such,
    /// they are read at entry and need no count.
    #[doc(hidden)]
    const READS_FLOATS: bool = false;
    /// One place per parameter.
    type Places: Places;

    /// Converts the arguments, calls the function, converts the result.
    ///
    /// # Errors
    /// What conversion or the function raises.
    fn call<'a, 'py>(call: Call<'a, 'py, W>) -> PyResult<Outcome<'py>>;
}

/// An array of argument places, null where no argument was given.
pub trait Places: AsMut<[*mut PyObject]> + AsRef<[*mut PyObject]> {
    /// All places empty.
    const EMPTY: Self;
}

impl<const N: usize> Places for [*mut PyObject; N] {
    const EMPTY: Self = [ptr::null_mut(); N];
}

/// The places of a function with `N` parameters.
pub type PlacesOf<const N: usize> = [*mut PyObject; N];

/// One call from C.
///
/// # Invariants
/// `receiver`, when there is one, fits `W`, and the thread is attached. With a `state`, that is its thread state, which
/// exists for `'py`, and receiver and non-null places are counted for `'a`; without, they are only
/// known to have been alive at entry (but a receiver that `W` wants counted is counted). With `floats`, which are the
/// values of all arguments, there are no places. The places of parameters that must be given are not null.
pub struct Call<'a, 'py, W> {
    receiver: Option<Ref>,
    places: &'a [*mut PyObject],
    state: Option<NonNull<PyThreadState>>,
    floats: Option<[f64; MOST_FLOATS]>,
    parameters: &'static Parameters,
    _brand: Brand<'py>,
    _receiver: PhantomData<fn() -> W>,
}

impl<'a, 'py, W> Call<'a, 'py, W> {
    /// The token.
    ///
    /// Aborts the process in a function that said it does not touch Python: asked for late, the
    /// current thread state can be another one than at entry, of another interpreter even.
    #[inline(always)]
    pub fn thread_state(&self) -> ThreadState<'py> {
        // SAFETY: the thread state of the entry, by the invariant.
        unsafe { ThreadState::from_raw(self.state.unwrap_or_else(untouchable)) }
    }

    /// The argument of a parameter that must be given.
    ///
    /// # Errors
    /// What the conversion raises.
    #[inline(always)]
    pub fn required<'h, T: FromArg<'h, 'py>>(
        &self,
        i: usize,
        holder: &'h mut T::Holder,
    ) -> PyResult<T>
    where
        'a: 'h,
    {
        match self.argument(i) {
            Some(argument) => T::from_arg(argument, holder),
            None => self.float(i).ok_or_else(optional),
        }
    }

    /// The argument of a parameter whose default is the object `None`.
    ///
    /// # Errors
    /// What the conversion raises.
    #[inline(always)]
    pub fn or_none<'h, T: FromArg<'h, 'py>>(
        &self,
        i: usize,
        holder: &'h mut T::Holder,
    ) -> PyResult<T>
    where
        'a: 'h,
    {
        let argument = self.argument(i).unwrap_or_else(|| {
            // SAFETY: immortal, so as good as counted.
            unsafe {
                Arg::new(NonNull::new_unchecked(raw::Py_None()), self.state, self.parameters, i)
            }
        });
        T::from_arg(argument, holder)
    }

    /// The argument of a parameter that may be left out.
    ///
    /// # Errors
    /// What the conversion raises.
    #[inline(always)]
    pub fn optional<'h, T: FromArg<'h, 'py>>(
        &self,
        i: usize,
        holder: &'h mut T::Holder,
    ) -> PyResult<Option<T>>
    where
        'a: 'h,
    {
        self.argument(i).map(|argument| T::from_arg(argument, holder)).transpose()
    }

    /// Converts what the function gave back.
    ///
    /// # Errors
    /// The function's error, or that of the conversion.
    #[inline(always)]
    pub fn give<R: Return<'py>>(&self, result: R) -> PyResult<Outcome<'py>> {
        result.give(|| self.thread_state())
    }

    /// The receiver's address; counted for `'a` when `W` says so.
    #[inline(always)]
    pub(crate) fn receiver_address(&self) -> NonNull<PyObject> {
        self.receiver.unwrap_or_else(unused).as_non_null()
    }

    /// The receiver.
    #[inline(always)]
    pub(crate) fn receiver(&self) -> Borrowed<'a, 'py, PyAny> {
        let state = self.state.unwrap_or_else(untouchable);
        // SAFETY: counted for `'a`, since there is a state; it exists for `'py`.
        unsafe { Borrowed::new(state, self.receiver_address()) }
    }

    /// The argument whose value was read at entry.
    #[inline(always)]
    fn float<'h, T: FromArg<'h, 'py>>(&self, i: usize) -> Option<T> {
        Some(T::FROM_FLOAT?(*self.floats?.get(i)?))
    }

    #[inline(always)]
    fn argument(&self, i: usize) -> Option<Arg<'a, 'py>> {
        let place = *self.places.get(i)?;
        let object = if self.parameters.must_be_given(i) {
            // SAFETY: not null, by the invariant.
            unsafe { NonNull::new_unchecked(place) }
        } else {
            NonNull::new(place)?
        };
        // SAFETY: the invariant is handed on.
        Some(unsafe { Arg::new(object, self.state, self.parameters, i) })
    }
}

impl<'a, 'py, S: ModuleState> Call<'a, 'py, OfModule<S>> {
    /// The module the function belongs to.
    #[inline(always)]
    pub fn module(&self) -> Module<'a, 'py, S> {
        let state = self.state.unwrap_or_else(untouchable);
        // SAFETY: the receiver fits `OfModule<S>`: a `Definition<S>` takes
        // `FunctionDef<OfModule<S>>` only; counted for `'a`, since there is a state.
        unsafe { Module::new(Borrowed::new(state, self.receiver_address())) }
    }
}

/// The thread state of a thread that is known to be attached.
#[inline(never)]
#[cold]
fn attached_state() -> NonNull<PyThreadState> {
    thread::current()
        .unwrap_or_else(|| crate::message::die("C called a Rust function on a detached thread"))
}

#[cold]
fn untouchable() -> NonNull<PyThreadState> {
    crate::message::die("a function that does not touch Python asked for the thread state")
}

/// How many arguments can be read at entry.
const MOST_FLOATS: usize = 4;

#[cold]
fn unused() -> Ref {
    crate::message::die("a function that does not use its receiver asked for it")
}

#[cold]
fn optional() -> PyErr {
    // SAFETY: the current thread state is attached; the token does not leave this call.
    let ts = unsafe { ThreadState::from_raw(attached_state()) };
    crate::exception::SystemError::new(&ts, "an optional parameter was treated as a required one")
}

/// An entry of a table of functions or methods, typed by what they are called on.
pub struct FunctionDef<W>(PyMethodDef, PhantomData<fn() -> W>);

impl<W> FunctionDef<W> {
    /// The mark behind the last entry.
    pub(crate) const END: PyMethodDef =
        PyMethodDef { ml_name: ptr::null(), ml_meth: None, ml_flags: 0, ml_doc: ptr::null() };

    /// The entry for C.
    pub(crate) const fn to_c(&self) -> PyMethodDef {
        self.0
    }
}

impl<W: Receiver> FunctionDef<W> {
    /// The entry for a function.
    pub const fn of<F: Function<W>>() -> Self {
        let places = size_of::<F::Places>() / size_of::<*mut PyObject>();
        assert!(F::PARAMETERS.fit(places), "the parameters fit neither places nor convention");
        let (entry, flags) = match F::PARAMETERS.convention {
            Convention::NoArgs => (noargs::<W, F> as *const (), raw::METH_NOARGS),
            Convention::One => (one::<W, F> as *const (), raw::METH_O),
            Convention::Fast => (fast::<W, F> as *const (), raw::METH_FASTCALL),
            Convention::FastKeywords => {
                (fast_keywords::<W, F> as *const (), raw::METH_FASTCALL | raw::METH_KEYWORDS)
            }
            Convention::Tuple => {
                (tuple::<W, F> as *const (), raw::METH_VARARGS | raw::METH_KEYWORDS)
            }
            Convention::PlainTuple => (plain_tuple::<W, F> as *const (), raw::METH_VARARGS),
        };
        // SAFETY: C casts every function to this type and back according to the flags.
        let entry = unsafe {
            std::mem::transmute::<
                *const (),
                unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject,
            >(entry)
        };
        Self(
            PyMethodDef {
                ml_name: F::PARAMETERS.name.as_ptr(),
                ml_meth: Some(entry),
                ml_flags: (flags as u32 | W::FLAGS) as c_int,
                ml_doc: F::PARAMETERS.doc.as_ptr(),
            },
            PhantomData,
        )
    }
}

impl Bound<'_, PyAny> {
    /// Whether this is the built-in function made from `F`, of whichever module object.
    ///
    /// Calling it does what calling `F` does, so that a module may take the short way.
    ///
    /// ```no_run
    /// use cpython_api::{Bound, OfModule, function};
    ///
    /// #[function("one()")]
    /// fn one() -> i64 {
    ///     1
    /// }
    ///
    /// fn is_one(callable: &Bound<'_>) -> bool {
    ///     callable.is_function::<OfModule<()>, one>()
    /// }
    /// ```
    pub fn is_function<W: Receiver, F: Function<W>>(&self) -> bool {
        let object = self.checked();
        let entry = const { FunctionDef::<W>::of::<F>().to_c().ml_meth };
        // SAFETY: live; asked for its function only when it is a built-in function.
        unsafe {
            raw::PyCFunction_Check(object.as_ptr()) != 0
                && calls::PyCFunction_GetFunction(object).map(|found| found as usize)
                    == entry.map(|entry| entry as usize)
        }
    }
}
