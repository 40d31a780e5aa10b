//! Base32 in any alphabet (RFC 4648 section 6): whole groups, without padding and line ends.

use std::mem::MaybeUninit;

use crate::level::{Level, Name};
use crate::sink::{Full, Sink};
#[cfg(target_arch = "x86_64")]
use crate::x86::base32_avx512;

/// How many characters [`encode`] makes of `len` bytes.
#[inline]
pub const fn encoded_len(len: usize) -> usize {
    (len / 5).saturating_mul(8).saturating_add((len % 5 * 8).div_ceil(5))
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
/// use cpython_simd::{Sink, base32};
///
/// let mut memory = [std::mem::MaybeUninit::uninit(); 8];
/// let mut sink = Sink::new(&mut memory);
/// base32::encode(b"room", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &mut sink)?;
/// assert_eq!(sink.filled(), b"OJXW63I");
/// # Ok::<(), cpython_simd::Full>(())
/// ```
#[inline]
pub fn encode(input: &[u8], alphabet: &[u8; 32], out: &mut Sink) -> Result<(), Full> {
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
    alphabet: &[u8; 32],
    out: &mut Sink,
) -> Result<(), Full> {
    let len = encoded_len(input.len());
    let place = out.spare().get_mut(..len).ok_or(Full)?;
    match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 => unsafe { base32_avx512::encode(input, alphabet, place) },
        _ => encode_scalar(input, alphabet, place),
    }
    // SAFETY: each kernel writes all characters of the input, that is, all `len` bytes of `place`.
    unsafe { out.advance(len) };
    Ok(())
}

/// Appends the bytes for groups of eight characters from the start of `input`, until a group holds
/// another character, is not whole, or does not fit; returns how many characters that took.
///
/// `values` is the value of each character, and 32 or more for all other bytes. It may stop at a
/// character that is not ASCII even if it has a value.
///
/// # Examples
///
/// ```
/// use cpython_simd::{Sink, base32};
///
/// let mut values = [255; 256];
/// for (value, character) in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().enumerate() {
///     values[usize::from(*character)] = value as u8;
/// }
/// let mut memory = [std::mem::MaybeUninit::uninit(); 8];
/// let mut sink = Sink::new(&mut memory);
/// assert_eq!(base32::decode_prefix(b"OJXW63LTOJX=", &values, &mut sink), 8);
/// assert_eq!(sink.filled(), b"rooms");
/// ```
#[inline]
pub fn decode_prefix(input: &[u8], values: &[u8; 256], out: &mut Sink) -> usize {
    decode_prefix_at(Level::current(), input, values, out)
}

/// [`decode_prefix`] with the instructions of `level`.
#[inline]
pub fn decode_prefix_at(level: Level, input: &[u8], values: &[u8; 256], out: &mut Sink) -> usize {
    let groups = (input.len() / 8).min(out.remaining() / 5);
    let (input, place) = (&input[..groups * 8], &mut out.spare()[..groups * 5]);
    let done = match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 => unsafe { base32_avx512::decode(input, values, place) },
        _ => decode_scalar(input, values, place),
    };
    // SAFETY: each kernel writes the five bytes of each group it counts.
    unsafe { out.advance(done * 5) };
    done * 8
}

fn encode_scalar(input: &[u8], alphabet: &[u8; 32], out: &mut [MaybeUninit<u8>]) {
    let (groups, end) = input.as_chunks();
    let (places, end_place) = out.split_at_mut(groups.len() * 8);
    for (group, place) in groups.iter().zip(places.as_chunks_mut::<8>().0) {
        write_characters(group, alphabet, place);
    }
    if !end.is_empty() {
        let mut group = [0; 5];
        group[..end.len()].copy_from_slice(end);
        write_characters(&group, alphabet, end_place);
    }
}

#[inline]
fn write_characters(
    &[a, b, c, d, e]: &[u8; 5],
    alphabet: &[u8; 32],
    place: &mut [MaybeUninit<u8>],
) {
    let bits = u64::from_be_bytes([a, b, c, d, e, 0, 0, 0]);
    for (index, place) in place.iter_mut().enumerate().take(8) {
        place.write(alphabet[(bits >> (59 - index * 5)) as usize & 31]);
    }
}

fn decode_scalar(input: &[u8], values: &[u8; 256], out: &mut [MaybeUninit<u8>]) -> usize {
    let mut done = 0;
    for (characters, place) in input.as_chunks::<8>().0.iter().zip(out.as_chunks_mut().0) {
        let (mut bits, mut all) = (0, 0);
        for &character in characters {
            let value = values[usize::from(character)];
            all |= value;
            bits = bits << 5 | u64::from(value);
        }
        if all >= 32 {
            break;
        }
        let [_, _, _, bytes @ ..] = bits.to_be_bytes();
        *place = bytes.map(MaybeUninit::new);
        done += 1;
    }
    done
}
