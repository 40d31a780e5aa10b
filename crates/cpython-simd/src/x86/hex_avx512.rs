//! Hexadecimal digits with AVX-512 VBMI.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;
use crate::hex::{DIGITS, VALUES};

/// Encodes all of `input` to all of `out`, which has room for exactly its digits.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn encode(input: &[u8], out: &mut [MaybeUninit<u8>]) {
    let digits = _mm512_broadcast_i32x4(load_128(&DIGITS));
    let (blocks, end) = input.as_chunks();
    let (places, end_place) = out.split_at_mut(blocks.len() * 64);
    for (bytes, place) in blocks.iter().zip(places.as_chunks_mut().0) {
        store_512(place, pairs(load_256(bytes), digits));
    }
    if !end.is_empty() {
        store_up_to_512(end_place, pairs(load_up_to_256(end), digits));
    }
}

/// Decodes pairs of digits until one holds another byte, and returns how many pairs; `out` has
/// room for all of them.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn decode(input: &[u8], out: &mut [MaybeUninit<u8>]) -> usize {
    let (rows, _) = VALUES.as_chunks();
    let values = (load_512(&rows[0]), load_512(&rows[1]));
    let mut done = 0;
    for (digits, place) in input.as_chunks::<128>().0.iter().zip(out.as_chunks_mut().0) {
        let (digits, _) = digits.as_chunks();
        let (low, high) = (load_512(&digits[0]), load_512(&digits[1]));
        let (low, high) = (nibbles(low, values), nibbles(high, values));
        if refused(_mm512_or_si512(low, high)) != 0 {
            break;
        }
        store_512(place, _mm512_inserti64x4::<1>(_mm512_castsi256_si512(bytes(low)), bytes(high)));
        done += 64;
    }
    for (digits, places) in input[done * 2..].chunks(64).zip(out[done..].chunks_mut(32)) {
        let nibbles = nibbles(load_up_to_512(digits), values);
        // The first byte refused or missing ends the pairs that are whole.
        let refused = refused(nibbles) | !first_bits(digits.len());
        let whole = refused.trailing_zeros() as usize / 2;
        store_up_to_256(places.get_mut(..whole).unwrap_or_default(), bytes(nibbles));
        done += whole;
        if refused != 0 {
            break;
        }
    }
    done
}

/// The 64 digits of 32 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn pairs(bytes: __m256i, digits: __m512i) -> __m512i {
    let wide = _mm512_cvtepu8_epi16(bytes);
    // The high half of the byte to the low byte of its 16 bits, the low half to the high byte.
    let nibbles = _mm512_or_si512(_mm512_srli_epi16::<4>(wide), _mm512_slli_epi16::<8>(wide));
    let nibbles = _mm512_and_si512(nibbles, _mm512_set1_epi8(15));
    _mm512_shuffle_epi8(digits, nibbles)
}

/// The value of each digit, or 16 and more.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn nibbles(digits: __m512i, values: (__m512i, __m512i)) -> __m512i {
    let nibbles = _mm512_permutex2var_epi8(values.0, digits, values.1);
    // The permutation ignores bit 7: value | (digit & 0x80).
    _mm512_ternarylogic_epi64::<0xf8>(nibbles, digits, _mm512_set1_epi8(i8::MIN))
}

/// A bit for each byte that is 16 or more.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn refused(nibbles: __m512i) -> u64 {
    _mm512_test_epi8_mask(nibbles, _mm512_set1_epi8(0xf0_u8.cast_signed()))
}

/// The 32 bytes that 64 nibbles make.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn bytes(nibbles: __m512i) -> __m256i {
    _mm512_cvtepi16_epi8(_mm512_maddubs_epi16(nibbles, _mm512_set1_epi16(0x0110)))
}
