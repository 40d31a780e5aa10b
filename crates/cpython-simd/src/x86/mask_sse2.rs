//! From bytes to bits with SSE2, which every x86-64 has.

use std::arch::x86_64::*;

use super::memory::load_128;

/// The highest bit of each byte.
#[inline]
#[target_feature(enable = "sse2")]
pub(crate) fn top_bits(bytes: &[u8; 16]) -> u16 {
    _mm_movemask_epi8(load_128(bytes)).cast_unsigned() as u16
}
