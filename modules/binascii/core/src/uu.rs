//! Uuencode: a line of up to 45 bytes (POSIX `uuencode`).

use cpython_simd::Sink;
use cpython_simd::base64::{self as kernel, ReverseTable};

use crate::alphabet;
use crate::error::Error;
use crate::padding;

/// How to encode.
#[derive(Debug, Clone, Copy, Default)]
pub struct EncodeOptions {
    /// Whether to write zero as a backtick instead of a space.
    pub backtick: bool,
}

/// How long the line for `len` bytes is.
///
/// # Errors
///
/// [`Error::Malformed`] when there are more than 45.
pub fn encoded_len(len: usize) -> Result<usize, Error> {
    if len > 45 {
        return Err(Error::Malformed("At most 45 bytes at once"));
    }
    Ok(2 + len.div_ceil(3) * 4)
}

/// Appends the line for `data`.
///
/// # Errors
///
/// [`Error::Malformed`] as for [`encoded_len`]; [`Error::Full`] when the sink has less room.
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    encoded_len(data.len())?;
    let (alphabet, zero) =
        if options.backtick { (BACKTICK_ALPHABET, b'`') } else { (alphabet::UU, b' ') };
    out.push(alphabet[data.len()])?;
    kernel::encode(data, alphabet, out)?;
    padding::fill(out, zero, (3 - data.len() % 3) % 3)?;
    Ok(out.push(b'\n')?)
}

/// How many bytes the line `data` says it stands for.
///
/// # Errors
///
/// [`Error::Malformed`] when it is empty.
pub fn decoded_len(data: &[u8]) -> Result<usize, Error> {
    match data.first() {
        Some(&first) => Ok(usize::from(first.wrapping_sub(b' ') & 63)),
        None => Err(Error::Malformed("Missing length byte")),
    }
}

/// Appends the bytes that the line `data` stands for; what it lacks at its end is taken for zeros.
///
/// # Errors
///
/// [`Error::Malformed`] when there is another character in it, or something after its end;
/// [`Error::Full`] when the sink has less room than [`decoded_len`].
pub fn decode(data: &[u8], out: &mut Sink) -> Result<(), Error> {
    let len = decoded_len(data)?;
    let line = &data[1..];
    // Whole groups at full speed, until there is something that is not in the alphabet proper.
    let whole = line.len().min(len / 3 * 4);
    let mut next = kernel::decode_prefix(&line[..whole], &REVERSE, out);
    let mut missing = len - next / 4 * 3;
    let (mut bits, mut bit_count) = (0_u32, 0);
    while missing > 0 {
        bits = bits << 6 | sextet(line.get(next).copied())?;
        bit_count += 6;
        next += 1;
        if bit_count >= 8 {
            bit_count -= 8;
            out.push((bits >> bit_count) as u8)?;
            missing -= 1;
        }
    }
    let blank = |byte: &u8| matches!(byte, b' ' | b'`' | b'\n' | b'\r');
    if !line.get(next..).unwrap_or_default().iter().all(blank) {
        return Err(Error::Malformed("Trailing garbage"));
    }
    Ok(())
}

fn sextet(character: Option<u8>) -> Result<u32, Error> {
    match character {
        // Blanks at the end of a line get lost on the way.
        None | Some(b'\n' | b'\r') => Ok(0),
        Some(character @ b' '..=b'`') => Ok(u32::from(character - b' ') & 63),
        Some(_) => Err(Error::Malformed("Illegal char")),
    }
}

/// The alphabet with a backtick for zero.
const BACKTICK_ALPHABET: &[u8; 64] = &{
    let mut alphabet = *alphabet::UU;
    alphabet[0] = b'`';
    alphabet
};

static REVERSE: ReverseTable = ReverseTable::new(alphabet::UU, u8::MAX);
