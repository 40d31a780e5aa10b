//! Arguments given by name: `_PyArg_UnpackKeywords` of `Python/getargs.c`.
use std::ptr::{self, NonNull};

use cpython_ffi::raw::{self, PyObject};
use cpython_ffi::{Ref, calls, fast};

use super::{Parameters, error, fill, items, plural, suggestion, token, tuple_of};
use crate::error::{PyErr, PyResult};
use crate::exception::{ExceptionType, TypeError};
use crate::function::Places;
use crate::handle::{Borrowed, Bound};
use crate::str_writer::StrWriter;
use crate::thread::ThreadState;
use crate::types::{PyAny, PyStr};

/// The keyword arguments of a call.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// None at all.
    Nothing,
    /// A tuple of names and, in the same order, their values (vectorcall).
    Stack(&'a [*mut PyObject], &'a [*mut PyObject]),
    /// A `dict`, as `tp_new` and `tp_init` get it.
    Dict(Ref),
}

impl<'a> Given<'a> {
    /// Names and values of a vectorcall.
    ///
    /// # Safety
    /// `names` is a live `tuple` for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn stack(names: Ref, values: &'a [*mut PyObject]) -> Self {
        // SAFETY: by the caller's word.
        Self::Stack(unsafe { items(names) }, values)
    }

    /// How many there are.
    ///
    /// # Safety
    /// All parts are alive and the thread is attached.
    #[inline(always)]
    pub(super) unsafe fn len(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Stack(names, _) => names.len(),
            // SAFETY: a live dict.
            Self::Dict(dict) => unsafe { calls::PyDict_Size(dict) as usize },
        }
    }

    /// Looks at each name and value until `look` has an answer.
    ///
    /// # Safety
    /// All parts are alive and the thread is attached; `look` runs no Python.
    #[inline(always)]
    unsafe fn find_map<R>(
        self,
        mut look: impl FnMut(*mut PyObject, *mut PyObject) -> Option<R>,
    ) -> Option<R> {
        match self {
            Self::Nothing => None,
            Self::Stack(names, values) => {
                names.iter().zip(values).find_map(|(&name, &value)| look(name, value))
            }
            Self::Dict(dict) => {
                let (mut at, mut name, mut value) = (0, ptr::null_mut(), ptr::null_mut());
                // SAFETY: a live dict, which nobody changes meanwhile.
                while unsafe { calls::PyDict_Next(dict, &mut at, &mut name, &mut value) } != 0 {
                    if let Some(answer) = look(name, value) {
                        return Some(answer);
                    }
                }
                None
            }
        }
    }

    /// The value given for `wanted`.
    ///
    /// # Safety
    /// As for [`Self::find_map`].
    unsafe fn get(self, wanted: &str) -> Option<*mut PyObject> {
        // SAFETY: by the caller's word; the names are alive.
        unsafe {
            self.find_map(|name, value| {
                ascii(name).filter(|name| same(name, wanted.as_bytes())).map(|_| value)
            })
        }
    }
}

/// Sorts the arguments of a function that takes some by name.
///
/// # Safety
/// The thread is attached and the arguments are alive.
#[inline(always)]
pub(crate) unsafe fn with_keywords<P: Places>(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    given: Given<'_>,
) -> PyResult<P> {
    let count = arguments.len();
    if matches!(given, Given::Nothing)
        && parameters.required_keywords == 0
        && parameters.required <= count
        && count <= parameters.positional
        && !parameters.more_positional
    {
        let mut places = P::EMPTY;
        fill(parameters, arguments, places.as_mut());
        return Ok(places);
    }
    // Not the same variable: the one above can then stay in registers.
    let mut places = P::EMPTY;
    // SAFETY: by the caller's word.
    unsafe { sort(parameters, arguments, given, places.as_mut())? };
    Ok(places)
}

/// The general case.
///
/// # Safety
/// As for [`with_keywords`].
#[inline(never)]
unsafe fn sort(
    parameters: &'static Parameters,
    arguments: &[*mut PyObject],
    given: Given<'_>,
    places: &mut [*mut PyObject],
) -> PyResult<()> {
    let named = arguments.len().min(parameters.positional);
    if named < arguments.len() && !parameters.more_positional {
        // SAFETY: by the caller's word.
        return Err(unsafe { explain(parameters, arguments.len(), given) });
    }
    fill(parameters, arguments, places);
    // SAFETY: by the caller's word; comparing names runs no Python.
    let stray = unsafe {
        given.find_map(|name, value| match index_of(parameters, name) {
            Some(i) if places[i].is_null() => {
                places[i] = value;
                None
            }
            _ => Some(()),
        })
    };
    let missing = |range: std::ops::Range<usize>| places[range].iter().any(|p| p.is_null());
    let keywords = parameters.positional..parameters.positional + parameters.required_keywords;
    if stray.is_some() || missing(0..parameters.required) || missing(keywords) {
        // SAFETY: by the caller's word.
        return Err(unsafe { explain(parameters, arguments.len(), given) });
    }
    if parameters.more_positional {
        // SAFETY: by the caller's word.
        places[parameters.names.len()] = unsafe { tuple_of(&arguments[named..])? };
    }
    Ok(())
}

/// The parameter that can be given by this name.
///
/// # Safety
/// `name` is a live object.
#[inline(always)]
unsafe fn index_of(parameters: &Parameters, name: *mut PyObject) -> Option<usize> {
    let first = parameters.positional_only;
    // SAFETY: live.
    let name = unsafe { ascii(name)? };
    (first..parameters.names.len()).find(|&i| same(name, parameters.names[i].as_bytes()))
}

