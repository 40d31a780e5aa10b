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
    if !end.is_empty() {
        store_up_to_512(end_place, characters(load_up_to_512(end), alphabet));
    }
}

/// Decodes groups of four characters until one holds a character that has no value below 64, or,
/// if `lenient`, none below 128; returns how many characters it took and how many groups they make.
/// `out` has room for a quarter as many groups as there are characters. Only ASCII characters have
/// values.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]
pub(crate) fn decode(
    input: &[u8],
    values: &[u8; 256],
    lenient: bool,
    out: &mut [MaybeUninit<u8>],
) -> (usize, usize) {
    let (rows, _) = values.as_chunks();
    let values = (load_512(&rows[0]), load_512(&rows[1]));
    let groups = decode_groups(input, values, out);
    let (rest, place) = (&input[groups * 4..], &mut out[groups * 3..]);
    if !lenient || rest.len() < 4 * 64 {
        return (groups * 4, groups);
    }
    let (taken, more) = decode_among_others(rest, values, place);
    (groups * 4 + taken, groups + more)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
fn decode_groups(input: &[u8], values: (__m512i, __m512i), out: &mut [MaybeUninit<u8>]) -> usize {
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
        let Some(places) = places.get_mut(..whole * 3) else { break };
        store_up_to_512(places, octets(sextets));
        groups += whole;
        if refused != 0 {
            break;
        }
    }
    groups
}

/// Decodes characters among others whose value has bit 6 set, in blocks of 64, until one holds
/// yet another character; returns as [`decode`] does.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")]
fn decode_among_others(
    input: &[u8],
    values: (__m512i, __m512i),
    out: &mut [MaybeUninit<u8>],
) -> (usize, usize) {
    // The values are gathered without gaps, and decoded when there are enough of them.
    let mut gathered = [0; 1024 + 64];
    let mut count = 0;
    let mut groups = 0;
    let mut taken = 0;
    for block in input.as_chunks().0 {
        let block = sextets(load_512(block), values);
        let Some(place) = gathered[count..].first_chunk_mut() else { break };
        if _mm512_movepi8_mask(block) != 0 {
            break;
        }
        let kept = _mm512_testn_epi8_mask(block, _mm512_set1_epi8(64));
        *place = bytes_512(_mm512_maskz_compress_epi8(kept, block));
        count += kept.count_ones() as usize;
        taken += 64;
        if count >= 1024 {
            let places = out[groups * 3..].as_chunks_mut().0;
            for (block, place) in gathered.as_chunks().0.iter().zip(places).take(16) {
                store_384(place, octets(load_512(block)));
                groups += 16;
            }
            gathered.copy_within(1024.., 0);
            count -= 1024;
        }
    }
    let whole = &gathered[..count / 4 * 4];
    for (block, places) in whole.chunks(64).zip(out[groups * 3..].chunks_mut(48)) {
        let Some(places) = places.get_mut(..block.len() / 4 * 3) else { break };
        store_up_to_512(places, octets(load_up_to_512(block)));
        groups += block.len() / 4;
    }
    // The characters of a group that is not whole are given back, with what is among them.
    let mut left_over = count % 4;
    while left_over > 0 && taken > 0 {
        taken -= 1;
        let character = _mm512_set1_epi8(input[taken].cast_signed());
        left_over -= usize::from(refused(sextets(character, values)) == 0);
    }
    (taken, groups)
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
