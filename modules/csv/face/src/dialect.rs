//! The class `Dialect`: options checked and kept.
use std::fmt;

use cpython_api::class::New;
use cpython_api::exception::{ExceptionType, OverflowError, TypeError, ValueError};
use cpython_api::types::{PyDict, PyInt, PyStr, PyTuple, StrData};
use cpython_api::{
    Bound, Module, Py, PyAny, PyErr, PyResult, StrWriter, ThreadState, class, methods,
};
use csv_core::{Quoting, Text};

use crate::fields::text;
use crate::state::State;

/// Says what separates, quotes and escapes the fields of a file.
#[class("_csv.Dialect", state = State, subclassable)]
pub(crate) struct Dialect {
    #[member]
    doublequote: bool,
    #[member]
    skipinitialspace: bool,
    #[member]
    strict: bool,
    #[traverse(skip)]
    pub(crate) rules: csv_core::Dialect,
    pub(crate) lineterminator: Py<PyStr>,
}

#[methods]
impl Dialect {
    #[new(
        "Dialect(dialect=<absent>, delimiter=<absent>, doublequote=<absent>, escapechar=<absent>, \
         lineterminator=<absent>, quotechar=<absent>, quoting=<absent>, \
         skipinitialspace=<absent>, strict=<absent>)",
        unnamed
    )]
    fn new<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        dialect: Option<&Bound<'py, PyAny>>,
        delimiter: Option<&Bound<'py, PyAny>>,
        doublequote: Option<&Bound<'py, PyAny>>,
        escapechar: Option<&Bound<'py, PyAny>>,
        lineterminator: Option<&Bound<'py, PyAny>>,
        quotechar: Option<&Bound<'py, PyAny>>,
        quoting: Option<&Bound<'py, PyAny>>,
        skipinitialspace: Option<&Bound<'py, PyAny>>,
        strict: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<New<Self>> {
        let dialect = match dialect {
            Some(name) if name.cast::<PyStr>().is_some() => {
                Some(registered(ts, module.state()?, name)?)
            }
            other => other.cloned(),
        };
        let given = [
            delimiter,
            doublequote,
            escapechar,
            lineterminator,
            quotechar,
            quoting,
            skipinitialspace,
            strict,
        ];
        if let Some(dialect) = dialect.as_ref().and_then(|dialect| dialect.cast::<Self>())
            && given.iter().all(Option::is_none)
        {
            return Ok(New::Instance(dialect.clone().unbind()));
        }
        let mut options = given.map(|option| option.cloned());
        if let Some(dialect) = &dialect {
            for (option, name) in options.iter_mut().zip(NAMES) {
                if option.is_none() {
                    *option = dialect.getattr_opt(name)?;
                }
            }
        }
        Self::from_options(ts, options).map(New::Payload)
    }

    /// Refuses to pickle.
    #[method("__reduce__(*args)", by_hand = "")]
    fn reduce<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<()> {
        let _ = args;
        Err(not_pickled(ts, this))
    }

    /// Refuses to pickle, in any protocol.
    #[method("__reduce_ex__(*args)", by_hand = "")]
    fn reduce_ex<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<()> {
        let _ = args;
        Err(not_pickled(ts, this))
    }

    #[getter("delimiter")]
    fn delimiter<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyStr>> {
        character(ts, self.rules.delimiter)
    }

    #[getter("escapechar")]
    fn escapechar<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyStr>>> {
        self.rules.escape.map(|c| character(ts, c)).transpose()
    }

    #[getter("lineterminator")]
    fn lineterminator(&self) -> &Py<PyStr> {
        &self.lineterminator
    }

    #[getter("quotechar")]
    fn quotechar<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyStr>>> {
        self.rules.quote.map(|c| character(ts, c)).transpose()
    }

    #[getter("quoting")]
    fn quoting(&self) -> i64 {
        self.rules.quoting as i64
    }
}

impl Dialect {
    /// Checks the options, in the order of their names.
    fn from_options<'py>(
        ts: &ThreadState<'py>,
        options: [Option<Bound<'py, PyAny>>; 8],
    ) -> PyResult<Self> {
        let [
            delimiter,
            doublequote,
            escapechar,
            lineterminator,
            quotechar,
            quoting,
            skipinitialspace,
            strict,
        ] = &options;
        let truth = |option: &Option<Bound<'py, PyAny>>, default| {
            option.as_ref().map_or(Ok(default), |option| option.is_true())
        };
        let optional = |name, option: &Option<Bound<'py, PyAny>>, default| match option {
            None => Ok(default),
            Some(none) if none.is_none() => Ok(None),
            Some(option) => {
                one_character(ts, name, "a unicode character or None", option).map(Some)
            }
        };
        let delimiter = match delimiter {
            None => ','.into(),
            Some(option) => one_character(ts, "delimiter", "a unicode character", option)?,
        };
        let double_quote = truth(doublequote, true)?;
        let escape = optional("escapechar", escapechar, None)?;
        let lineterminator = match lineterminator {
            None => PyStr::new(ts, "\r\n")?,
            Some(option) => match option.cast::<PyStr>() {
                Some(option) => option.clone(),
                None => return Err(wrong_type(ts, "lineterminator", "a string", option)),
            },
        };
        let quote = optional("quotechar", quotechar, Some('"'.into()))?;
        let style = quoting.as_ref().map_or(Ok(0), |option| c_int(ts, "quoting", option))?;
        let skip_initial_space = truth(skipinitialspace, false)?;
        let strict = truth(strict, false)?;
        let Some(mut style) = Quoting::from_number(style.into()) else {
            return Err(TypeError::new(ts, "bad \"quoting\" value"));
        };
        if quoting.is_none() && quotechar.as_ref().is_some_and(|option| option.is_none()) {
            style = Quoting::None;
        }
        let rules = csv_core::Dialect {
            delimiter,
            quote,
            escape,
            quoting: style,
            double_quote,
            skip_initial_space,
            strict,
        };
        check(ts, &rules, text(lineterminator.data()))?;
        Ok(Self {
            doublequote: double_quote,
            skipinitialspace: skip_initial_space,
            strict,
            rules,
            lineterminator: lineterminator.unbind(),
        })
    }
}

