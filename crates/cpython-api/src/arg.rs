//! Arguments: [`Arg`] as C passed it, [`FromArg`] to convert it.
use std::fmt::Display;
use std::marker::PhantomData;
use std::ptr::NonNull;

use cpython_ffi::raw::{PyObject, PyThreadState};

use crate::error::{PyErr, PyResult};
use crate::exception::TypeError;
use crate::handle::{Borrowed, Bound};
use crate::parameters::Parameters;
use crate::thread::{Brand, ThreadState};
use crate::types::{PyAny, Typed};

/// An argument as C passed it, counted for the call, on its way through a [`FromArg`].
// Passed on by value, or in parts, to what is cold: by reference, it would be written to memory in each call.
#[derive(Clone, Copy)]
pub struct Arg<'a, 'py> {
    object: NonNull<PyObject>,
    state: Option<NonNull<PyThreadState>>,
    parameters: &'static Parameters,
    index: usize,
    nullable: bool,
    _call: PhantomData<&'a ()>,
    _brand: Brand<'py>,
}

impl<'a, 'py> Arg<'a, 'py> {
    /// Names an argument.
    ///
    /// # Safety
    /// With a `state`, the object is counted for `'a` and the thread attached for `'py`.
    #[inline(always)]
    pub(crate) unsafe fn new(
        object: NonNull<PyObject>,
        state: Option<NonNull<PyThreadState>>,
        parameters: &'static Parameters,
        index: usize,
    ) -> Self {
        Self {
            object,
            state,
            parameters,
            index,
            nullable: false,
            _call: PhantomData,
            _brand: PhantomData,
        }
    }

    /// The object.
    #[inline(always)]
    pub fn object(&self) -> Borrowed<'a, 'py, PyAny> {
        let state = self.state.unwrap_or_else(|| {
            crate::message::die("a function that does not touch Python looked at an argument")
        });
        // SAFETY: counted for `'a`, since there is a state; the thread is attached for `'py`.
        unsafe { Borrowed::new(state, self.object) }
    }

    /// The token.
    #[inline(always)]
    pub fn thread_state(&self) -> ThreadState<'py> {
        self.object().token()
    }

    /// `name() argument 'x' must be EXPECTED, not TYPE`, with the words of C's `_PyArg_BadArgument`.
    // The parts are passed on in registers: see the type.
    #[inline(always)]
    pub fn wrong_type(self, expected: &str) -> PyErr {
        wrong_type(self.object(), self.parameters, self.index, self.nullable, expected)
    }

    /// A `TypeError` with this text.
    #[cold]
    pub(crate) fn type_error(self, text: impl Display) -> PyErr {
        TypeError::new(&self.thread_state(), text)
    }

    /// The same argument for a converter that is asked only about what is not `None`.
    #[inline(always)]
    pub(crate) fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// Whether `None` is accepted besides what the converter itself accepts.
    pub(crate) fn is_nullable(self) -> bool {
        self.nullable
    }

    /// The parameter's name.
    pub(crate) fn name(self) -> &'static str {
        self.parameters.names.get(self.index).copied().unwrap_or_default()
    }

    /// `name(): argument 1 must be EXPECTED, not a KIND of length LENGTH`.
    #[cold]
    pub(crate) fn wrong_length(self, expected: &str, kind: impl Display, length: usize) -> PyErr {
        let name = self.parameters.shown_name();
        let argument = self.parameters.shown_argument(self.index);
        self.type_error(format_args!(
            "{name}(): {argument} must be {expected}, not a {kind} of length {length}"
        ))
    }
}

#[cold]
fn wrong_type(
    object: Borrowed<'_, '_, PyAny>,
    parameters: &'static Parameters,
    index: usize,
    nullable: bool,
    expected: &str,
) -> PyErr {
    let or_none = if nullable { " or None" } else { "" };
    let (name, argument) = (parameters.shown_name(), parameters.shown_argument(index));
    let ts = object.token();
    // C cuts the expectation off, too, but no converter has one that long.
    let wanted = format_args!("{name:.200}() {argument} must be {expected}{or_none}, not");
    if object.is_none() {
        return TypeError::new(&ts, format_args!("{wanted} None"));
    }
    TypeError::new(&ts, format_args!("{wanted} {:.50}", object.type_name()))
}

/// A Rust type that an argument converts to: one of Argument Clinic's converters.
///
/// The `Holder` lives next to the call and is dropped after it; a conversion that lends memory
/// keeps there what the memory rests on.
///
/// ```compile_fail,E0277
/// struct Unknown;
///
/// #[cpython_api::function("f(a)")]
/// fn f(a: Unknown) {}
/// ```
#[diagnostic::on_unimplemented(message = "no argument of Python's converts to `{Self}`")]
pub trait FromArg<'h, 'py>: Sized {
    /// What is kept while the value is used.
    type Holder: Default;
    /// Whether the conversion can run Python, or the value needs the object to stay alive.
    const TOUCHES_PYTHON: bool = true;
    /// What an exact `float` converts to, when its value is all that matters: that is read before anything can run.
    #[doc(hidden)]
    const FROM_FLOAT: Option<fn(f64) -> Self> = None;

    /// Converts.
    ///
    /// # Errors
    /// The exception, with the text, that the C converter raises.
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self>;
}

/// A parameter that the function does not look at: any object, neither counted nor converted.
pub struct Ignored;

impl<'h, 'py> FromArg<'h, 'py> for Ignored {
    type Holder = ();
    const TOUCHES_PYTHON: bool = false;

    #[inline(always)]
    fn from_arg(_argument: Arg<'h, 'py>, _holder: &'h mut ()) -> PyResult<Self> {
        Ok(Self)
    }
}

/// `None`, or what the converter of `T` accepts.
impl<'h, 'py, T: FromArg<'h, 'py>> FromArg<'h, 'py> for Option<T> {
    type Holder = T::Holder;
    const TOUCHES_PYTHON: bool = true;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        if argument.object().is_none() {
            return Ok(None);
        }
        T::from_arg(argument.nullable(), holder).map(Some)
    }
}

/// Any object.
impl<'h, 'py> FromArg<'h, 'py> for &'h Bound<'py, PyAny> {
    type Holder = Option<Borrowed<'h, 'py, PyAny>>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        Ok(holder.insert(argument.object()))
    }
}

/// An object of one of the built-in types (or of a subclass).
impl<'h, 'py, T: Typed> FromArg<'h, 'py> for &'h Bound<'py, T> {
    type Holder = Option<Borrowed<'h, 'py, PyAny>>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        let object = holder.insert(argument.object());
        match object.cast() {
            Some(object) => Ok(object),
            None => Err(argument.wrong_type(T::NAME)),
        }
    }
}
