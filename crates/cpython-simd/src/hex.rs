//! Hexadecimal digits (RFC 4648 section 8): two for each byte, written in lower case.

use std::mem::MaybeUninit;

use crate::level::{Level, Name};
use crate::sink::{Full, Sink};
#[cfg(target_arch = "x86_64")]
use crate::x86::{hex_avx2, hex_avx512, hex_sse2};

/// Appends two digits for each byte of `input`.
///
/// # Errors
///
/// [`Full`] when they do not fit; then none is written.
///
/// # Examples
///
/// ```
/// use cpython_simd::{Sink, hex};
///
/// let mut memory = [std::mem::MaybeUninit::uninit(); 4];
/// let mut sink = Sink::new(&mut memory);
/// hex::encode(&[0xca, 0xfe], &mut sink)?;
/// assert_eq!(sink.filled(), b"cafe");
/// # Ok::<(), cpython_simd::Full>(())
/// ```
#[inline]
pub fn encode(input: &[u8], out: &mut Sink) -> Result<(), Full> {
    if input.len() <= SHORT {
        encode_at(Level::SCALAR, input, out)
    } else {
        encode_long(input, out)
    }
}

#[inline(never)]
fn encode_long(input: &[u8], out: &mut Sink) -> Result<(), Full> {
    encode_at(Level::current(), input, out)
}

/// [`encode`] with the instructions of `level`.
///
/// # Errors
///
/// [`Full`] as for [`encode`].
#[inline(always)]
pub fn encode_at(level: Level, input: &[u8], out: &mut Sink) -> Result<(), Full> {
    let len = input.len().checked_mul(2).ok_or(Full)?;
    let place = out.spare().get_mut(..len).ok_or(Full)?;
    match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 => unsafe { hex_avx512::encode(input, place) },
        #[cfg(target_arch = "x86_64")]
        Name::Avx2 => {
            // SAFETY: a level is proof that the CPU has its instructions.
            let done = unsafe { hex_avx2::encode(input, place) };
            encode_scalar(&input[done..], &mut place[done * 2..]);
        }
        Name::Scalar => encode_scalar(input, place),
    }
    // SAFETY: each kernel writes both digits of each byte, that is, all of `place`.
    unsafe { out.advance(len) };
    Ok(())
}

/// The two digits of a byte.
#[inline]
pub fn digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|value| DIGITS[usize::from(value)])
}

/// The value of a digit in either case, or `None` for any other byte.
#[inline]
pub fn value(digit: u8) -> Option<u8> {
    let value = VALUES[usize::from(digit)];
    (value < 16).then_some(value)
}

/// The byte that two digits in either case stand for, or `None` when one of them is another byte.
///
/// ```
/// use cpython_simd::hex;
///
/// assert_eq!(hex::byte(*b"fF"), Some(0xff));
/// assert_eq!(hex::byte(*b"f "), None);
/// ```
#[inline]
pub fn byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| VALUES[usize::from(digit)]);
    ((high | low) < 16).then_some(high << 4 | low)
}

/// Appends the bytes for pairs of digits from the start of `input`, until a pair holds another
/// byte, is not whole, or does not fit; returns how many digits that took.
///
/// # Examples
///
/// ```
/// use cpython_simd::{Sink, hex};
///
/// let mut memory = [std::mem::MaybeUninit::uninit(); 4];
/// let mut sink = Sink::new(&mut memory);
/// assert_eq!(hex::decode_prefix(b"CAfe :)", &mut sink), 4);
/// assert_eq!(sink.filled(), [0xca, 0xfe]);
/// ```
#[inline]
pub fn decode_prefix(input: &[u8], out: &mut Sink) -> usize {
    decode_prefix_at(Level::current(), input, out)
}

/// [`decode_prefix`] with the instructions of `level`.
#[inline]
pub fn decode_prefix_at(level: Level, input: &[u8], out: &mut Sink) -> usize {
    let pairs = (input.len() / 2).min(out.remaining());
    let (input, place) = (&input[..pairs * 2], &mut out.spare()[..pairs]);
    let done = match level.0 {
        // SAFETY: a level is proof that the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        Name::Avx512 => unsafe { hex_avx512::decode(input, place) },
        #[cfg(target_arch = "x86_64")]
        Name::Avx2 => {
            // SAFETY: a level is proof that the CPU has its instructions.
            let done = unsafe { hex_avx2::decode(input, place) };
            done + decode_scalar(&input[done * 2..], &mut place[done..])
        }
        Name::Scalar => decode_scalar(input, place),
    };
    // SAFETY: each kernel writes the byte for each pair it counts.
    unsafe { out.advance(done) };
    done * 2
}

#[inline]
fn encode_scalar(input: &[u8], out: &mut [MaybeUninit<u8>]) {
    // SAFETY: SSE2 is part of x86-64: the compiler itself uses it.
    #[cfg(target_arch = "x86_64")]
    let done = unsafe { hex_sse2::encode(input, out) };
    #[cfg(not(target_arch = "x86_64"))]
    let done = 0;
    // Arithmetic and no table, so that the compiler can use what vectors the architecture has.
    let digit =
        |value| MaybeUninit::new(value + b'0' + if value > 9 { b'a' - b'0' - 10 } else { 0 });
    for (&byte, place) in input[done..].iter().zip(out[done * 2..].as_chunks_mut().0) {
        *place = [digit(byte >> 4), digit(byte & 15)];
    }
}

fn decode_scalar(input: &[u8], out: &mut [MaybeUninit<u8>]) -> usize {
    let mut done = 0;
    for (digits, place) in input.as_chunks().0.iter().zip(out) {
        let [high, low] = digits.map(|digit: u8| VALUES[usize::from(digit)]);
        if high | low >= 16 {
            break;
        }
        place.write(high << 4 | low);
        done += 1;
    }
    done
}

/// What is not longer than this is done before the better instructions are chosen.
const SHORT: usize = 64;

/// The digits by value.
pub(crate) static DIGITS: [u8; 16] = *b"0123456789abcdef";

/// The values by digit, and 255 for what is no digit.
pub(crate) static VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value] as usize] = value as u8;
        values[DIGITS[value].to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    values
};