/// The dialect that `reader`, `writer` and `register_dialect` make of their arguments.
pub(crate) fn made<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    dialect: Option<&Bound<'py, PyAny>>,
    fmtparams: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, Dialect>> {
    let arguments = match dialect {
        Some(dialect) => PyTuple::new(ts, &[dialect])?,
        None => PyTuple::new(ts, &[])?,
    };
    let keywords = (!fmtparams.is_empty()).then_some(fmtparams);
    state.dialect.get(ts).call_with(&arguments, keywords)?.into_cast()
}

/// Pickling, refused.
#[cold]
fn not_pickled(ts: &ThreadState<'_>, dialect: &Bound<'_, Dialect>) -> PyErr {
    let name = dialect.type_name();
    let name = name.as_str().rsplit('.').next().unwrap_or_default();
    TypeError::new(ts, format_args!("cannot pickle '{name:.100}' instances"))
}

/// What is registered under a name.
pub(crate) fn registered<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    name: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match state.dialects.get(ts).get(name)? {
        Some(dialect) => Ok(dialect),
        None => Err(state.error(ts, "unknown dialect")),
    }
}

/// Refuses characters that mean two things, or something in every dialect.
fn check(ts: &ThreadState<'_>, rules: &csv_core::Dialect, terminator: Text<'_>) -> PyResult<()> {
    let named = [
        ("delimiter", Some(rules.delimiter), true),
        ("escapechar", rules.escape, !rules.skip_initial_space),
        ("quotechar", rules.quote, !rules.skip_initial_space),
    ];
    if rules.quoting != Quoting::None && rules.quote.is_none() {
        return Err(TypeError::new(ts, "quotechar must be set if quoting enabled"));
    }
    for (name, c, may_be_space) in named {
        let Some(c) = c else { continue };
        if matches!(char::from_u32(c), Some('\r' | '\n')) || c == ' '.into() && !may_be_space {
            return Err(ValueError::new(ts, format_args!("bad {name} value")));
        }
        if terminator.contains(c) {
            return Err(ValueError::new(ts, format_args!("bad {name} or lineterminator value")));
        }
    }
    let [delimiter, escape, quote] = named;
    for ((first, a, _), (second, b, _)) in
        [(delimiter, escape), (delimiter, quote), (escape, quote)]
    {
        if a.is_some() && a == b {
            return Err(ValueError::new(ts, format_args!("bad {first} or {second} value")));
        }
    }
    Ok(())
}

/// The one character of a `str`.
fn one_character<'py>(
    ts: &ThreadState<'py>,
    name: &str,
    wanted: &str,
    option: &Bound<'py, PyAny>,
) -> PyResult<u32> {
    let Some(text) = option.cast::<PyStr>() else {
        return Err(wrong_type(ts, name, wanted, option));
    };
    let data = text.data();
    match (data.len(), data.get(0)) {
        (1, Some(c)) => Ok(c),
        (length, _) => Err(TypeError::new(
            ts,
            format_args!("\"{name}\" must be {wanted}, not a string of length {length}"),
        )),
    }
}

/// An exact `int` that fits C's `int`.
fn c_int<'py>(ts: &ThreadState<'py>, name: &str, option: &Bound<'py, PyAny>) -> PyResult<i32> {
    let Some(number) = option.cast_exact::<PyInt>() else {
        return Err(wrong_type(ts, name, "an integer", option));
    };
    number
        .to_i64()
        .and_then(|number| i32::try_from(number).ok())
        .ok_or_else(|| OverflowError::new(ts, "Python int too large to convert to C int"))
}

/// `"NAME" must be WANTED, not TYPE`.
#[cold]
fn wrong_type<'py>(
    ts: &ThreadState<'py>,
    name: &str,
    wanted: impl fmt::Display,
    found: &Bound<'py, PyAny>,
) -> PyErr {
    let message = || {
        let mut text = StrWriter::new(ts, 0)?;
        write!(text, "\"{name}\" must be {wanted}, not ")?;
        text.str(found.full_type_name()?.as_any())?;
        text.finish()
    };
    match message() {
        Ok(message) => PyErr::with_value(ts, &TypeError::class(ts), &message),
        Err(failure) => failure,
    }
}

fn character<'py>(ts: &ThreadState<'py>, c: u32) -> PyResult<Bound<'py, PyStr>> {
    PyStr::from_data(ts, StrData::Ucs4(&[c]))
}

/// The options, in the order in which they are asked for.
const NAMES: [&std::ffi::CStr; 8] = [
    c"delimiter",
    c"doublequote",
    c"escapechar",
    c"lineterminator",
    c"quotechar",
    c"quoting",
    c"skipinitialspace",
    c"strict",
];
