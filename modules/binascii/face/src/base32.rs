//! Base32.
use binascii_core::alphabet;
use binascii_core::base32::{self as core, DecodeOptions, EncodeOptions};
use cpython_api::types::PyBytes;
use cpython_api::{AsciiBuffer, Bound, Buffer, Module, PyResult, ThreadState, function};

use crate::state::{State, bytes, exception};

/// Give the bytes that a base32 text stands for.
///
///   padded
///     Whether the text must be filled up with padding.
///   alphabet
///     The 32 characters of the text.
///   ignorechars
///     Characters that are skipped.
///   canonical
///     Whether to reject padding bits that are not zero (RFC 4648 section 3.5).
#[function(
    "a2b_base32(data, /, *, padded=True, alphabet=BASE32_ALPHABET, ignorechars=b'', canonical=False)"
)]
pub(crate) fn a2b_base32<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
    padded: bool,
    alphabet: Option<&Bound<'py, PyBytes>>,
    ignorechars: Option<Buffer<'_>>,
    canonical: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match alphabet {
        Some(given) => {
            alphabet::checked(given.as_slice()).map_err(|error| exception(ts, module, error))?
        }
        None => alphabet::BASE32,
    };
    let ignorechars = ignorechars.map_or(&b""[..], Buffer::as_slice);
    let options = DecodeOptions { padded, alphabet, ignorechars, canonical };
    bytes(ts, module, Ok(core::decoded_len_bound(&data, &options)), |out| {
        core::decode(&data, &options, out)
    })
}

/// Give the base32 text for some bytes.
///
///   padded
///     Whether to fill the text up with padding.
///   wrapcol
///     How long a line may be; 0 for a single line.
///   alphabet
///     The 32 characters of the text.
#[function("b2a_base32(data, /, *, padded=True, wrapcol=0, alphabet=BASE32_ALPHABET)")]
pub(crate) fn b2a_base32<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    padded: bool,
    wrapcol: usize,
    alphabet: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match &alphabet {
        Some(given) => alphabet::checked(given).map_err(|error| exception(ts, module, error))?,
        None => alphabet::BASE32,
    };
    let options = EncodeOptions { padded, wrapcol, alphabet };
    bytes(ts, module, core::encoded_len(data.len(), &options), |out| {
        core::encode(&data, &options, out)
    })
}
