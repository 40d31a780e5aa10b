//! `make_encoder`, `encode_basestring` and `encode_basestring_ascii`.
mod addresses;
mod encoder;
mod indent;
mod items;
mod labels;
mod long;
mod note;
mod output;
mod path;
mod walk;

use cpython_api::types::{PyStr, StrData};
use cpython_api::{Bound, PyResult, ThreadState, function};

use json_core::encode::{QUOTED, quote_short};

pub(crate) use encoder::Encoder;
use output::{Output, Strings};

/// A string as a JSON string of ASCII alone.
#[function("encode_basestring_ascii(pystr, /)")]
pub(crate) fn encode_basestring_ascii<'py>(
    ts: &ThreadState<'py>,
    pystr: &Bound<'py, PyStr>,
) -> PyResult<Bound<'py, PyStr>> {
    string(ts, pystr, Strings::Ascii)
}

/// A string as a JSON string.
#[function("encode_basestring(pystr, /)")]
pub(crate) fn encode_basestring<'py>(
    ts: &ThreadState<'py>,
    pystr: &Bound<'py, PyStr>,
) -> PyResult<Bound<'py, PyStr>> {
    string(ts, pystr, Strings::Unicode)
}

fn string<'py>(
    ts: &ThreadState<'py>,
    text: &Bound<'py, PyStr>,
    strings: Strings,
) -> PyResult<Bound<'py, PyStr>> {
    let mut first = [0; QUOTED];
    if let Some(ascii) = text.as_ascii()
        && let Some(len) = quote_short(ascii.as_bytes(), &mut first)
    {
        return PyStr::from_data(ts, StrData::Latin1(&first[..len]));
    }
    any_string(ts, text, strings)
}

#[inline(never)]
fn any_string<'py>(
    ts: &ThreadState<'py>,
    text: &Bound<'py, PyStr>,
    strings: Strings,
) -> PyResult<Bound<'py, PyStr>> {
    let mut first = [0; 256];
    let mut out = Output::new(ts, &mut first);
    out.string(text, strings)?;
    out.finish()
}
