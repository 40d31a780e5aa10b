//! Functions: from a safe trait to the entry in C's method table.
//!
//! The `#[function]` macro implements [`Function`]; everything that C sees is in this file.
use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::slice;

use cpython_ffi::Ref;
use cpython_ffi::raw::{self, PyMethodDef, PyObject, PyThreadState};

use crate::arg::{Arg, FromArg};
use crate::error::{PyErr, PyResult};
use crate::handle::Borrowed;
use crate::module::{Module, ModuleState};
use crate::parameters::{self, Given, Parameters};
use crate::result::{Outcome, Return};
use crate::thread::{self, ThreadState};
use crate::types::PyAny;
use crate::{interpreter, panic};

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
    /// Whether it runs Python or touches objects: then the token is fetched at entry, and the
    /// module and the arguments are counted for the call.
    const TOUCHES_PYTHON: bool;
    /// One place per parameter.
    type Places: Places;

    /// Converts the arguments, calls the function, converts the result.
    ///
    /// # Errors
    /// What conversion or the function raises.
    fn call<'a, 'py>(call: Call<'a, 'py, W>) -> PyResult<Outcome>;
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
/// `receiver` fits `W` and the thread is attached. With a `state`, that is its thread state, which
/// exists for `'py`, and receiver and non-null places are counted for `'a`; without, they are only
/// known to have been alive at entry.
pub struct Call<'a, 'py, W> {
    receiver: Ref,
    places: &'a [*mut PyObject],
    state: Option<NonNull<PyThreadState>>,
    parameters: &'static Parameters,
    _types: PhantomData<(fn(&'py ()) -> &'py (), fn() -> W)>,
}

impl<'a, 'py, W> Call<'a, 'py, W> {
    /// The token, fetched now if it was not at entry.
    #[inline(always)]
    pub fn thread_state(&self) -> ThreadState<'py> {
        // SAFETY: attached by the invariant, for `'py`.
        unsafe { ThreadState::from_raw(self.state.unwrap_or_else(attached_state)) }
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
            None => Err(missing(&self.thread_state())),
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
    pub fn give<R: Return<'py>>(&self, result: R) -> PyResult<Outcome> {
        result.give(|| self.thread_state())
    }

    /// The receiver, counted for `'a`.
    #[inline(always)]
    pub(crate) fn receiver(&self) -> Borrowed<'a, 'py, PyAny> {
        let state = self.state.unwrap_or_else(attached_state);
        // SAFETY: live for `'a` by the invariant; the thread is attached for `'py`.
        unsafe { Borrowed::new(state, self.receiver.as_non_null()) }
    }

    #[inline(always)]
    fn argument(&self, i: usize) -> Option<Arg<'a, 'py>> {
        let object = NonNull::new(*self.places.get(i)?)?;
        // SAFETY: the invariant is handed on.
        Some(unsafe { Arg::new(object, self.state, self.parameters, i) })
    }
}

impl<'a, 'py, S: ModuleState> Call<'a, 'py, OfModule<S>> {
    /// The module the function belongs to.
    #[inline(always)]
    pub fn module(&self) -> Module<'a, 'py, S> {
        let state = self.state.unwrap_or_else(|| {
            crate::message::die("a function that does not touch Python asked for its module")
        });
        // SAFETY: the receiver fits `OfModule<S>`: a `Definition<S>` takes
        // `FunctionDef<OfModule<S>>` only; counted for `'a`, since there is a state.
        unsafe { Module::new(Borrowed::new(state, self.receiver.as_non_null())) }
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
fn missing(ts: &ThreadState<'_>) -> PyErr {
    crate::exception::SystemError::new(ts, "a required argument is missing after argument parsing")
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

pub(crate) unsafe extern "C" fn noargs<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver, attached.
    unsafe { enter::<W, F>(receiver, |_| Ok(())) }
}

pub(crate) unsafe extern "C" fn one<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    argument: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver and argument, attached.
    unsafe {
        enter::<W, F>(receiver, |places| {
            places[0] = argument;
            Ok(())
        })
    }
}

unsafe extern "C" fn fast<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver and `count` live arguments, attached.
    unsafe {
        enter::<W, F>(receiver, |places| {
            parameters::positional(F::PARAMETERS, array(arguments, count), places)
        })
    }
}

