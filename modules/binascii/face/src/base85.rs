//! Base85 and Ascii85.
use binascii_core::alphabet;
use binascii_core::{ascii85, base85};
use cpython_api::types::PyBytes;
use cpython_api::{AsciiBuffer, Bound, Buffer, Module, PyResult, ThreadState, function};

use crate::state::{State, bytes, exception};

/// Give the bytes that an Ascii85 text stands for.
///
///   foldspaces
///     Whether 'y' stands for four spaces.
///   adobe
///     Whether the text ends with '~>', and may begin with '<~'.
///   ignorechars
///     Characters that are skipped.
///   canonical
///     Whether to reject a text that the encoder would have written otherwise.
#[function(
    "a2b_ascii85(data, /, *, foldspaces=False, adobe=False, ignorechars=b'', canonical=False)"
)]
pub(crate) fn a2b_ascii85<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
    foldspaces: bool,
    adobe: bool,
    ignorechars: Option<Buffer<'_>>,
    canonical: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let ignorechars = ignorechars.map_or(&b""[..], Buffer::as_slice);
    let options = ascii85::DecodeOptions { foldspaces, adobe, ignorechars, canonical };
    bytes(ts, module, ascii85::decoded_len_bound(&data), |out| {
        ascii85::decode(&data, &options, out)
    })
}

/// Give the Ascii85 text for some bytes.
///
///   foldspaces
///     Whether to write 'y' for four spaces.
///   wrapcol
///     How long a line may be; 0 for a single line.
///   pad
///     Whether to write the zeros that fill the last group.
///   adobe
///     Whether to put the text between '<~' and '~>'.
#[function("b2a_ascii85(data, /, *, foldspaces=False, wrapcol=0, pad=False, adobe=False)")]
pub(crate) fn b2a_ascii85<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    foldspaces: bool,
    wrapcol: usize,
    pad: bool,
    adobe: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let options = ascii85::EncodeOptions { foldspaces, wrapcol, pad, adobe };
    let size = ascii85::encoded_len_bound(data.len(), &options);
    bytes(ts, module, size, |out| ascii85::encode(&data, &options, out))
}

/// Give the bytes that a base85 text stands for.
///
///   alphabet
///     The 85 characters of the text.
///   ignorechars
///     Characters that are skipped.
///   canonical
///     Whether to reject a text that the encoder would have written otherwise.
#[function("a2b_base85(data, /, *, alphabet=BASE85_ALPHABET, ignorechars=b'', canonical=False)")]
pub(crate) fn a2b_base85<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
    alphabet: Option<&Bound<'py, PyBytes>>,
    ignorechars: Option<Buffer<'_>>,
    canonical: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match alphabet {
        Some(given) => {
            alphabet::checked(given.as_slice()).map_err(|error| exception(ts, module, error))?
        }
        None => alphabet::BASE85,
    };
    let ignorechars = ignorechars.map_or(&b""[..], Buffer::as_slice);
    let options = base85::DecodeOptions { alphabet, ignorechars, canonical };
    bytes(ts, module, Ok(base85::decoded_len_bound(data.len())), |out| {
        base85::decode(&data, &options, out)
    })
}

/// Give the base85 text for some bytes.
///
///   pad
///     Whether to write the zeros that fill the last group.
///   wrapcol
///     How long a line may be; 0 for a single line.
///   alphabet
///     The 85 characters of the text.
#[function("b2a_base85(data, /, *, pad=False, wrapcol=0, alphabet=BASE85_ALPHABET)")]
pub(crate) fn b2a_base85<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    pad: bool,
    wrapcol: usize,
    alphabet: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let alphabet = match &alphabet {
        Some(given) => alphabet::checked(given).map_err(|error| exception(ts, module, error))?,
        None => alphabet::BASE85,
    };
    let options = base85::EncodeOptions { pad, wrapcol, alphabet };
    bytes(ts, module, base85::encoded_len(data.len(), &options), |out| {
        base85::encode(&data, &options, out)
    })
}
