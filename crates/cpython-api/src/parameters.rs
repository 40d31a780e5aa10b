//! A function's parameters, and sorting what C passes into one place per parameter.
//!
//! Rules and texts are those of `Python/getargs.c`.
use std::ffi::CStr;
use std::fmt;

use cpython_ffi::raw::PyObject;
use cpython_ffi::{Ref, calls};

use crate::error::{PyErr, PyResult};
use crate::exception::TypeError;
use crate::function::{Convention, Places};
use crate::thread::{self, ThreadState};

mod keywords;
mod suggestion;

pub(crate) use keywords::{Given, with_keywords};

/// What a signature says, as Argument Clinic has it.
#[derive(Debug)]
pub struct Parameters {
    /// The function's name.
    pub name: &'static CStr,
    /// Text signature and docstring, as `ml_doc` has them: `name($module, ...)\n--\n\nText.`
    pub doc: &'static CStr,
    /// How C passes the arguments.
    pub convention: Convention,
    /// The names, in order: positional-only ones first, keyword-only ones last.
    pub names: &'static [&'static str],
    /// How many of them are positional-only.
    pub positional_only: usize,
    /// How many of them can be given by position.
    pub positional: usize,
    /// How many of the positional ones must be given.
    pub required: usize,
    /// How many of the keyword-only ones must be given (they come first).
    pub required_keywords: usize,
    /// Whether `*args` takes further positional arguments, in the place behind the named ones.
    pub more_positional: bool,
    /// Whether `**kwargs` takes further keyword arguments, in the last place.
    pub more_keywords: bool,
    /// Whether texts call it "function" instead of by its name.
    pub unnamed: bool,
}

impl Parameters {
    /// No parameters, to fill up literals from.
    pub const NONE: Self = Self {
        name: c"",
        doc: c"",
        convention: Convention::NoArgs,
        names: &[],
        positional_only: 0,
        positional: 0,
        required: 0,
        required_keywords: 0,
        more_positional: false,
        more_keywords: false,
        unnamed: false,
    };

    /// The same for a function whose name texts do not tell.
    #[must_use]
    pub const fn unnamed(&self) -> Self {
        Self { unnamed: true, ..*self }
    }

    /// How many places there are.
    pub const fn places(&self) -> usize {
        self.names.len() + self.more_positional as usize + self.more_keywords as usize
    }

    /// Whether the numbers fit each other, this many places, and what the convention fills.
    pub(crate) const fn fit(&self, places: usize) -> bool {
        let all_positional = self.positional == self.names.len();
        let known = match self.convention {
            Convention::NoArgs => places == 0,
            Convention::One => places == 1 && self.required == 1,
            Convention::Fast | Convention::PlainTuple => all_positional && !self.more_keywords,
            Convention::FastKeywords => !self.more_keywords,
            Convention::Tuple => all_positional || !self.more_keywords,
        };
        known
            && places == self.places()
            && self.positional_only <= self.positional
            && self.required <= self.positional
            && self.positional + self.required_keywords <= self.names.len()
    }

    /// Whether no parameter can be given by name, and error texts say so. (Those of a method that
    /// asks for its defining class do not.)
    pub(crate) const fn takes_no_keywords(&self) -> bool {
        let only_positional = self.positional_only == self.names.len() && !self.more_keywords;
        only_positional && !matches!(self.convention, Convention::FastKeywords)
    }

    /// Whether the place of parameter `i` is filled in every call.
    #[inline(always)]
    pub(crate) const fn must_be_given(&self, i: usize) -> bool {
        i < self.required
            || (self.positional <= i && i < self.positional + self.required_keywords)
            || (self.names.len() <= i && i < self.places())
    }

    /// How many places hold references of our own (`*args` and `**kwargs`).
    pub(crate) const fn owned_places(&self) -> usize {
        self.more_positional as usize + self.more_keywords as usize
    }

    /// The name as texts have it.
    pub(crate) fn shown_name(&self) -> &str {
        self.name.to_str().unwrap_or_default()
    }

