//! Fields between Python and the core: text, numbers, nothing.
use std::ops::Range;

use cpython_api::types::{PyFloat, PyStr, StrData};
use cpython_api::{Bound, IntoPy, PyAny, PyResult, ThreadState};
use csv_core::{Quoting, Text};

/// The characters of a `str`, for the core.
#[inline(always)]
pub(crate) fn text(data: StrData<'_>) -> Text<'_> {
    match data {
        StrData::Latin1(units) => Text::Latin1(units),
        StrData::Ucs2(units) => Text::Ucs2(units),
        StrData::Ucs4(units) => Text::Ucs4(units),
    }
}

/// A `str` of what the core gives.
#[inline(always)]
pub(crate) fn string<'py>(ts: &ThreadState<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyStr>> {
    PyStr::from_data(
        ts,
        match text {
            Text::Latin1(units) => StrData::Latin1(units),
            Text::Ucs2(units) => StrData::Ucs2(units),
            Text::Ucs4(units) => StrData::Ucs4(units),
        },
    )
}

/// What a field that has been read becomes.
pub(crate) fn value<'py>(
    ts: &ThreadState<'py>,
    quoting: Quoting,
    field: Text<'_>,
    unquoted: bool,
) -> PyResult<Bound<'py, PyAny>> {
    if !unquoted || is_text(quoting, field.is_empty()) {
        return string(ts, field).map(Bound::into_any);
    }
    if field.is_empty() {
        return ().into_py(ts);
    }
    match plain_number(field) {
        Some(number) => number.into_py(ts),
        None => PyFloat::class(ts).call1(string(ts, field)?.as_any()),
    }
}

/// Whether a field without quotes is text, and neither a number nor, when it is empty, nothing.
#[inline(always)]
pub(crate) fn is_text(quoting: Quoting, is_empty: bool) -> bool {
    match quoting {
        Quoting::Minimal | Quoting::All | Quoting::None => true,
        Quoting::NonNumeric => is_empty,
        Quoting::NotNull => !is_empty,
        Quoting::Strings => false,
    }
}

/// A part of a text.
pub(crate) fn part(text: Text<'_>, range: Range<usize>) -> Text<'_> {
    match text {
        Text::Latin1(units) => Text::Latin1(units.get(range).unwrap_or_default()),
        Text::Ucs2(units) => Text::Ucs2(units.get(range).unwrap_or_default()),
        Text::Ucs4(units) => Text::Ucs4(units.get(range).unwrap_or_default()),
    }
}

/// The number that a text of ASCII digits, signs, points and exponents stands for. Rust and Python
/// agree on those: both round correctly, and overflow to infinity. What else `float()` takes
/// (spaces, underscores, words, other digits), and what it refuses, is left to it.
fn plain_number(field: Text<'_>) -> Option<f64> {
    let Text::Latin1(units) = field else { return None };
    let plain = |c: &u8| matches!(c, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if !units.iter().all(plain) {
        return None;
    }
    std::str::from_utf8(units).ok()?.parse().ok()
}
