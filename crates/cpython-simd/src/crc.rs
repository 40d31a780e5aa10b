//! Cyclic redundancy checks: CRC-32 (ISO-HDLC) and CRC-16 (XMODEM, called hqx after BinHex).
//!
//! A message is a polynomial over two elements, one bit a coefficient, and its check is the
//! remainder when it is divided by a fixed one. Long messages are first *folded*: a block far
//! from the end is replaced by a short one that leaves the same remainder nearer to it.

use crate::level::{Level, Name};
#[cfg(target_arch = "x86_64")]
use crate::x86::crc_fold;

/// Continues the CRC-32 `crc` over `data`; start with 0.
///
/// # Examples
///
/// ```
/// let crc = cpython_simd::crc::crc32(b"12345", 0);
/// assert_eq!(cpython_simd::crc::crc32(b"6789", crc), 0xcbf4_3926);
/// ```
#[inline]
pub fn crc32(data: &[u8], crc: u32) -> u32 {
    crc32_at(Level::current(), data, crc)
}

/// [`crc32`] with the instructions of `level`.
#[inline]
pub fn crc32_at(level: Level, data: &[u8], crc: u32) -> u32 {
    // The message starts with ones and the check is written with all bits flipped.
    !remainder_at(level, data, Iso(!crc)).0
}

/// Continues the CRC-16 `crc` over `data`.
///
/// # Examples
///
/// ```
/// assert_eq!(cpython_simd::crc::crc_hqx(b"123456789", 0), 0x31c3);
/// ```
#[inline]
pub fn crc_hqx(data: &[u8], crc: u16) -> u16 {
    crc_hqx_at(Level::current(), data, crc)
}

/// [`crc_hqx`] with the instructions of `level`.
#[inline]
pub fn crc_hqx_at(level: Level, data: &[u8], crc: u16) -> u16 {
    remainder_at(level, data, Hqx(crc)).0
}

/// What is left of the message so far, as bits to be added to the start of what follows.
pub(crate) trait Remainder: Copy + Default {
    /// Whether the highest coefficient is in the highest bit of each byte, and not in the lowest.
    const HIGH_BIT_FIRST: bool;
    /// The divisor.
    const DIVISOR: Divisor;
    /// The remainder as the first bytes of 16.
    fn bytes(self) -> [u8; 16];
    /// The remainder after one more byte.
    fn after_byte(self, byte: u8) -> Self;
    /// The remainder after these bytes, when nothing is left of those before.
    fn of_block(block: &[u8; 16]) -> Self;
    /// The remainder after the longest start of `data` that is worth another way, and what is left
    /// to do.
    #[inline]
    fn after_start(self, data: &[u8]) -> (Self, &[u8]) {
        (self, data)
    }
}

/// A polynomial of degree `degree`; `low` are its other coefficients.
pub(crate) struct Divisor {
    degree: u32,
    low: u32,
}

impl Divisor {
    /// What folding a block of 128 bits over `distance` bits multiplies its first half by and its
    /// second half: the remainders of the powers of x by which they move.
    pub(crate) const fn fold_factors(&self, distance: u32, high_bit_first: bool) -> [u64; 2] {
        if high_bit_first {
            [self.power(distance + 64), self.power(distance)]
        } else {
            // The product of two mirrored numbers is mirrored and one bit off.
            let (first, second) = (self.power(distance + 63), self.power(distance - 1));
            [first.reverse_bits(), second.reverse_bits()]
        }
    }

    /// The remainder of x to the power of `exponent`.
    const fn power(&self, exponent: u32) -> u64 {
        let mut remainder: u64 = 1;
        let mut n = 0;
        while n < exponent {
            remainder <<= 1;
            if remainder >> self.degree != 0 {
                remainder ^= 1 << self.degree | self.low as u64;
            }
            n += 1;
        }
        remainder
    }
}

#[inline]
fn remainder_at<R: Remainder>(level: Level, data: &[u8], remainder: R) -> R {
    match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 if data.len() >= 256 => unsafe { crc_fold::remainder_512(data, remainder) },
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 | Name::Avx2 if data.len() >= 64 => unsafe {
            crc_fold::remainder_128(data, remainder)
        },
        _ => remainder_scalar(data, remainder),
    }
}

#[inline]
pub(crate) fn remainder_scalar<R: Remainder>(data: &[u8], remainder: R) -> R {
    let (mut remainder, rest) = remainder.after_start(data);
    let (blocks, end) = rest.as_chunks::<16>();
    for block in blocks {
        let before = u128::from_ne_bytes(remainder.bytes());
        remainder = R::of_block(&(u128::from_ne_bytes(*block) ^ before).to_ne_bytes());
    }
    end.iter().fold(remainder, |remainder, &byte| remainder.after_byte(byte))
}

/// The remainder of CRC-32.
#[derive(Clone, Copy, Default)]
struct Iso(u32);

impl Remainder for Iso {
    const HIGH_BIT_FIRST: bool = false;
    const DIVISOR: Divisor = Divisor { degree: 32, low: 0x04c1_1db7 };

