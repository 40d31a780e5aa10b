//! Arguments: [`Arg`] as C passed it, [`FromArg`] to convert it.
use std::marker::PhantomData;
use std::ptr::NonNull;

use cpython_ffi::raw::{PyObject, PyThreadState};

use crate::error::{PyErr, PyResult};
use crate::exception::TypeError;
use crate::handle::{Borrowed, Bound};
use crate::parameters::Parameters;
use crate::thread::ThreadState;
use crate::types::{PyAny, Typed};

/// An argument as C passed it, counted for the call, on its way through a [`FromArg`].
pub struct Arg<'a, 'py> {
    object: NonNull<PyObject>,
    state: Option<NonNull<PyThreadState>>,
    parameters: &'static Parameters,
    index: usize,
    _call: PhantomData<(&'a (), fn(&'py ()) -> &'py ())>,
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
        Self { object, state, parameters, index, _call: PhantomData }
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
    #[cold]
    pub fn wrong_type(&self, expected: &str) -> PyErr {
        let _ = (self.parameters, self.index);
        TypeError::new(&self.thread_state(), expected)
    }
}

/// A Rust type that an argument converts to: one of Argument Clinic's converters.
///
/// The `Holder` lives next to the call and is dropped after it; a conversion that lends memory
/// keeps there what the memory rests on.
pub trait FromArg<'h, 'py>: Sized {
    /// What is kept while the value is used.
    type Holder: Default;
    /// Whether the conversion can run Python, or the value needs the object to stay alive.
    const TOUCHES_PYTHON: bool = true;

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
        object.cast::<T>().ok_or_else(|| argument.wrong_type(T::NAME))
    }
}
