//! Hexadecimal digits with SSE2, which every x86-64 has.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;

/// Encodes bytes of `input`, 16 at a time, and returns how many. `out` has room for all of them.
#[inline]
#[target_feature(enable = "sse2")]
pub(crate) fn encode(input: &[u8], out: &mut [MaybeUninit<u8>]) -> usize {
    let mut done = 0;
    for (bytes, [first, second]) in
        input.as_chunks().0.iter().zip(out.as_chunks_mut().0.as_chunks_mut().0)
    {
        let bytes = load_128(bytes);
        let high = digits(_mm_srli_epi16::<4>(bytes));
        let low = digits(bytes);
        store_128(first, _mm_unpacklo_epi8(high, low));
        store_128(second, _mm_unpackhi_epi8(high, low));
        done += 16;
    }
    done
}

/// The digit for the low half of each byte.
#[inline]
#[target_feature(enable = "sse2")]
fn digits(bytes: __m128i) -> __m128i {
    let values = _mm_and_si128(bytes, _mm_set1_epi8(15));
    let is_letter = _mm_cmpgt_epi8(values, _mm_set1_epi8(9));
    let gap = _mm_and_si128(is_letter, _mm_set1_epi8((b'a' - b'9' - 1).cast_signed()));
    _mm_add_epi8(_mm_add_epi8(values, _mm_set1_epi8(b'0'.cast_signed())), gap)
}
