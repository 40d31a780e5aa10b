//! Uuencoding and quoted-printable.
use binascii_core::{qp, uu};
use cpython_api::types::PyBytes;
use cpython_api::{AsciiBuffer, Bound, Buffer, Module, PyResult, ThreadState, function};

use crate::state::{State, bytes, bytes_at_most, exception};

/// Give the bytes that one uuencoded line stands for.
#[function("a2b_uu(data, /)")]
pub(crate) fn a2b_uu<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
) -> PyResult<Bound<'py, PyBytes>> {
    bytes(ts, module, uu::decoded_len(&data), |out| uu::decode(&data, out))
}

/// Give the uuencoded line for up to 45 bytes.
///
///   backtick
///     Whether zeros are written as '`' instead of spaces.
#[function("b2a_uu(data, /, *, backtick=False)")]
pub(crate) fn b2a_uu<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    backtick: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let options = uu::EncodeOptions { backtick };
    bytes(ts, module, uu::encoded_len(data.len()), |out| uu::encode(&data, &options, out))
}

/// Give the bytes that a quoted-printable text stands for.
///
///   header
///     Whether underscores stand for spaces (RFC 1522).
#[function("a2b_qp(data, header=False)")]
pub(crate) fn a2b_qp<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: AsciiBuffer<'_>,
    header: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let options = qp::DecodeOptions { header };
    bytes_at_most(ts, module, qp::decoded_len_bound(data.len()), |out| {
        qp::decode(&data, &options, out)
    })
}

/// Give the quoted-printable text for some bytes.
///
///   quotetabs
///     Whether to encode all tabs and spaces, not only those that end a line.
///   istext
///     Whether line ends are kept as such.
///   header
///     Whether to write underscores for spaces (RFC 1522).
#[function("b2a_qp(data, quotetabs=False, istext=True, header=False)")]
pub(crate) fn b2a_qp<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    quotetabs: bool,
    istext: bool,
    header: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let options = qp::EncodeOptions { quotetabs, istext, header };
    let most = qp::encoded_len_bound(&data, &options).map_err(|e| exception(ts, module, e))?;
    bytes_at_most(ts, module, most, |out| qp::encode(&data, &options, out))
}
