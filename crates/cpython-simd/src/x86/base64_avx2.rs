//! Base64 with AVX2, for every alphabet of printable ASCII characters.

use std::arch::asm;
use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::memory::*;

/// Encodes groups of three bytes, eight at a time, and returns how many. `out` has room for them.
#[target_feature(enable = "avx2")]
pub(crate) fn encode(input: &[u8], alphabet: &[u8; 64], out: &mut [MaybeUninit<u8>]) -> usize {
    let Some(rows) = alphabet.as_chunks().0.first_chunk::<4>() else { return 0 };
    let table = Table::new(rows, 0, 0);
    let mut done = 0;
    for (bytes, place) in input.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        store_256(place, characters(bytes, &table));
        done += 8;
    }
    done
}

/// Decodes groups of four characters from the start of `input`, until one holds a character that
/// is in no alphabet or the end is near, and returns how many. `values` gives the value of each
/// character, all of them ASCII from the space on, or 64 and more.
#[target_feature(enable = "avx2")]
pub(crate) fn decode(input: &[u8], values: &[u8; 256], out: &mut [MaybeUninit<u8>]) -> usize {
    let Some(rows) = values[32..].as_chunks().0.first_chunk::<6>() else { return 0 };
    let table = Table::new(rows, b' '.cast_signed(), -1);
    let mut done = 0;
    for (bytes, place) in input.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        let sextets = table.lookup(load_256(bytes));
        if _mm256_testz_si256(sextets, _mm256_set1_epi8(0xc0_u8.cast_signed())) == 0 {
            break;
        }
        store_192(place, octets(sextets));
        done += 8;
    }
    done
}

/// The 32 characters for 24 bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn characters(bytes: &[u8; 24], alphabet: &Table<4>) -> __m256i {
    let bytes = load_192(bytes);
    // Each three bytes a, b, c become the 16-bit numbers a b and b c; multiplying shifts each by
    // its own distance.
    let spread = _mm256_shuffle_epi8(bytes, load_256(&SPREAD));
    let first = _mm256_and_si256(spread, _mm256_set1_epi32(0x0fc0_fc00));
    let first = product_high(first, _mm256_set1_epi32(0x0400_0040));
    let second = _mm256_and_si256(spread, _mm256_set1_epi32(0x003f_03f0));
    let second = product_low(second, _mm256_set1_epi32(0x0100_0010));
    let sextets = _mm256_or_si256(first, second);
    alphabet.lookup(sextets)
}

/// The 24 bytes for 32 sextets.
#[inline]
#[target_feature(enable = "avx2")]
fn octets(sextets: __m256i) -> __m256i {
    let pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x0140_0140));
    let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_1000));
    let twelves = _mm256_shuffle_epi8(fours, both(&GATHER));
    _mm256_permutevar8x32_epi32(twelves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7))
}

/// A table of `N` rows of 16 bytes, for the bytes from `first` on.
struct Table<const N: usize> {
    /// What each row adds to the row before it.
    steps: [__m256i; N],
    /// The first byte of the first row.
    first: i8,
    /// What bytes before that one give, and those that are not ASCII.
    before: i8,
}

impl<const N: usize> Table<N> {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new(rows: &[[u8; 16]; N], first: i8, before: i8) -> Self {
        let mut steps = [_mm256_set1_epi8(before); N];
        let mut last = steps[0];
        for (step, row) in steps.iter_mut().zip(rows) {
            let row = both(row);
            *step = _mm256_xor_si256(row, last);
            last = row;
        }
        Self { steps, first, before }
    }

    /// Looks up each byte; all ASCII bytes after the first are in the table.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn lookup(&self, bytes: __m256i) -> __m256i {
        // A shuffle gives zero where the index is negative, and else looks at its low four bits.
        // So a row takes part for the bytes from its own first one on, and as the rows hold
        // differences, the last row that takes part decides.
        let mut values = _mm256_set1_epi8(self.before);
        for (row, &step) in self.steps.iter().enumerate() {
            let first = _mm256_set1_epi8(self.first + row as i8 * 16);
            let index = _mm256_subs_epi8(bytes, first);
            values = _mm256_xor_si256(values, _mm256_shuffle_epi8(step, index));
        }
        values
    }
}

/// The high halves of the products of 16-bit numbers.
#[inline]
#[target_feature(enable = "avx2")]
fn product_high(a: __m256i, b: __m256i) -> __m256i {
    let product;
    // SAFETY: one instruction of AVX2, from registers to a register. (The compiler's own intrinsic
    // becomes five slower instructions when `b` is a constant.)
    unsafe {
        asm!("vpmulhuw {product}, {a}, {b}", product = lateout(ymm_reg) product,
            a = in(ymm_reg) a, b = in(ymm_reg) b, options(pure, nomem, nostack, preserves_flags));
    }
    product
}

/// The low halves of the products of 16-bit numbers.
#[inline]
#[target_feature(enable = "avx2")]
fn product_low(a: __m256i, b: __m256i) -> __m256i {
    let product;
    // SAFETY: as in `product_high`.
    unsafe {
        asm!("vpmullw {product}, {a}, {b}", product = lateout(ymm_reg) product,
            a = in(ymm_reg) a, b = in(ymm_reg) b, options(pure, nomem, nostack, preserves_flags));
    }
    product
}

/// The same 16 bytes in both halves.
#[inline]
#[target_feature(enable = "avx2")]
fn both(bytes: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load_128(bytes))
}

/// Which byte of its half goes to each byte of [`characters`]' spread: the low half uses its first
/// twelve bytes, the high half its last twelve.
static SPREAD: [u8; 32] = [
    1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, //
    5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14,
];

/// Which byte of four 24-bit numbers goes to each byte of the output.
static GATHER: [u8; 16] = [2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 7, 11, 15];
