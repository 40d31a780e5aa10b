//! Loads from slices and stores to uninitialised ones, each of exactly as many bytes as it says.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn load_128(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes are read from an array of 16; the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// Bytes 0 to 15 in the low half, bytes 8 to 23 in the high half.
#[inline]
#[target_feature(enable = "avx")]
pub(super) fn load_192(bytes: &[u8; 24]) -> __m256i {
    let start = bytes.as_ptr();
    // SAFETY: both times 16 bytes are read inside an array of 24; the loads need no alignment.
    unsafe { _mm256_loadu2_m128i(start.add(8).cast(), start.cast()) }
}

#[inline]
#[target_feature(enable = "avx")]
pub(super) fn load_256(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: 32 bytes are read from an array of 32; the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn load_512(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are read from an array of 64; the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

/// 48 bytes followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn load_384(bytes: &[u8; 48]) -> __m512i {
    // SAFETY: the mask leaves out all but the first 48 bytes of the array of 48.
    unsafe { _mm512_maskz_loadu_epi8(first_bits(48), bytes.as_ptr().cast()) }
}

/// The first 64 bytes, or all of them followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn load_up_to_512(bytes: &[u8]) -> __m512i {
    // SAFETY: bytes that the mask leaves out are not read, and the mask covers the slice at most.
    unsafe { _mm512_maskz_loadu_epi8(first_bits(bytes.len()), bytes.as_ptr().cast()) }
}

/// The first 32 bytes, or all of them followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
pub(super) fn load_up_to_256(bytes: &[u8]) -> __m256i {
    // SAFETY: bytes that the mask leaves out are not read, and the mask covers the slice at most.
    unsafe { _mm256_maskz_loadu_epi8(first_bits(bytes.len()) as u32, bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn store_128(place: &mut [MaybeUninit<u8>; 16], bytes: __m128i) {
    // SAFETY: 16 bytes are written to an array of 16; the store needs no alignment.
    unsafe { _mm_storeu_si128(place.as_mut_ptr().cast(), bytes) }
}

#[inline]
#[target_feature(enable = "sse4.1")]
pub(super) fn bytes_128(bytes: __m128i) -> [u8; 16] {
    let low = _mm_cvtsi128_si64(bytes).cast_unsigned();
    let high = _mm_extract_epi64::<1>(bytes).cast_unsigned();
    (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn bytes_512(bytes: __m512i) -> [u8; 64] {
    // SAFETY: both are 64 bytes of plain data.
    unsafe { std::mem::transmute(bytes) }
}

/// Writes the first 24 of 32 bytes.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn store_192(place: &mut [MaybeUninit<u8>; 24], bytes: __m256i) {
    let start = place.as_mut_ptr();
    // SAFETY: 16 bytes and then 8 are written to an array of 24; the stores need no alignment.
    unsafe {
        _mm_storeu_si128(start.cast(), _mm256_castsi256_si128(bytes));
        _mm_storel_epi64(start.add(16).cast(), _mm256_extracti128_si256::<1>(bytes));
    }
}

#[inline]
#[target_feature(enable = "avx")]
pub(super) fn store_256(place: &mut [MaybeUninit<u8>; 32], bytes: __m256i) {
    // SAFETY: 32 bytes are written to an array of 32; the store needs no alignment.
    unsafe { _mm256_storeu_si256(place.as_mut_ptr().cast(), bytes) }
}

/// Writes the first 48 of 64 bytes.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn store_384(place: &mut [MaybeUninit<u8>; 48], bytes: __m512i) {
    let start = place.as_mut_ptr();
    // SAFETY: 32 bytes and then 16 are written to an array of 48; the stores need no alignment.
    unsafe {
        _mm256_storeu_si256(start.cast(), _mm512_castsi512_si256(bytes));
        _mm_storeu_si128(start.add(32).cast(), _mm512_extracti32x4_epi32::<2>(bytes));
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn store_512(place: &mut [MaybeUninit<u8>; 64], bytes: __m512i) {
    // SAFETY: 64 bytes are written to an array of 64; the store needs no alignment.
    unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), bytes) }
}

/// Writes to the first 64 places, or to all of them.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn store_up_to_512(place: &mut [MaybeUninit<u8>], bytes: __m512i) {
    // SAFETY: places that the mask leaves out are not written, and the mask covers the slice at
    // most.
    unsafe { _mm512_mask_storeu_epi8(place.as_mut_ptr().cast(), first_bits(place.len()), bytes) }
}

/// Writes to the first 32 places, or to all of them.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
pub(super) fn store_up_to_256(place: &mut [MaybeUninit<u8>], bytes: __m256i) {
    let mask = first_bits(place.len()) as u32;
    // SAFETY: places that the mask leaves out are not written, and the mask covers the slice at
    // most.
    unsafe { _mm256_mask_storeu_epi8(place.as_mut_ptr().cast(), mask, bytes) }
}

/// A mask with the `count` lowest bits set, or all 64.
#[inline]
pub(super) fn first_bits(count: usize) -> u64 {
    if count < 64 { (1 << count) - 1 } else { u64::MAX }
}
