//! `make_scanner` and `scanstring`.
mod builder;
mod failure;
mod keys;
mod scanner;
mod text;

pub(crate) use scanner::Scanner;

use cpython_api::exception::ValueError;
use cpython_api::types::{PyStr, StrData};
use cpython_api::{Bound, PyResult, ThreadState, function};
use json_core::decode::{Unit, read_plain_string, read_string};
use text::Gathered;

/// Read a JSON string out of a text.
///
/// The index end is that of the first character behind the opening quote. Escapes are replaced by
/// what they stand for; ValueError says where the text is no JSON. Control characters may stand in
/// it only when strict is false.
///
/// The result is a pair: the string, and the index behind the closing quote.
#[function("scanstring(pystr, end, strict=True, /)")]
pub(crate) fn scanstring<'py>(
    ts: &ThreadState<'py>,
    pystr: &Bound<'py, PyStr>,
    end: isize,
    strict: bool,
) -> PyResult<(Bound<'py, PyStr>, isize)> {
    let begin = usize::try_from(end).ok().filter(|&begin| begin <= pystr.char_len());
    let Some(begin) = begin else { return Err(ValueError::new(ts, "end is out of bounds")) };
    match pystr.data() {
        StrData::Latin1(text) => string_in(ts, pystr, text, begin, strict),
        StrData::Ucs2(text) => string_in(ts, pystr, text, begin, strict),
        StrData::Ucs4(text) => string_in(ts, pystr, text, begin, strict),
    }
}

/// A string that stands for itself is most often all there is, so what else it may be is elsewhere.
#[inline(always)]
fn string_in<'py, W: Unit>(
    ts: &ThreadState<'py>,
    document: &Bound<'py, PyStr>,
    text: &[W],
    begin: usize,
    strict: bool,
) -> PyResult<(Bound<'py, PyStr>, isize)> {
    match read_plain_string(text, begin, strict) {
        Some((plain, end)) => Ok((document.substring(plain.range())?, end.cast_signed())),
        None => other_string_in(ts, document, text, begin, strict),
    }
}

#[inline(never)]
fn other_string_in<'py, W: Unit>(
    ts: &ThreadState<'py>,
    document: &Bound<'py, PyStr>,
    text: &[W],
    begin: usize,
    strict: bool,
) -> PyResult<(Bound<'py, PyStr>, isize)> {
    let mut gathered = Gathered::new(ts);
    match read_string(text, begin, strict, &mut gathered) {
        Ok((body, end)) => Ok((text::string(document, body, &mut gathered)?, end.cast_signed())),
        Err(error) => Err(failure::raised(ts, document, error)),
    }
}
