//! Hexadecimal digits with AVX2.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;
use crate::hex::DIGITS;

/// Encodes bytes of `input`, 16 at a time, and returns how many. `out` has room for all of them.
#[target_feature(enable = "avx2")]
pub(crate) fn encode(input: &[u8], out: &mut [MaybeUninit<u8>]) -> usize {
    let digits = _mm256_broadcastsi128_si256(load_128(&DIGITS));
    let mut done = 0;
    for (bytes, place) in input.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        let wide = _mm256_cvtepu8_epi16(load_128(bytes));
        // The high half of the byte to the low byte of its 16 bits, the low half to the high byte.
        let nibbles = _mm256_or_si256(_mm256_srli_epi16::<4>(wide), _mm256_slli_epi16::<8>(wide));
        let nibbles = _mm256_and_si256(nibbles, _mm256_set1_epi8(15));
        store_256(place, _mm256_shuffle_epi8(digits, nibbles));
        done += 16;
    }
    done
}

/// Decodes pairs of digits, 32 at a time and then 16, until one holds another byte, and returns how
/// many pairs. `out` has room for all of them.
#[target_feature(enable = "avx2")]
pub(crate) fn decode(input: &[u8], out: &mut [MaybeUninit<u8>]) -> usize {
    let mut done = 0;
    for (digits, place) in input.as_chunks::<64>().0.iter().zip(out.as_chunks_mut().0) {
        let (digits, _) = digits.as_chunks();
        let (low, high) = (nibbles(load_256(&digits[0])), nibbles(load_256(&digits[1])));
        if _mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0 {
            break;
        }
        // Packing works in each half on its own; the permutation puts the quarters in order.
        let bytes = _mm256_packus_epi16(sums(low), sums(high));
        store_256(place, _mm256_permute4x64_epi64::<0b11_01_10_00>(bytes));
        done += 32;
    }
    for (digits, place) in input[done * 2..].as_chunks().0.iter().zip(out[done..].as_chunks_mut().0)
    {
        let nibbles = nibbles(load_256(digits));
        if _mm256_movemask_epi8(nibbles) != 0 {
            break;
        }
        let bytes = _mm256_packus_epi16(sums(nibbles), sums(nibbles));
        let bytes = _mm256_permute4x64_epi64::<0b11_01_10_00>(bytes);
        store_128(place, _mm256_castsi256_si128(bytes));
        done += 16;
    }
    done
}

/// The value of each digit, with bit 7 set when it is none.
#[inline]
#[target_feature(enable = "avx2")]
fn nibbles(digits: __m256i) -> __m256i {
    // Subtraction wraps, so that what is before the first digit becomes large too.
    let decimal = _mm256_sub_epi8(digits, _mm256_set1_epi8(b'0'.cast_signed()));
    let lower_case = _mm256_or_si256(digits, _mm256_set1_epi8(0x20));
    let letter = _mm256_sub_epi8(lower_case, _mm256_set1_epi8(b'a'.cast_signed()));
    let is_decimal = _mm256_cmpeq_epi8(_mm256_min_epu8(decimal, _mm256_set1_epi8(9)), decimal);
    let is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(5)), letter);
    let letter = _mm256_add_epi8(letter, _mm256_set1_epi8(10));
    let other = _mm256_blendv_epi8(_mm256_set1_epi8(-1), letter, is_letter);
    _mm256_blendv_epi8(other, decimal, is_decimal)
}

/// The 16-bit sums of each pair of nibbles, the first times 16.
#[inline]
#[target_feature(enable = "avx2")]
fn sums(nibbles: __m256i) -> __m256i {
    _mm256_maddubs_epi16(nibbles, _mm256_set1_epi16(0x0110))
}
