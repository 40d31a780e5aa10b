//! The module `_base64`: the example of the public proposal, and the room to learn from.
#![forbid(unsafe_code)]

use base64_core::{encode, encoded_len};
use cpython_api::types::PyBytes;
use cpython_api::{Bound, Buffer, PyErr, PyResult, ThreadState, function, module};

module! {
    /// Base64 in the standard alphabet.
    name: "_base64",
    functions: [standard_b64encode],
}

/// Encode a bytes-like object in the standard Base64 alphabet, with padding.
#[function("standard_b64encode(data, /)")]
fn standard_b64encode<'py>(
    ts: &ThreadState<'py>,
    data: Buffer<'_>,
) -> PyResult<Bound<'py, PyBytes>> {
    let too_long = || PyErr::no_memory(ts);
    let length = encoded_len(data.len()).ok_or_else(too_long)?;
    PyBytes::build(ts, length, |text| encode(&data, text).map_err(|_full| too_long()))
}
