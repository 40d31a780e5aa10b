//! Base64 in any alphabet (RFC 4648 section 4): whole groups, without padding and line ends.

use std::mem::MaybeUninit;

use crate::level::{Level, Name};
use crate::sink::{Full, Sink};
#[cfg(target_arch = "x86_64")]
use crate::x86::{base64_avx2, base64_avx512};

/// How many characters [`encode`] makes of `len` bytes.
#[inline]
pub const fn encoded_len(len: usize) -> usize {
    (len / 3).saturating_mul(4).saturating_add((len % 3 * 4).div_ceil(3))
}

/// Appends the characters for all of `input`, without padding.
///
/// # Errors
///
/// [`Full`] when they do not fit; then none is written.
///
/// # Examples
///
/// ```
/// use cpython_simd::{Sink, base64};
///
/// let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// let mut memory = [std::mem::MaybeUninit::uninit(); 8];
/// let mut sink = Sink::new(&mut memory);
/// base64::encode(b"room", alphabet, &mut sink)?;
/// assert_eq!(sink.filled(), b"cm9vbQ");
/// # Ok::<(), cpython_simd::Full>(())
/// ```
#[inline]
pub fn encode(input: &[u8], alphabet: &[u8; 64], out: &mut Sink) -> Result<(), Full> {
    encode_at(Level::current(), input, alphabet, out)
}

/// [`encode`] with the instructions of `level`.
///
/// # Errors
///
/// [`Full`] as for [`encode`].
#[inline]
pub fn encode_at(
    level: Level,
    input: &[u8],
    alphabet: &[u8; 64],
    out: &mut Sink,
) -> Result<(), Full> {
    let len = encoded_len(input.len());
    let place = out.spare().get_mut(..len).ok_or(Full)?;
    match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 => unsafe { base64_avx512::encode(input, alphabet, place) },
        #[cfg(target_arch = "x86_64")]
        Name::Avx2 if input.len() >= 28 => {
            // SAFETY: a level is proof that the CPU has its instructions.
            let groups = unsafe { base64_avx2::encode(input, alphabet, place) };
            encode_scalar(&input[groups * 3..], alphabet, &mut place[groups * 4..]);
        }
        _ => encode_scalar(input, alphabet, place),
    }
    // SAFETY: each kernel writes all characters of the input, that is, all `len` bytes of `place`.
    unsafe { out.advance(len) };
    Ok(())
}

/// Which value each byte stands for.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct ReverseTable {
    /// Below 64 for the characters of the alphabet, [`PASSED_OVER`], or 255.
    values: [u8; 256],
    /// Never a character and never passed over.
    pad: u8,
    /// Whether all characters are ASCII from the space on, as the vector kernels want them.
    printable: bool,
    /// Whether anything may be passed over.
    lenient: bool,
}

/// Stands for a byte that is not of the alphabet and does not matter.
const PASSED_OVER: u8 = 64;

impl ReverseTable {
    /// The table that undoes `alphabet`. Of a character that occurs twice the last counts, and
    /// `pad` is never a character.
    #[inline]
    pub const fn new(alphabet: &[u8; 64], pad: u8) -> Self {
        let mut values = [u8::MAX; 256];
        let mut value = 0;
        while value < 64 {
            values[alphabet[value] as usize] = value as u8;
            value += 1;
        }
        values[pad as usize] = u8::MAX;
        let mut printable = true;
        value = 0;
        while value < 64 {
            printable &= alphabet[value] >= b' ' && alphabet[value] < 0x80;
            value += 1;
        }
        Self { values, pad, printable, lenient: false }
    }

    /// Lets decoders pass over `byte`, unless it is of the alphabet or the pad.
    #[inline]
    #[must_use]
    pub const fn passing_over(mut self, byte: u8) -> Self {
        if self.values[byte as usize] >= 64 && byte != self.pad {
            self.values[byte as usize] = PASSED_OVER;
            self.lenient = true;
        }
        self
    }

    /// Lets decoders pass over all bytes that are not of the alphabet and not the pad.
    #[must_use]
    pub const fn passing_over_others(mut self) -> Self {
        let mut byte = 0;
        while byte < 256 {
            self = self.passing_over(byte as u8);
            byte += 1;
        }
        self
    }

    /// The value of `character`, 0 to 63, or `None` when it is not of the alphabet.
    #[inline]
    pub fn value(&self, character: u8) -> Option<u8> {
        let value = self.values[usize::from(character)];
        (value < 64).then_some(value)
    }
}

