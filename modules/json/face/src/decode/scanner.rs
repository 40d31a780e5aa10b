//! The class `Scanner`, which the module calls `make_scanner`.
use cpython_api::exception::{TypeError, ValueError};
use cpython_api::types::{PyDict, PyList, PyStr, StrData};
use cpython_api::{Bound, Module, Py, PyAny, PyResult, ThreadState, class, methods};
use json_core::decode::{Unit, read, read_plain_string};

use super::builder::Builder;
use super::failure;
use crate::state::State;

/// Reads one JSON value at a time out of a text, as a decoder wants it.
#[class("_json.Scanner", state = State, mutable)]
pub(crate) struct Scanner {
    #[member("Whether control characters in strings are refused.")]
    strict: bool,
    #[member("What is called with each dict, or None.")]
    pub(super) object_hook: Py,
    #[member]
    pub(super) object_pairs_hook: Py,
    #[member]
    pub(super) array_hook: Py,
    #[member("What makes numbers with a fraction or an exponent of their text.")]
    pub(super) parse_float: Py,
    #[member("What makes other numbers of their text.")]
    pub(super) parse_int: Py,
    #[member("What makes a value of NaN, Infinity and -Infinity.")]
    pub(super) parse_constant: Py,
}

#[methods]
impl Scanner {
    #[new("make_scanner(context)")]
    fn new<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        context: &Bound<'py, PyAny>,
    ) -> PyResult<Self> {
        let names = &module.state()?.names;
        let get = |name: &Py<PyStr>| context.getattr(name.get(ts)).map(Bound::unbind);
        Ok(Self {
            strict: context.getattr(names.strict.get(ts))?.is_true()?,
            object_hook: get(&names.object_hook)?,
            object_pairs_hook: get(&names.object_pairs_hook)?,
            array_hook: get(&names.array_hook)?,
            parse_float: get(&names.parse_float)?,
            parse_int: get(&names.parse_int)?,
            parse_constant: get(&names.parse_constant)?,
        })
    }

    #[call("scan_once(string, idx)")]
    fn call<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        string: &Bound<'py, PyAny>,
        idx: isize,
    ) -> PyResult<(Bound<'py, PyAny>, usize)> {
        let Some(document) = string.cast::<PyStr>() else {
            let found = string.type_name();
            return Err(TypeError::new(
                ts,
                format_args!("first argument must be a string, not {found:.80}"),
            ));
        };
        let Ok(at) = usize::try_from(idx) else {
            return Err(ValueError::new(ts, "idx cannot be negative"));
        };
        match document.data() {
            StrData::Latin1(text) => scan(ts, this, document, text, at),
            StrData::Ucs2(text) => scan(ts, this, document, text, at),
            StrData::Ucs4(text) => scan(ts, this, document, text, at),
        }
    }
}

#[inline(never)]
fn scan<'py, W: Unit>(
    ts: &ThreadState<'py>,
    scanner: &Bound<'py, Scanner>,
    document: &Bound<'py, PyStr>,
    text: &[W],
    at: usize,
) -> PyResult<(Bound<'py, PyAny>, usize)> {
    if let Some(lone) = lone(ts, scanner.get(), document, text, at)? {
        return Ok(lone);
    }
    let mut builder = Builder::new(ts, scanner, document);
    read(text, at, scanner.get().strict, &mut builder)
        .map_err(|error| failure::raised(ts, document, error))
}

/// A string without escapes, or a container with nothing in it that no hook waits for: found without
/// a builder. Nothing for all else.
#[inline(always)]
fn lone<'py, W: Unit>(
    ts: &ThreadState<'py>,
    scanner: &Scanner,
    document: &Bound<'py, PyStr>,
    text: &[W],
    at: usize,
) -> PyResult<Option<(Bound<'py, PyAny>, usize)>> {
    let [first, second] = match text.get(at..) {
        Some([first, second, ..]) => [first.ascii(), second.ascii()],
        _ => return Ok(None),
    };
    let is_none = |hook: &Py| hook.get(ts).is_none();
    Ok(match [first, second] {
        [b'"', _] => match read_plain_string(text, at + 1, scanner.strict) {
            Some((plain, end)) => Some((document.substring(plain.range())?.into_any(), end)),
            None => None,
        },
        [b'[', b']'] if is_none(&scanner.array_hook) => {
            Some((PyList::new(ts, &[])?.into_any(), at + 2))
        }
        [b'{', b'}'] if is_none(&scanner.object_hook) && is_none(&scanner.object_pairs_hook) => {
            Some((PyDict::new(ts)?.into_any(), at + 2))
        }
        _ => None,
    })
}
