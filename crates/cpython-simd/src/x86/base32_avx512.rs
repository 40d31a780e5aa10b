//! Base32 with AVX-512 VBMI.

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;

/// Encodes all of `input` to all of `out`, which has room for exactly its characters.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn encode(input: &[u8], alphabet: &[u8; 32], out: &mut [MaybeUninit<u8>]) {
    // Twice, because of the six bits that the permutation looks at the first may be anything.
    let alphabet = _mm512_broadcast_i64x4(load_256(alphabet));
    let (blocks, end) = input.as_chunks::<40>();
    let (places, end_place) = out.split_at_mut(blocks.len() * 64);
    for (bytes, place) in blocks.iter().zip(places.as_chunks_mut().0) {
        store_512(place, characters(load_up_to_512(bytes), alphabet));
    }
    if !end.is_empty() {
        store_up_to_512(end_place, characters(load_up_to_512(end), alphabet));
    }
}

/// Decodes groups of eight characters until one holds a character that has no value below 32 or is
/// not ASCII, and returns how many groups. `out` has room for all of them.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
pub(crate) fn decode(input: &[u8], values: &[u8; 256], out: &mut [MaybeUninit<u8>]) -> usize {
    let (rows, _) = values.as_chunks();
    let values = (load_512(&rows[0]), load_512(&rows[1]));
    let mut groups = 0;
    for (bytes, places) in input.chunks(64).zip(out.chunks_mut(40)) {
        let quintets = quintets(load_up_to_512(bytes), values);
        // The first character refused or missing ends the groups that are whole.
        let refused = _mm512_test_epi8_mask(quintets, _mm512_set1_epi8(0xe0_u8.cast_signed()))
            | !first_bits(bytes.len());
        let whole = refused.trailing_zeros() as usize / 8;
        let Some(places) = places.get_mut(..whole * 5) else { break };
        store_up_to_512(places, octets(quintets));
        groups += whole;
        if refused != 0 {
            break;
        }
    }
    groups
}

/// The 64 characters for the first 40 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn characters(bytes: __m512i, alphabet: __m512i) -> __m512i {
    // Each five bytes become a 64-bit number with the first one on top, in which each of the eight
    // quintets is a run of bits; the multishift takes eight bits from there.
    let spread = _mm512_permutexvar_epi8(load_512(&SPREAD), bytes);
    let quintets = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(QUINTETS), spread);
    _mm512_permutexvar_epi8(quintets, alphabet)
}

/// The value of each character, or 32 and more.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn quintets(characters: __m512i, values: (__m512i, __m512i)) -> __m512i {
    let quintets = _mm512_permutex2var_epi8(values.0, characters, values.1);
    // The permutation ignores bit 7: value | (character & 0x80).
    _mm512_ternarylogic_epi64::<0xf8>(quintets, characters, _mm512_set1_epi8(i8::MIN))
}

/// The 40 bytes for 64 quintets.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn octets(quintets: __m512i) -> __m512i {
    // Two quintets to 10 bits, two of those to 20, then two of those to 40, whose five bytes are
    // put in order; what is above them does not matter.
    let pairs = _mm512_maddubs_epi16(quintets, _mm512_set1_epi16(0x0120));
    let fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_0400));
    let eights = _mm512_or_si512(_mm512_slli_epi64::<20>(fours), _mm512_srli_epi64::<32>(fours));
    _mm512_permutexvar_epi8(load_512(&GATHER), eights)
}

/// Which byte of the input goes to each byte of [`characters`]' spread.
static SPREAD: [u8; 64] = {
    let mut from = [0; 64];
    let mut to = 0;
    while to < 64 {
        let (group, byte) = (to / 8, to % 8);
        from[to] = if byte < 5 { (group * 5 + 4 - byte) as u8 } else { 0 };
        to += 1;
    }
    from
};

/// Where the eight quintets of a 40-bit number start, lowest byte first: bits 35, 30 and so on.
const QUINTETS: i64 = 0x0005_0a0f_1419_1e23;

/// Which byte of the 40-bit numbers goes to each byte of the output.
static GATHER: [u8; 64] = {
    let mut from = [0; 64];
    let mut to = 0;
    while to < 40 {
        from[to] = (to / 5 * 8 + 4 - to % 5) as u8;
        to += 1;
    }
    from
};