/// The characters of an ASCII `str`.
///
/// # Safety
/// `object` is live for `'a`.
#[inline(always)]
unsafe fn ascii<'a>(object: *mut PyObject) -> Option<&'a [u8]> {
    // SAFETY: live; an ASCII `str` stores its characters as bytes and does not change.
    unsafe {
        (is_str(object) && raw::PyUnicode_IS_ASCII(object) != 0).then(|| {
            let length = raw::PyUnicode_GET_LENGTH(object) as usize;
            std::slice::from_raw_parts(raw::PyUnicode_DATA(object).cast(), length)
        })
    }
}

/// Whether two names are the same. They are short: a call of `memcmp` would cost more.
#[inline(always)]
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// Whether the object is a `str`.
///
/// # Safety
/// `object` is live.
#[inline(always)]
unsafe fn is_str(object: *mut PyObject) -> bool {
    // SAFETY: live.
    unsafe {
        Ref::from_ptr(object)
            .is_some_and(|o| fast::has_flag(o, raw::Py_TPFLAGS_UNICODE_SUBCLASS as _))
    }
}

/// What is wrong with the arguments, in the order in which C finds out.
///
/// # Safety
/// As for [`with_keywords`].
#[cold]
unsafe fn explain(parameters: &'static Parameters, count: usize, given: Given<'_>) -> PyErr {
    let Parameters { positional_only, positional, required, more_positional, .. } = *parameters;
    let all = parameters.names.len();
    // SAFETY: by the caller's word.
    let by_name = unsafe { given.len() };
    if !more_positional && count + by_name > all {
        let kind = if count == 0 { "keyword " } else { "" };
        return error(
            parameters,
            format_args!(
                "takes at most {all} {kind}argument{} ({} given)",
                plural(all),
                count + by_name
            ),
        );
    }
    if !more_positional && count > positional {
        if positional == 0 {
            return error(parameters, format_args!("takes no positional arguments"));
        }
        let bound = if required < positional { "at most" } else { "exactly" };
        return wrong_positional(parameters, bound, positional, count);
    }
    let least = positional_only.min(required);
    if count < least {
        let open = more_positional || least < positional;
        return wrong_positional(
            parameters,
            if open { "at least" } else { "exactly" },
            least,
            count,
        );
    }
    let count = count.min(positional);
    let must =
        |i| i < required || (positional..positional + parameters.required_keywords).contains(&i);
    let mut left = by_name;
    for (i, name) in parameters.names.iter().enumerate().skip(count.max(positional_only)) {
        // SAFETY: by the caller's word.
        if left > 0 && unsafe { given.get(name) }.is_some() {
            left -= 1;
        } else if must(i) {
            return error(
                parameters,
                format_args!("missing required argument '{name}' (pos {})", i + 1),
            );
        }
    }
    for (i, name) in parameters.names.iter().enumerate().take(count).skip(positional_only) {
        // SAFETY: by the caller's word.
        if unsafe { given.get(name) }.is_some() {
            return TypeError::new(
                &token(),
                format_args!(
                    "argument for {} given by name ('{name}') and position ({})",
                    parameters.subject("function"),
                    i + 1
                ),
            );
        }
    }
    // SAFETY: by the caller's word.
    unsafe { unexpected(parameters, given) }
}

/// `f() takes at most 2 positional arguments (3 given)`.
fn wrong_positional(parameters: &Parameters, bound: &str, limit: usize, count: usize) -> PyErr {
    error(
        parameters,
        format_args!("takes {bound} {limit} positional argument{} ({count} given)", plural(limit)),
    )
}

/// Names the first argument that no parameter takes.
///
/// # Safety
/// As for [`with_keywords`].
unsafe fn unexpected(parameters: &'static Parameters, given: Given<'_>) -> PyErr {
    // SAFETY: by the caller's word.
    let stray =
        unsafe { given.find_map(|name, _| index_of(parameters, name).is_none().then_some(name)) };
    let ts = token();
    let Some(name) = stray.and_then(NonNull::new) else {
        let function = parameters.subject("this function");
        return TypeError::new(&ts, format_args!("invalid keyword argument for {function}"));
    };
    // SAFETY: alive, and counted for the time it is used; the thread is attached.
    let name: Bound<'_, PyAny> = unsafe { Bound::clone(&Borrowed::new(ts.raw(), name)) };
    let Some(text) = name.cast::<PyStr>() else {
        return TypeError::new(&ts, "keywords must be strings");
    };
    let known = &parameters.names[parameters.positional_only..];
    let meant = text.to_str().ok().and_then(|text| suggestion::nearest(text, known));
    match unexpected_text(&ts, parameters, &name, meant) {
        Ok(message) => PyErr::with_value(&ts, &TypeError::class(&ts), &message),
        Err(failure) => failure,
    }
}

/// The text is put together as `str` objects: a name may hold what Rust's text cannot.
fn unexpected_text<'py>(
    ts: &ThreadState<'py>,
    parameters: &Parameters,
    name: &Bound<'py, PyAny>,
    meant: Option<&str>,
) -> PyResult<Bound<'py, PyStr>> {
    let mut out = StrWriter::new(ts, 0)?;
    write!(out, "{} got an unexpected keyword argument '", parameters.subject("this function"))?;
    out.str(name)?;
    match meant {
        Some(meant) => write!(out, "'. Did you mean '{meant}'?")?,
        None => out.push('\'')?,
    }
    out.finish()
}
