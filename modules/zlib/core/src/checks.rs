//! The checks: Adler-32 and CRC-32, and those of two texts made into that of both.

/// Continues the Adler-32 `value` over `data`; start with 1.
///
/// A start that no text has is reduced as C reduces it, but for one that C leaves too large.
pub fn adler32(data: &[u8], value: u32) -> u32 {
    let (low, high) = (value & 0xffff, value >> 16);
    if low >= ADLER_BASE || high >= ADLER_BASE {
        return adler32(data, (low % ADLER_BASE) | ((high % ADLER_BASE) << 16));
    }
    cpython_zlib::adler32(value, data)
}

/// Continues the CRC-32 `value` over `data`; start with 0.
pub fn crc32(data: &[u8], value: u32) -> u32 {
    cpython_simd::crc::crc32(data, value)
}

/// The Adler-32 of two texts, the second of them `len` bytes long.
pub fn adler32_combine(first: u32, second: u32, len: isize) -> u32 {
    match u64::try_from(len) {
        Ok(len) => cpython_zlib::adler32_combine(first, second, len),
        Err(_) => u32::MAX,
    }
}

/// The CRC-32 of two texts, the second of them `len` bytes long.
///
/// A negative length is none: older C libraries never come back from one.
pub fn crc32_combine(first: u32, second: u32, len: isize) -> u32 {
    match u64::try_from(len) {
        Ok(len) => cpython_zlib::crc32_combine(first, second, len),
        Err(_) => second,
    }
}

/// The prime that both halves of an Adler-32 are below.
const ADLER_BASE: u32 = 65521;