unsafe extern "C" fn fast_keywords<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver, `count` live arguments and those of the names, attached.
    unsafe {
        enter::<W, F>(receiver, |places| {
            let positional = array(arguments, count);
            let given = match Ref::from_ptr(names) {
                Some(names) => {
                    let named = raw::PyTuple_GET_SIZE(names.as_ptr());
                    Given::stack(names, array(arguments.offset(count), named))
                }
                None => Given::Nothing,
            };
            parameters::with_keywords(F::PARAMETERS, positional, given, places)
        })
    }
}

pub(crate) unsafe extern "C" fn tuple<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: C passes a live receiver, a live tuple, and a live dict or null, attached.
    unsafe {
        enter::<W, F>(receiver, |places| {
            let positional =
                Ref::from_ptr(arguments).map_or(&[][..], |tuple| parameters::items(tuple));
            let given = Ref::from_ptr(keywords).map_or(Given::Nothing, Given::Dict);
            if F::PARAMETERS.more_keywords {
                parameters::with_more_keywords(F::PARAMETERS, positional, given, places)
            } else {
                parameters::with_keywords(F::PARAMETERS, positional, given, places)
            }
        })
    }
}

/// A C array as a slice.
///
/// # Safety
/// `start` points to `count` pointers that live for `'a`, or `count` is zero.
#[inline(always)]
unsafe fn array<'a>(start: *const *mut PyObject, count: isize) -> &'a [*mut PyObject] {
    if count == 0 || start.is_null() {
        return &[];
    }
    // SAFETY: by the caller's word.
    unsafe { slice::from_raw_parts(start, count as usize) }
}

/// The one way in: sort the arguments, count them, call, convert, and keep panics on this side.
///
/// # Safety
/// Called by C, attached; `receiver` and what `sort` puts into the places are alive at entry.
#[inline(always)]
unsafe fn enter<W: Receiver, F: Function<W>>(
    receiver: *mut PyObject,
    sort: impl FnOnce(&mut [*mut PyObject]) -> Result<(), PyErr>,
) -> *mut PyObject {
    panic::guard(ptr::null_mut(), || {
        let mut places = F::Places::EMPTY;
        let counts = const { F::TOUCHES_PYTHON || W::COUNTED || F::PARAMETERS.owned_places() > 0 };
        let receiver = if W::ABSENT { raw::Py_None() } else { receiver };
        let state = if counts { thread::current() } else { None };
        let outcome = sort(places.as_mut()).and_then(|()| {
            // SAFETY: alive at entry; from here on counted, when anything can run Python.
            let (receiver, _counted) = unsafe {
                (
                    Ref::new(NonNull::new_unchecked(receiver)),
                    counts.then(|| {
                        Counted::new(receiver, places.as_ref(), F::PARAMETERS.names.len())
                    }),
                )
            };
            if let Some(state) = state {
                interpreter::drain(state);
            }
            // INVARIANT: counted above for `'a`, or nothing runs that could let go of them.
            F::call(Call {
                receiver,
                places: places.as_ref(),
                state,
                parameters: F::PARAMETERS,
                _types: PhantomData,
            })
        });
        match outcome {
            Ok(outcome) => outcome.into_ptr(),
            Err(error) => {
                raise(error, state);
                ptr::null_mut()
            }
        }
    })
}

#[cold]
fn raise(error: PyErr, state: Option<NonNull<PyThreadState>>) {
    // SAFETY: called at the end of a call from C, attached; the token does not leave this call.
    unsafe { error.restore(&ThreadState::from_raw(state.unwrap_or_else(attached_state))) }
}

/// Our own references on receiver and arguments: some C callers let go of them during the call.
struct Counted<'a> {
    receiver: *mut PyObject,
    places: &'a [*mut PyObject],
}

impl<'a> Counted<'a> {
    /// Counts the receiver and the first `lent` places; the others are counted already.
    ///
    /// # Safety
    /// All that is not null is live, the places behind `lent` are given up by the caller, and the
    /// thread is attached until the drop.
    #[inline(always)]
    unsafe fn new(receiver: *mut PyObject, places: &'a [*mut PyObject], lent: usize) -> Self {
        // SAFETY: live and attached by the caller's word.
        unsafe {
            raw::Py_INCREF(receiver);
            places.iter().take(lent).for_each(|&place| raw::Py_XINCREF(place));
        }
        Self { receiver, places }
    }
}

impl Drop for Counted<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: counted in `new`; attached by its caller's word.
        unsafe {
            self.places.iter().for_each(|&place| raw::Py_XDECREF(place));
            raw::Py_DECREF(self.receiver);
        }
    }
}
