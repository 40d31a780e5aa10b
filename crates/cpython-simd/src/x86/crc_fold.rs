//! Folding of long messages with carry-less multiplication, down to 16 bytes and an end that the
//! tables do.

use std::arch::x86_64::*;

use super::memory::*;
use crate::crc::{Remainder, remainder_scalar};

/// The remainder after `data`, with 64 bytes at a time in 16-byte registers.
#[target_feature(enable = "avx2,pclmulqdq")]
pub(crate) fn remainder_128<R: Remainder>(data: &[u8], remainder: R) -> R {
    let (blocks, end) = data.as_chunks::<64>();
    let Some((first, blocks)) = blocks.split_first() else {
        return remainder_scalar(data, remainder);
    };
    let mut lanes = lanes::<R>(first);
    lanes[0] = _mm_xor_si128(lanes[0], in_order::<R>(load_128(&remainder.bytes())));
    let factors = factors_128(const { factors::<R>(512) });
    for block in blocks {
        for (lane, next) in lanes.iter_mut().zip(self::lanes::<R>(block)) {
            *lane = folded_128(*lane, factors, next);
        }
    }
    finish::<R>(lanes, end)
}

/// The remainder after `data`, with 256 bytes at a time in 64-byte registers.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,pclmulqdq,vpclmulqdq")]
pub(crate) fn remainder_512<R: Remainder>(data: &[u8], remainder: R) -> R {
    let (blocks, end) = data.as_chunks::<256>();
    let (end_blocks, end) = end.as_chunks::<64>();
    let Some((first, blocks)) = blocks.split_first() else {
        return remainder_scalar(data, remainder);
    };
    let [mut a, mut b, mut c, mut d] = wide_lanes::<R>(first);
    let before = in_order_512::<R>(_mm512_zextsi128_si512(load_128(&remainder.bytes())));
    a = _mm512_xor_si512(a, before);
    let far = factors_512(const { factors::<R>(2048) });
    for block in blocks {
        let next = wide_lanes::<R>(block);
        a = folded_512(a, far, next[0]);
        b = folded_512(b, far, next[1]);
        c = folded_512(c, far, next[2]);
        d = folded_512(d, far, next[3]);
    }
    let near = factors_512(const { factors::<R>(512) });
    let mut sum = folded_512(folded_512(folded_512(a, near, b), near, c), near, d);
    for block in end_blocks {
        sum = folded_512(sum, near, in_order_512::<R>(load_512(block)));
    }
    let lanes = [
        _mm512_castsi512_si128(sum),
        _mm512_extracti32x4_epi32::<1>(sum),
        _mm512_extracti32x4_epi32::<2>(sum),
        _mm512_extracti32x4_epi32::<3>(sum),
    ];
    finish::<R>(lanes, end)
}

/// The remainder of four lanes and what follows them.
#[inline]
#[target_feature(enable = "avx2,pclmulqdq")]
fn finish<R: Remainder>([a, b, c, d]: [__m128i; 4], end: &[u8]) -> R {
    let factors = factors_128(const { factors::<R>(128) });
    let mut sum = folded_128(folded_128(folded_128(a, factors, b), factors, c), factors, d);
    let (blocks, end) = end.as_chunks();
    for block in blocks {
        sum = folded_128(sum, factors, in_order::<R>(load_128(block)));
    }
    remainder_scalar(end, R::of_block(&bytes_128(in_order::<R>(sum))))
}

/// The lane moved by the distance that the factors stand for, and added to the one found there.
#[inline]
#[target_feature(enable = "avx2,pclmulqdq")]
fn folded_128(lane: __m128i, factors: __m128i, next: __m128i) -> __m128i {
    let low = _mm_clmulepi64_si128::<0x00>(lane, factors);
    let high = _mm_clmulepi64_si128::<0x11>(lane, factors);
    _mm_xor_si128(_mm_xor_si128(low, high), next)
}

/// [`folded_128`] for four lanes at once.
#[inline]
#[target_feature(enable = "avx512f,vpclmulqdq")]
fn folded_512(lanes: __m512i, factors: __m512i, next: __m512i) -> __m512i {
    let low = _mm512_clmulepi64_epi128::<0x00>(lanes, factors);
    let high = _mm512_clmulepi64_epi128::<0x11>(lanes, factors);
    // low ^ high ^ next
    _mm512_ternarylogic_epi64::<0x96>(low, high, next)
}

#[inline]
#[target_feature(enable = "avx2")]
fn lanes<R: Remainder>(block: &[u8; 64]) -> [__m128i; 4] {
    let (blocks, _) = block.as_chunks();
    [
        in_order::<R>(load_128(&blocks[0])),
        in_order::<R>(load_128(&blocks[1])),
        in_order::<R>(load_128(&blocks[2])),
        in_order::<R>(load_128(&blocks[3])),
    ]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn wide_lanes<R: Remainder>(block: &[u8; 256]) -> [__m512i; 4] {
    let (blocks, _) = block.as_chunks();
    [
        in_order_512::<R>(load_512(&blocks[0])),
        in_order_512::<R>(load_512(&blocks[1])),
        in_order_512::<R>(load_512(&blocks[2])),
        in_order_512::<R>(load_512(&blocks[3])),
    ]
}

/// Bytes as they are in memory to a number whose neighbouring bits are neighbouring coefficients,
/// and back.
#[inline]
#[target_feature(enable = "avx2")]
fn in_order<R: Remainder>(bytes: __m128i) -> __m128i {
    if R::HIGH_BIT_FIRST { _mm_shuffle_epi8(bytes, load_128(&BACKWARDS)) } else { bytes }
}

/// [`in_order`] for four lanes at once.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn in_order_512<R: Remainder>(bytes: __m512i) -> __m512i {
    if R::HIGH_BIT_FIRST {
        _mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(load_128(&BACKWARDS)))
    } else {
        bytes
    }
}

/// The factors for folding over `distance` bits, the one for the low half of a lane first.
const fn factors<R: Remainder>(distance: u32) -> [u64; 2] {
    let [first, second] = R::DIVISOR.fold_factors(distance, R::HIGH_BIT_FIRST);
    if R::HIGH_BIT_FIRST { [second, first] } else { [first, second] }
}

#[inline]
#[target_feature(enable = "avx2")]
fn factors_128([low, high]: [u64; 2]) -> __m128i {
    _mm_set_epi64x(high.cast_signed(), low.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn factors_512(factors: [u64; 2]) -> __m512i {
    _mm512_broadcast_i32x4(factors_128(factors))
}

static BACKWARDS: [u8; 16] = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
