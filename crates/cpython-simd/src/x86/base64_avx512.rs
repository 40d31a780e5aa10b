//! Base64 with AVX-512 VBMI, whose byte permutations look up a whole alphabet at once.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;

/// Encodes all of `input` to all of `out`, which has room for exactly its characters.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn encode(input: &[u8], alphabet: &[u8; 64], out: &mut [MaybeUninit<u8>]) {
    let alphabet = load_512(alphabet);
    let (blocks, end) = input.as_chunks();
    let (places, end_place) = out.split_at_mut(blocks.len() * 64);
    for (bytes, place) in blocks.iter().zip(places.as_chunks_mut().0) {
        store_512(place, characters(load_384(bytes), alphabet));
    }
    store_up_to_512(end_place, characters(load_up_to_512(end), alphabet));
}

/// Decodes groups of four characters until one holds a character that is in no alphabet, and
/// returns how many groups; `out` has room for all of them. `values` gives the value of each
/// ASCII character, or 64 and more.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn decode(input: &[u8], values: &[[u8; 64]; 2], out: &mut [MaybeUninit<u8>]) -> usize {
    let values = (load_512(&values[0]), load_512(&values[1]));
    let mut groups = 0;
    for (bytes, places) in input.as_chunks::<256>().0.iter().zip(out.as_chunks_mut::<192>().0) {
        let mut blocks = [_mm512_setzero_si512(); 4];
        let mut all = _mm512_setzero_si512();
        for (block, bytes) in blocks.iter_mut().zip(bytes.as_chunks().0) {
            *block = sextets(load_512(bytes), values);
            all = _mm512_or_si512(all, *block);
        }
        if refused(all) != 0 {
            break;
        }
        for (block, place) in blocks.into_iter().zip(places.as_chunks_mut().0) {
            store_384(place, octets(block));
        }
        groups += 64;
    }
    for (bytes, places) in input[groups * 4..].chunks(64).zip(out[groups * 3..].chunks_mut(48)) {
        let sextets = sextets(load_up_to_512(bytes), values);
        // The first character refused or missing ends the groups that are whole.
        let refused = refused(sextets) | !first_bits(bytes.len());
        let whole = refused.trailing_zeros() as usize / 4;
        store_up_to_512(places.get_mut(..whole * 3).unwrap_or_default(), octets(sextets));
        groups += whole;
        if refused != 0 {
            break;
        }
    }
    groups
}

/// The 64 characters for the first 48 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn characters(bytes: __m512i, alphabet: __m512i) -> __m512i {
    // Each three bytes a, b, c become the 32-bit number b c a b, in which each of the four sextets
    // is a run of bits; the multishift takes eight bits from there, the permutation ignores two.
    let spread = _mm512_permutexvar_epi8(load_512(&SPREAD), bytes);
    let sextets = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(SEXTETS), spread);
    _mm512_permutexvar_epi8(sextets, alphabet)
}

/// The value of each character, with bit 6 or 7 set when it has none.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn sextets(characters: __m512i, values: (__m512i, __m512i)) -> __m512i {
    let sextets = _mm512_permutex2var_epi8(values.0, characters, values.1);
    // The permutation ignores bit 7: value | (character & 0x80).
    _mm512_ternarylogic_epi64::<0xf8>(sextets, characters, _mm512_set1_epi8(i8::MIN))
}

/// A bit for each byte that is not a sextet.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn refused(sextets: __m512i) -> u64 {
    _mm512_test_epi8_mask(sextets, _mm512_set1_epi8(0xc0_u8.cast_signed()))
}

/// The 48 bytes for 64 sextets.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn octets(sextets: __m512i) -> __m512i {
    // Two sextets to 12 bits, two of those to 24, then the three bytes of each 32 in order.
    let pairs = _mm512_maddubs_epi16(sextets, _mm512_set1_epi32(0x0140_0140));
    let fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_1000));
    _mm512_permutexvar_epi8(load_512(&GATHER), fours)
}

/// Which byte of the input goes to each byte of [`characters`]' spread.
static SPREAD: [u8; 64] = {
    let mut from = [0; 64];
    let mut group = 0;
    while group < 16 {
        let first = group as u8 * 3;
        from[group * 4] = first + 1;
        from[group * 4 + 1] = first;
        from[group * 4 + 2] = first + 2;
        from[group * 4 + 3] = first + 1;
        group += 1;
    }
    from
};

/// Where the eight sextets of a 64-bit number start, lowest byte first: bits 10, 4, 22, 16 and the
/// same 32 higher.
const SEXTETS: i64 = 0x3036_242a_1016_040a;

/// Which byte of the 24-bit numbers goes to each byte of the output.
static GATHER: [u8; 64] = {
    let mut from = [0; 64];
    let mut to = 0;
    while to < 48 {
        from[to] = (to / 3 * 4 + 2 - to % 3) as u8;
        to += 1;
    }
    from
};
