//! The checks.

/// Continues the CRC-32 `crc` over `data` (as in zip, gzip and PNG); start with 0.
#[inline]
pub fn crc32(data: &[u8], crc: u32) -> u32 {
    cpython_simd::crc::crc32(data, crc)
}

/// Continues the CRC-16 in the low 16 bits of `crc` over `data` (CRC-CCITT as in BinHex 4); the
/// other bits do not count.
#[inline]
pub fn crc_hqx(data: &[u8], crc: u32) -> u32 {
    u32::from(cpython_simd::crc::crc_hqx(data, crc as u16))
}