    /// The function in a text: `f()`, or `nobody` when it has no name there.
    pub(crate) fn subject(&self, nobody: &'static str) -> Subject<'_> {
        if self.unnamed { Subject::Nobody(nobody) } else { Subject::Named(self.shown_name()) }
    }

    /// What texts call the argument in place `i`.
    pub(crate) fn shown_argument(&self, i: usize) -> ShownArgument {
        match self.names.get(i) {
            Some(_) if self.convention == Convention::One => ShownArgument::Only,
            Some(name) if i >= self.positional_only => ShownArgument::Named(name),
            _ => ShownArgument::Numbered(i + 1),
        }
    }
}

/// What a text calls a function.
pub(crate) enum Subject<'a> {
    /// By its name.
    Named(&'a str),
    /// By this word.
    Nobody(&'static str),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "{name:.200}()"),
            Self::Nobody(word) => f.write_str(word),
        }
    }
}

/// What a text calls an argument.
pub(crate) enum ShownArgument {
    /// There is only one.
    Only,
    /// One that can be given by name.
    Named(&'static str),
    /// One that cannot.
    Numbered(usize),
}

impl fmt::Display for ShownArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only => f.write_str("argument"),
            Self::Named(name) => write!(f, "argument '{name}'"),
            Self::Numbered(number) => write!(f, "argument {number}"),
        }
    }
}

/// Sorts the arguments of a function that takes them by position only.
///
/// # Safety
/// The thread is attached and the arguments are alive.
#[inline(always)]
pub(crate) unsafe fn positional<P: Places>(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
) -> PyResult<P> {
    let count = arguments.len();
    if count < parameters.required || (count > parameters.positional && !parameters.more_positional)
    {
        return Err(wrong_count(parameters, count));
    }
    let mut places = P::EMPTY;
    fill(parameters, arguments, places.as_mut());
    if parameters.more_positional {
        let rest = arguments.get(parameters.positional..).unwrap_or_default();
        // SAFETY: attached, and the arguments are alive.
        places.as_mut()[parameters.names.len()] = unsafe { tuple_of(rest)? };
    }
    Ok(places)
}

/// Puts the positional arguments into their places.
#[inline(always)]
fn fill(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    places: &mut [*mut PyObject],
) {
    // A loop, not a copy: the number of parameters is a constant, that of arguments often is not.
    for (place, argument) in places.iter_mut().take(parameters.positional).zip(arguments) {
        *place = *argument;
    }
}

/// Sorts what C passes in a tuple and, when some are given by name, a dict.
///
/// # Safety
/// The thread is attached; `tuple` and `dict` are what their names say, and alive.
pub(crate) unsafe fn from_tuple<P: Places>(
    parameters: &'static Parameters,
    tuple: Ref,
    dict: Option<Ref>,
) -> PyResult<P> {
    // SAFETY: alive.
    let arguments = unsafe { items(tuple) };
    let given = dict.map_or(Given::Nothing, Given::Dict);
    if parameters.more_keywords {
        // SAFETY: by the caller's word.
        unsafe { with_more_keywords(parameters, tuple, dict) }
    } else if parameters.takes_no_keywords() {
        // SAFETY: by the caller's word.
        unsafe { without_keywords(parameters, arguments, given.len()) }
    } else {
        // SAFETY: by the caller's word.
        unsafe { with_keywords(parameters, arguments, given) }
    }
}

/// Sorts the arguments of a function that takes them by position only, but was called in a way that
/// allows others; `named` of them were given by name.
///
/// # Safety
/// The thread is attached and the arguments are alive.
pub(crate) unsafe fn without_keywords<P: Places>(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    named: usize,
) -> PyResult<P> {
    if parameters.places() == 0 && !arguments.is_empty() {
        return Err(error(parameters, format_args!("takes no positional arguments")));
    }
    if named > 0 {
        return Err(error(parameters, format_args!("takes no keyword arguments")));
    }
    // SAFETY: by the caller's word.
    unsafe { positional(parameters, arguments) }
}

