//! The class `_json.Encoder`, which Python knows as `make_encoder`.
use cpython_api::exception::TypeError;
use cpython_api::types::{PyDict, PyList, PyStr, PyTuple, StrData, Value};
use cpython_api::{Bound, OfModule, Py, PyAny, PyResult, ThreadState, class, methods};
use json_core::encode::{NUMBER, write_float, write_i64};

use super::output::Strings;
use super::walk::Walk;
use crate::state::State;

/// Encodes objects by the rules that it was made with.
#[class("_json.Encoder", state = State, mutable)]
pub(crate) struct Encoder {
    #[member("The containers that are being encoded, by id, or None.")]
    markers: Py,
    #[member("What is called with objects that JSON does not know.")]
    default: Py,
    #[member("What makes JSON strings.")]
    encoder: Py,
    #[member("What each level of nesting is indented by, or None.")]
    indent: Py,
    #[member("What stands between a key and its value.")]
    key_separator: Py<PyStr>,
    #[member("What stands between two items.")]
    item_separator: Py<PyStr>,
    #[member("Whether items are sorted by key.")]
    sort_keys: bool,
    #[member("Whether items are left out whose key cannot be a string.")]
    skipkeys: bool,
    allow_nan: bool,
    /// How strings are written, when `encoder` is one of this module's functions.
    #[traverse(skip)]
    strings: Option<Strings>,
}

#[methods]
impl Encoder {
    #[new(
        "make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"
    )]
    fn new<'py>(
        ts: &ThreadState<'py>,
        markers: &Bound<'py, PyAny>,
        default: &Bound<'py, PyAny>,
        encoder: &Bound<'py, PyAny>,
        indent: &Bound<'py, PyAny>,
        key_separator: &Bound<'py, PyAny>,
        item_separator: &Bound<'py, PyAny>,
        sort_keys: &Bound<'py, PyAny>,
        skipkeys: &Bound<'py, PyAny>,
        allow_nan: &Bound<'py, PyAny>,
    ) -> PyResult<Self> {
        let key_separator = separator(ts, key_separator, 5)?;
        let item_separator = separator(ts, item_separator, 6)?;
        let rules = (sort_keys.is_true()?, skipkeys.is_true()?, allow_nan.is_true()?);
        if !markers.is_none() && markers.cast::<PyDict>().is_none() {
            let name = markers.type_name();
            let text =
                format_args!("make_encoder() argument 1 must be dict or None, not {name:.200}");
            return Err(TypeError::new(ts, text));
        }
        Ok(Self {
            markers: markers.clone().unbind(),
            default: default.clone().unbind(),
            encoder: encoder.clone().unbind(),
            indent: indent.clone().unbind(),
            key_separator: key_separator.clone().unbind(),
            item_separator: item_separator.clone().unbind(),
            sort_keys: rules.0,
            skipkeys: rules.1,
            allow_nan: rules.2,
            strings: strings_of(encoder),
        })
    }

    #[call("_iterencode(obj, _current_indent_level)")]
    fn call<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        obj: &Bound<'py, PyAny>,
        _current_indent_level: isize,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let lone = if this.get().indent.get(ts).is_none() { lone(ts, obj)? } else { None };
        let text = match lone {
            Some(text) => text,
            None => Self::walk(this, ts, obj, _current_indent_level)?,
        };
        PyTuple::new(ts, &[&text])
    }
}

impl Encoder {
    #[inline(never)]
    fn walk<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        obj: &Bound<'py, PyAny>,
        level: isize,
    ) -> PyResult<Bound<'py, PyStr>> {
        let mut first = [0; 512];
        let rules = this.get();
        let markers = rules.markers.get(ts);
        let rules = Rules {
            encoder_itself: this,
            markers: markers.cast::<PyDict>(),
            default: &rules.default.get(ts),
            encoder: &rules.encoder.get(ts),
            indent: &rules.indent.get(ts),
            key_separator: &rules.key_separator.get(ts),
            item_separator: &rules.item_separator.get(ts),
            sort_keys: rules.sort_keys,
            skipkeys: rules.skipkeys,
            allow_nan: rules.allow_nan,
            strings: rules.strings,
        };
        Walk::new(ts, &rules, level, &mut first)?.whole(obj)
    }
}

/// What an encoder was made with, for one call.
pub(super) struct Rules<'a, 'py> {
    pub(super) encoder_itself: &'a Bound<'py, Encoder>,
    pub(super) markers: Option<&'a Bound<'py, PyDict>>,
    pub(super) default: &'a Bound<'py>,
    pub(super) encoder: &'a Bound<'py>,
    pub(super) indent: &'a Bound<'py>,
    pub(super) key_separator: &'a Bound<'py, PyStr>,
    pub(super) item_separator: &'a Bound<'py, PyStr>,
    pub(super) sort_keys: bool,
    pub(super) skipkeys: bool,
    pub(super) allow_nan: bool,
    pub(super) strings: Option<Strings>,
}

/// The text of a number or of a container with nothing in it, which is found without a walk; nothing
/// for all else.
fn lone<'py>(ts: &ThreadState<'py>, object: &Bound<'py>) -> PyResult<Option<Bound<'py, PyStr>>> {
    let mut first = [0; NUMBER];
    let len = match object.value() {
        Value::Int(value) => write_i64(value, &mut first),
        Value::Float(value) if value.is_finite() => write_float(value, &mut first),
        _ => {
            let brackets = if object.cast_exact::<PyDict>().is_some_and(|dict| dict.is_empty()) {
                *b"{}"
            } else if object.cast_exact::<PyList>().is_some_and(|list| list.is_empty()) {
                *b"[]"
            } else {
                return Ok(None);
            };
            first[..2].copy_from_slice(&brackets);
            2
        }
    };
    PyStr::from_data(ts, StrData::Latin1(&first[..len])).map(Some)
}

fn separator<'a, 'py>(
    ts: &ThreadState<'py>,
    argument: &'a Bound<'py, PyAny>,
    position: u8,
) -> PyResult<&'a Bound<'py, PyStr>> {
    argument.cast::<PyStr>().ok_or_else(|| {
        let name = argument.type_name();
        let text = format_args!("make_encoder() argument {position} must be str, not {name:.50}");
        TypeError::new(ts, text)
    })
}

/// The short way, when calling `encoder` would do just that.
fn strings_of(encoder: &Bound<'_, PyAny>) -> Option<Strings> {
    if encoder.is_function::<OfModule<State>, super::encode_basestring_ascii>() {
        Some(Strings::Ascii)
    } else if encoder.is_function::<OfModule<State>, super::encode_basestring>() {
        Some(Strings::Unicode)
    } else {
        None
    }
}
