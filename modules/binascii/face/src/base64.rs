//! Base64.
use binascii_core::alphabet;
use binascii_core::base64::{self as core, DecodeOptions, EncodeOptions};
use cpython_api::types::PyBytes;
use cpython_api::{AsciiBuffer, Bound, Buffer, Module, PyResult, ThreadState, function};

use crate::state::{State, bytes, exception};

/// Give the bytes that a base64 text stands for.
///
/// In strict mode nothing but base64 is allowed in the text, and nothing may follow the padding;
/// otherwise such characters are skipped. Strict mode is on when ignorechars is given.
///
///   padded
///     Whether the text must be filled up with padding.
///   alphabet
///     The 64 characters of the text.
///   ignorechars
///     Characters that are skipped in strict mode.
///   canonical
///     Whether to reject padding bits that are not zero (RFC 4648 section 3.5).
#[function(
    "a2b_base64(data, /, *, strict_mode=<unrepresentable>, padded=True, alphabet=BASE64_ALPHABET, \
     ignorechars=<unrepresentable>, canonical=False)"
)]
pub(crate) fn a2b_base64<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
    strict_mode: Option<bool>,
    padded: bool,
    alphabet: Option<&Bound<'py, PyBytes>>,
    ignorechars: Option<Buffer<'_>>,
    canonical: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match alphabet {
        Some(given) => {
            alphabet::checked(given.as_slice()).map_err(|error| exception(ts, module, error))?
        }
        None => alphabet::BASE64,
    };
    let ignorechars = ignorechars.map(Buffer::as_slice);
    let options = DecodeOptions { strict_mode, padded, alphabet, ignorechars, canonical };
    bytes(ts, module, Ok(core::decoded_len_bound(&data, &options)), |out| {
        core::decode(&data, &options, out)
    })
}

/// Give the base64 text for some bytes.
///
///   padded
///     Whether to fill the text up with padding.
///   wrapcol
///     How long a line may be; 0 for a single line.
///   newline
///     Whether to end the text with a newline.
///   alphabet
///     The 64 characters of the text.
#[function(
    "b2a_base64(data, /, *, padded=True, wrapcol=0, newline=True, alphabet=BASE64_ALPHABET)"
)]
pub(crate) fn b2a_base64<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    padded: bool,
    wrapcol: usize,
    newline: bool,
    alphabet: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match &alphabet {
        Some(given) => alphabet::checked(given).map_err(|error| exception(ts, module, error))?,
        None => alphabet::BASE64,
    };
    let options = EncodeOptions { padded, wrapcol, newline, alphabet };
    bytes(ts, module, core::encoded_len(data.len(), &options), |out| {
        core::encode(&data, &options, out)
    })
}
