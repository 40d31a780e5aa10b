//! Cyclic redundancy checks.
use binascii_core::crc as core;
use cpython_api::{Buffer, Masked, ThreadState, function};

/// How many bytes are worth detaching for.
const WORTH_DETACHING: usize = 256 * 1024;

/// Compute the CRC-32 checksum of some bytes, going on from an earlier one.
#[function("crc32(data, crc=0, /)")]
pub(crate) fn crc32(
    ts: &mut ThreadState<'_>,
    data: Buffer<'_>,
    #[default(Masked(0))] crc: Masked<u32>,
) -> u32 {
    if data.len() < WORTH_DETACHING {
        core::crc32(&data, crc.0)
    } else {
        ts.detach(|| core::crc32(&data, crc.0))
    }
}

/// Compute the CRC-CCITT checksum of some bytes, going on from an earlier one.
#[function("crc_hqx(data, crc, /)")]
pub(crate) fn crc_hqx(data: Buffer<'_>, crc: Masked<u32>) -> u32 {
    core::crc_hqx(&data, crc.0)
}
