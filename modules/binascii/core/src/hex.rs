//! Hexadecimal digits (RFC 4648 section 8).

use cpython_simd::{Sink, hex as kernel};

use crate::error::Error;
use crate::ignored::Ignored;

/// How to encode.
#[derive(Debug, Clone, Copy, Default)]
pub struct EncodeOptions {
    /// What to write between groups of digits.
    pub sep: Option<u8>,
    /// How many bytes a group stands for, counted from the end, or from the start when negative;
    /// 0 for no groups.
    pub bytes_per_sep: isize,
}

/// How to decode.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeOptions<'a> {
    /// What to skip.
    pub ignorechars: &'a [u8],
}

/// How long the text for `len` bytes is.
///
/// # Errors
///
/// [`Error::TooLarge`] when it is longer than an object can be.
#[inline]
pub fn encoded_len(len: usize, options: &EncodeOptions) -> Result<usize, Error> {
    let separators = len.saturating_sub(1).checked_div(options.group_len()).unwrap_or(0);
    if len >= (isize::MAX.cast_unsigned() / 2).saturating_sub(separators) {
        return Err(Error::TooLarge);
    }
    Ok(len * 2 + separators)
}

/// Appends the text for `data`.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`encoded_len`].
#[inline]
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    match (options.sep, options.group_len()) {
        (Some(sep), group_len @ 1..) => encode_apart(data, sep, group_len, options, out),
        _ => Ok(kernel::encode(data, out)?),
    }
}

/// How many bytes a text of `len` characters stands for at most.
pub fn decoded_len_bound(len: usize) -> usize {
    len / 2
}

/// Appends the bytes that `data` stands for.
///
/// # Errors
///
/// [`Error::Malformed`] when the digits are odd in number or there are other characters;
/// [`Error::Full`] when the sink has less room than [`decoded_len_bound`].
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let mut rest = &data[kernel::decode_prefix(data, out)..];
    if rest.is_empty() {
        return Ok(());
    }
    let ignored = Ignored::new(options.ignorechars);
    let mut high = None;
    // How many pairs have come since something was skipped: after a few, more are to be expected.
    let mut pairs = 0;
    while let Some((&character, after)) = rest.split_first() {
        rest = after;
        match (kernel::value(character), high) {
            (Some(value), None) => high = Some(value),
            (Some(value), Some(before)) => {
                out.push(before << 4 | value)?;
                high = None;
                pairs += 1;
                if pairs == 8 {
                    rest = &rest[kernel::decode_prefix(rest, out)..];
                    pairs = 0;
                }
            }
            (None, _) if ignored.contains(character) => pairs = 0,
            (None, _) => return Err(Error::Malformed("Non-hexadecimal digit found")),
        }
    }
    match high {
        Some(_) => Err(Error::Malformed("Odd number of hexadecimal digits")),
        None => Ok(()),
    }
}

/// Appends the text in groups of `group_len` bytes with `sep` between them.
#[inline(never)]
fn encode_apart(
    data: &[u8],
    sep: u8,
    group_len: usize,
    options: &EncodeOptions,
    out: &mut Sink,
) -> Result<(), Error> {
    // Counted from the end, it is the first group that may be short.
    let first_len = match data.len() % group_len {
        short @ 1.. if options.bytes_per_sep > 0 => short,
        _ => group_len.min(data.len()),
    };
    let (first, groups) = data.split_at(first_len);
    encode_group(first, out)?;
    match group_len {
        1 => encode_groups::<1, 3>(sep, groups, out),
        2 => encode_groups::<2, 5>(sep, groups, out),
        4 => encode_groups::<4, 9>(sep, groups, out),
        8 => encode_groups::<8, 17>(sep, groups, out),
        _ => groups.chunks(group_len).try_for_each(|group| {
            out.push(sep)?;
            encode_group(group, out)
        }),
    }
}

/// Groups of `BYTES` bytes, each as a separator and its digits, `CHARACTERS` in all; the last may
/// be short.
fn encode_groups<const BYTES: usize, const CHARACTERS: usize>(
    sep: u8,
    groups: &[u8],
    out: &mut Sink,
) -> Result<(), Error> {
    let (groups, end) = groups.as_chunks::<BYTES>();
    out.extend_groups::<BYTES, CHARACTERS>(groups, |group, place| {
        place[0] = sep;
        for (&byte, pair) in group.iter().zip(place[1..].as_chunks_mut().0) {
            *pair = kernel::digits(byte);
        }
    })?;
    if !end.is_empty() {
        out.push(sep)?;
    }
    encode_group(end, out)
}

fn encode_group(group: &[u8], out: &mut Sink) -> Result<(), Error> {
    if group.len() >= 16 {
        return Ok(kernel::encode(group, out)?);
    }
    for &byte in group {
        out.push_array(kernel::digits(byte))?;
    }
    Ok(())
}

impl EncodeOptions {
    /// How many bytes a group stands for; 0 for no groups.
    fn group_len(&self) -> usize {
        if self.sep.is_some() { self.bytes_per_sep.unsigned_abs() } else { 0 }
    }
}
