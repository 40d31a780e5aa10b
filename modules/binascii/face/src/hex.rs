//! Hexadecimal, each function under two names.
use binascii_core::hex::{self as core, DecodeOptions, EncodeOptions};
use cpython_api::exception::{TypeError, ValueError};
use cpython_api::types::{PyBytes, PyStr};
use cpython_api::{AsciiBuffer, Bound, Buffer, Module, PyAny, PyResult, ThreadState, function};

use crate::state::{State, bytes};

/// Give the hexadecimal digits of some bytes; hexlify() is the same.
///
///   sep
///     A character to put between groups of bytes.
///   bytes_per_sep
///     How many bytes make a group, counted from the end, or from the start when negative.
///
/// >>> binascii.b2a_hex(b'Rust', '-', 2)
/// b'5275-7374'
#[function("b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)")]
pub(crate) fn b2a_hex<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    sep: Option<&Bound<'py, PyAny>>,
    bytes_per_sep: isize,
) -> PyResult<Bound<'py, PyBytes>> {
    encode(ts, module, data, sep, bytes_per_sep)
}

/// Give the hexadecimal digits of some bytes; b2a_hex() is the same.
///
///   sep
///     A character to put between groups of bytes.
///   bytes_per_sep
///     How many bytes make a group, counted from the end, or from the start when negative.
#[function("hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)")]
pub(crate) fn hexlify<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    sep: Option<&Bound<'py, PyAny>>,
    bytes_per_sep: isize,
) -> PyResult<Bound<'py, PyBytes>> {
    encode(ts, module, data, sep, bytes_per_sep)
}

/// Give the bytes that hexadecimal digits stand for; unhexlify() is the same.
///
///   ignorechars
///     Characters that are skipped.
#[function("a2b_hex(hexstr, /, *, ignorechars=b'')")]
pub(crate) fn a2b_hex<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    hexstr: AsciiBuffer<'_>,
    ignorechars: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    decode(ts, module, hexstr, ignorechars)
}

/// Give the bytes that hexadecimal digits stand for; a2b_hex() is the same.
///
///   ignorechars
///     Characters that are skipped.
#[function("unhexlify(hexstr, /, *, ignorechars=b'')")]
pub(crate) fn unhexlify<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    hexstr: AsciiBuffer<'_>,
    ignorechars: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    decode(ts, module, hexstr, ignorechars)
}

#[inline(always)]
fn encode<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    sep: Option<&Bound<'py, PyAny>>,
    bytes_per_sep: isize,
) -> PyResult<Bound<'py, PyBytes>> {
    let options =
        EncodeOptions { sep: sep.map(|sep| separator(ts, sep)).transpose()?, bytes_per_sep };
    bytes(ts, module, core::encoded_len(data.len(), &options), |out| {
        core::encode(&data, &options, out)
    })
}

#[inline(always)]
fn decode<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    hexstr: AsciiBuffer<'_>,
    ignorechars: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let options = DecodeOptions { ignorechars: ignorechars.map_or(&b""[..], Buffer::as_slice) };
    bytes(ts, module, Ok(core::decoded_len_bound(hexstr.len())), |out| {
        core::decode(&hexstr, &options, out)
    })
}

/// The separator's one byte.
fn separator(ts: &ThreadState<'_>, sep: &Bound<'_, PyAny>) -> PyResult<u8> {
    if sep.len()? != 1 {
        return Err(ValueError::new(ts, "sep must be length 1."));
    }
    // A subclass may have told another length than it has; C then reads the terminating NUL.
    if let Some(text) = sep.cast::<PyStr>() {
        let first = text.to_str().map(|text| text.chars().next().unwrap_or('\0'));
        let byte = first.ok().and_then(|first| u8::try_from(first).ok());
        byte.ok_or_else(|| ValueError::new(ts, "sep must be ASCII."))
    } else if let Some(data) = sep.cast::<PyBytes>() {
        Ok(data.as_slice().first().copied().unwrap_or(0))
    } else {
        Err(TypeError::new(ts, "sep must be str or bytes."))
    }
}
