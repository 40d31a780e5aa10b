//! The checks.
use cpython_api::exception::OverflowError;
use cpython_api::types::PyInt;
use cpython_api::{Bound, Chunks, Masked, PyResult, ThreadState, function};
use zlib_core as core;

/// Continue the Adler-32 checksum value over some data.
#[function("adler32(data, value=1, /)")]
pub(crate) fn adler32(
    ts: &mut ThreadState<'_>,
    data: Chunks<'_>,
    #[default(Masked(1))] value: Masked<u32>,
) -> u32 {
    over(ts, data, value.0, core::adler32)
}

/// Continue the CRC-32 checksum value over some data.
#[function("crc32(data, value=0, /)")]
pub(crate) fn crc32(
    ts: &mut ThreadState<'_>,
    data: Chunks<'_>,
    #[default(Masked(0))] value: Masked<u32>,
) -> u32 {
    over(ts, data, value.0, core::crc32)
}

/// Give the Adler-32 checksum of two texts one after the other.
///
/// It takes the checksums of both, and the length of the second.
#[function("adler32_combine(adler1, adler2, len2, /)")]
pub(crate) fn adler32_combine(
    ts: &ThreadState<'_>,
    adler1: Masked<u32>,
    adler2: Masked<u32>,
    len2: &Bound<'_, PyInt>,
) -> PyResult<u32> {
    Ok(core::adler32_combine(adler1.0, adler2.0, length(ts, len2)?))
}

/// Give the CRC-32 checksum of two texts one after the other.
///
/// It takes the checksums of both, and the length of the second.
#[function("crc32_combine(crc1, crc2, len2, /)")]
pub(crate) fn crc32_combine(
    ts: &ThreadState<'_>,
    crc1: Masked<u32>,
    crc2: Masked<u32>,
    len2: &Bound<'_, PyInt>,
) -> PyResult<u32> {
    Ok(core::crc32_combine(crc1.0, crc2.0, length(ts, len2)?))
}

/// The check of all pieces; detached where that pays.
fn over(
    ts: &mut ThreadState<'_>,
    data: Chunks<'_>,
    value: u32,
    check: impl Fn(&[u8], u32) -> u32 + Sync,
) -> u32 {
    // The start is checked, too, where there are no pieces.
    let all = || data.fold(check(&[], value), |value, piece| check(piece, value));
    if data.len() > LONG { ts.detach(all) } else { all() }
}

/// A length that C's zlib can count.
fn length(ts: &ThreadState<'_>, len: &Bound<'_, PyInt>) -> PyResult<isize> {
    let counted = len.to_i64().and_then(|len| isize::try_from(len).ok());
    counted.ok_or_else(|| OverflowError::new(ts, "Python int too large to convert to C ssize_t"))
}

/// Below this, detaching costs more than the check.
const LONG: usize = 256 * 1024;