/// Sorts the arguments of a function with `**kwargs`, which takes the others by position only.
///
/// The function gets the dict itself, and with `*args` alone the tuple itself, as from C.
///
/// # Safety
/// As for [`from_tuple`].
unsafe fn with_more_keywords<P: Places>(
    parameters: &'static Parameters,
    tuple: Ref,
    dict: Option<Ref>,
) -> PyResult<P> {
    // SAFETY: by the caller's word.
    let mut places: P = unsafe {
        if parameters.more_positional && parameters.positional == 0 {
            let mut places = P::EMPTY;
            places.as_mut()[0] = tuple.to_owned().into_ptr();
            places
        } else {
            positional(parameters, items(tuple))?
        }
    };
    // SAFETY: by the caller's word.
    let dict = unsafe {
        match dict {
            Some(dict) => Some(dict.to_owned()),
            None => calls::PyDict_New(),
        }
    };
    let Some(dict) = dict else {
        let failure = PyErr::fetch(&token());
        for &tuple in &places.as_ref()[parameters.names.len()..] {
            // SAFETY: the tuple for `*args` is ours, and nobody has seen it.
            unsafe { cpython_ffi::raw::Py_XDECREF(tuple) };
        }
        return Err(failure);
    };
    places.as_mut()[parameters.places() - 1] = dict.into_ptr();
    Ok(places)
}

/// A new `tuple` of the arguments that `*args` takes.
///
/// # Safety
/// The thread is attached and the arguments are alive.
unsafe fn tuple_of(arguments: &[*mut PyObject]) -> PyResult<*mut PyObject> {
    // SAFETY: alive; making a tuple at most schedules a collection, so nobody lets go of them.
    match unsafe { calls::PyTuple_FromArray(arguments.as_ptr(), arguments.len() as isize) } {
        Some(tuple) => Ok(tuple.into_ptr()),
        None => Err(PyErr::fetch(&token())),
    }
}

/// `f expected at least 1 argument, got 0`.
#[cold]
fn wrong_count(parameters: &Parameters, count: usize) -> PyErr {
    let (bound, limit) = if count < parameters.required {
        let open = parameters.more_positional || parameters.required < parameters.positional;
        (if open { "at least " } else { "" }, parameters.required)
    } else if parameters.positional == 0 && parameters.more_keywords {
        return error(parameters, format_args!("takes no positional arguments"));
    } else {
        let open = parameters.required < parameters.positional;
        (if open { "at most " } else { "" }, parameters.positional)
    };
    TypeError::new(
        &token(),
        format_args!(
            "{:.200} expected {bound}{limit} argument{}, got {count}",
            parameters.shown_name(),
            plural(limit)
        ),
    )
}

/// `f() REST`.
#[cold]
fn error(parameters: &Parameters, rest: fmt::Arguments<'_>) -> PyErr {
    TypeError::new(&token(), format_args!("{} {rest}", parameters.subject("function")))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The token, for the errors of sorting.
#[cold]
fn token<'py>() -> ThreadState<'py> {
    match thread::current() {
        // SAFETY: attached: sorting happens at the start of a call from C; the token does not
        // leave the error's construction.
        Some(state) => unsafe { ThreadState::from_raw(state) },
        None => crate::message::die("C called a Rust function on a detached thread"),
    }
}

/// The items of a tuple.
///
/// # Safety
/// `tuple` is a live `tuple` and stays so for `'a`.
pub(crate) unsafe fn items<'a>(tuple: Ref) -> &'a [*mut PyObject] {
    use cpython_ffi::raw;
    // SAFETY: a live tuple's own array, which never changes once the tuple is shared.
    unsafe {
        let tuple = tuple.as_ptr();
        let first = &raw const (*tuple.cast::<raw::PyTupleObject>()).ob_item;
        std::slice::from_raw_parts(first.cast(), raw::PyTuple_GET_SIZE(tuple) as usize)
    }
}