/// Appends the bytes for groups of four characters from the start of `input`, until a group holds
/// another character, is not whole, or does not fit; returns how many characters that took.
///
/// What the table lets it pass over may be among these, but it may also stop there: not all levels
/// have an instruction for it, and the end of the input is not worth the effort.
///
/// # Examples
///
/// ```
/// use cpython_simd::{Sink, base64};
///
/// let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// let table = base64::ReverseTable::new(alphabet, b'=');
/// let mut memory = [std::mem::MaybeUninit::uninit(); 8];
/// let mut sink = Sink::new(&mut memory);
/// assert_eq!(base64::decode_prefix(b"cm9vbQ==", &table, &mut sink), 4);
/// assert_eq!(sink.filled(), b"roo");
/// ```
#[inline]
pub fn decode_prefix(input: &[u8], table: &ReverseTable, out: &mut Sink) -> usize {
    decode_prefix_at(Level::current(), input, table, out)
}

/// [`decode_prefix`] with the instructions of `level`.
#[inline]
pub fn decode_prefix_at(level: Level, input: &[u8], table: &ReverseTable, out: &mut Sink) -> usize {
    let groups = (input.len() / 4).min(out.remaining() / 3);
    let (input, place) = (&input[..groups * 4], &mut out.spare()[..groups * 3]);
    let (taken, groups) = match level.0 {
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 if table.printable => {
            // SAFETY: a level is proof that the CPU has its instructions.
            unsafe { base64_avx512::decode(input, &table.values, table.lenient, place) }
        }
        #[cfg(target_arch = "x86_64")]
        Name::Avx2 if table.printable && groups >= 8 => {
            // SAFETY: a level is proof that the CPU has its instructions.
            let groups = unsafe { base64_avx2::decode(input, &table.values, place) };
            let (input, place) = (&input[groups * 4..], &mut place[groups * 3..]);
            let groups = groups + decode_scalar(input, &table.values, place);
            (groups * 4, groups)
        }
        _ => {
            let groups = decode_scalar(input, &table.values, place);
            (groups * 4, groups)
        }
    };
    // SAFETY: each kernel writes the three bytes of each group it counts.
    unsafe { out.advance(groups * 3) };
    taken
}

fn encode_scalar(input: &[u8], alphabet: &[u8; 64], out: &mut [MaybeUninit<u8>]) {
    // Two groups at a time, in one register; two characters at a time when that many come that
    // looking them all up beforehand pays.
    let (pairs, end) = input.as_chunks();
    let (places, end_place) = out.split_at_mut(pairs.len() * 8);
    let groups = pairs.iter().zip(places.as_chunks_mut::<8>().0);
    let bits = |&[a, b, c, d, e, f]: &[u8; 6]| u64::from_be_bytes([a, b, c, d, e, f, 0, 0]);
    if input.len() < 1 << 15 {
        for (pair, place) in groups {
            let bits = bits(pair);
            for (index, place) in place.iter_mut().enumerate() {
                place.write(alphabet[(bits >> (58 - index * 6)) as usize & 63]);
            }
        }
    } else {
        let two = two_characters(alphabet);
        for (pair, place) in groups {
            let bits = bits(pair);
            for (index, place) in place.as_chunks_mut().0.iter_mut().enumerate() {
                *place = two[(bits >> (52 - index * 12)) as usize & 4095].map(MaybeUninit::new);
            }
        }
    }
    for (bytes, places) in end.chunks(3).zip(end_place.chunks_mut(4)) {
        let byte = |index| bytes.get(index).copied().unwrap_or(0);
        let bits = u32::from_be_bytes([byte(0), byte(1), byte(2), 0]);
        for (index, place) in places.iter_mut().enumerate() {
            place.write(alphabet[(bits >> (26 - index * 6)) as usize & 63]);
        }
    }
}

/// The two characters for each twelve bits.
fn two_characters(alphabet: &[u8; 64]) -> [[u8; 2]; 4096] {
    std::array::from_fn(|bits| [alphabet[bits >> 6], alphabet[bits & 63]])
}

fn decode_scalar(input: &[u8], values: &[u8; 256], out: &mut [MaybeUninit<u8>]) -> usize {
    // Two groups at a time, in one register.
    let mut done = 0;
    for (characters, place) in input.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        let Some([_, _, bytes @ ..]) = joined::<8>(characters, values) else { break };
        *place = bytes.map(MaybeUninit::new);
        done += 2;
    }
    for (characters, place) in
        input[done * 4..].as_chunks().0.iter().zip(out[done * 3..].as_chunks_mut().0)
    {
        let Some([_, _, _, _, _, bytes @ ..]) = joined::<4>(characters, values) else { break };
        *place = bytes.map(MaybeUninit::new);
        done += 1;
    }
    done
}

/// The values of `N` characters one after the other in the low bits of a big-endian number, or
/// `None` when one has no value.
#[inline(always)]
fn joined<const N: usize>(characters: &[u8; N], values: &[u8; 256]) -> Option<[u8; 8]> {
    let (mut bits, mut all) = (0, 0);
    for &character in characters {
        let value = values[usize::from(character)];
        all |= value;
        bits = bits << 6 | u64::from(value);
    }
    (all < 64).then_some(bits.to_be_bytes())
}