    #[inline]
    fn bytes(self) -> [u8; 16] {
        u128::from(self.0).to_le_bytes()
    }

    #[inline]
    fn after_byte(self, byte: u8) -> Self {
        let [first, ..] = self.0.to_le_bytes();
        Self(self.0 >> 8 ^ ISO_BYTES[0][usize::from(first ^ byte)])
    }

    #[inline]
    fn of_block(block: &[u8; 16]) -> Self {
        let mut sum = 0;
        for (table, &byte) in ISO_BYTES.iter().rev().zip(block) {
            sum ^= table[usize::from(byte)];
        }
        Self(sum)
    }

    /// Words are taken in turn by several remainders, so that none waits for another: each is that
    /// of every fifth word, carried over the four words in between.
    #[inline]
    fn after_start(self, data: &[u8]) -> (Self, &[u8]) {
        let (rows, _) = data.as_chunks::<{ BRAIDS * 8 }>();
        let Some((last, rows)) = rows.split_last() else { return (self, data) };
        let mut braids = [0; BRAIDS];
        braids[0] = self.0;
        for row in rows {
            for (remainder, word) in braids.iter_mut().zip(row.as_chunks().0) {
                *remainder = sum_of_word(*remainder, word, &ISO_FAR_BYTES);
            }
        }
        let near = ISO_BYTES.first_chunk().unwrap_or(&ISO_FAR_BYTES);
        let whole = braids
            .iter()
            .zip(last.as_chunks().0)
            .fold(0, |sum, (&remainder, word)| sum_of_word(sum ^ remainder, word, near));
        (Self(whole), &data[(rows.len() + 1) * BRAIDS * 8..])
    }
}

/// The remainder of a word to whose start an earlier one is added, by the tables for as many zero
/// bytes as follow its last byte, one more, and so on.
#[inline(always)]
fn sum_of_word(earlier: u32, word: &[u8; 8], tables: &[[u32; 256]; 8]) -> u32 {
    let word = u64::from_le_bytes(*word) ^ u64::from(earlier);
    let parts = word.to_le_bytes().into_iter().zip(tables.iter().rev());
    parts.fold(0, |sum, (byte, table)| sum ^ table[usize::from(byte)])
}

/// How many remainders take turns in [`Iso`]'s `after_start`.
const BRAIDS: usize = 5;

/// The remainder of CRC-16.
#[derive(Clone, Copy, Default)]
struct Hqx(u16);

impl Remainder for Hqx {
    const HIGH_BIT_FIRST: bool = true;
    const DIVISOR: Divisor = Divisor { degree: 16, low: 0x1021 };

    #[inline]
    fn bytes(self) -> [u8; 16] {
        u128::from(self.0.swap_bytes()).to_le_bytes()
    }

    #[inline]
    fn after_byte(self, byte: u8) -> Self {
        let [first, _] = self.0.to_be_bytes();
        Self(self.0 << 8 ^ HQX_BYTES[0][usize::from(first ^ byte)])
    }

    #[inline]
    fn of_block(block: &[u8; 16]) -> Self {
        let mut sum = 0;
        for (table, &byte) in HQX_BYTES.iter().rev().zip(block) {
            sum ^= table[usize::from(byte)];
        }
        Self(sum)
    }
}

/// The remainder of each byte followed by 0 to 15 zero bytes.
static ISO_BYTES: [[u32; 256]; 16] = iso_bytes(0);

/// The same, followed by the four words of the other remainders, too.
static ISO_FAR_BYTES: [[u32; 256]; 8] = iso_bytes((BRAIDS - 1) * 8);

/// The remainder of each byte followed by `first` zero bytes, one more, and so on.
const fn iso_bytes<const N: usize>(first: usize) -> [[u32; 256]; N] {
    let mut tables = [[0; 256]; N];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = byte as u32;
        let mut zeros = 0;
        while zeros < first + N {
            let mut bit = 0;
            while bit < 8 {
                let divisor = Iso::DIVISOR.low.reverse_bits();
                remainder = remainder >> 1 ^ if remainder & 1 != 0 { divisor } else { 0 };
                bit += 1;
            }
            if zeros >= first {
                tables[zeros - first][byte] = remainder;
            }
            zeros += 1;
        }
        byte += 1;
    }
    tables
}

/// The remainder of each byte followed by 0 to 15 zero bytes.
static HQX_BYTES: [[u16; 256]; 16] = {
    let mut tables = [[0; 256]; 16];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = (byte as u16) << 8;
        let mut zeros = 0;
        while zeros < 16 {
            let mut bit = 0;
            while bit < 8 {
                let divisor = Hqx::DIVISOR.low as u16;
                remainder = remainder << 1 ^ if remainder >> 15 != 0 { divisor } else { 0 };
                bit += 1;
            }
            tables[zeros][byte] = remainder;
            zeros += 1;
        }
        byte += 1;
    }
    tables
};
