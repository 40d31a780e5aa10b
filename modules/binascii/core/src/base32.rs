//! Base32 (RFC 4648 sections 3, 6 and 7).

use cpython_simd::{Sink, base32 as kernel};

use crate::alphabet;
use crate::error::Error;
use crate::ignored::Ignored;
use crate::lines::Lines;
use crate::padding;

/// How to encode.
#[derive(Debug, Clone, Copy)]
pub struct EncodeOptions<'a> {
    /// Whether to fill the last group with `=`.
    pub padded: bool,
    /// How many columns a line has at most, in whole groups; 0 for one line.
    pub wrapcol: usize,
    /// The 32 characters.
    pub alphabet: &'a [u8; 32],
}

/// How to decode.
#[derive(Debug, Clone, Copy)]
pub struct DecodeOptions<'a> {
    /// Whether the last group must be filled with `=`.
    pub padded: bool,
    /// The 32 characters.
    pub alphabet: &'a [u8; 32],
    /// What to skip.
    pub ignorechars: &'a [u8],
    /// Whether the bits of the last character that stand for nothing must be zero.
    pub canonical: bool,
}

/// How long the text for `len` bytes is.
///
/// # Errors
///
/// [`Error::Malformed`] when it is longer than an object can be.
pub fn encoded_len(len: usize, options: &EncodeOptions) -> Result<usize, Error> {
    let len =
        if options.padded { len.div_ceil(5).saturating_mul(8) } else { kernel::encoded_len(len) };
    let len = options.lines().len(len);
    if len > isize::MAX.cast_unsigned() {
        return Err(Error::Malformed("Too much data for base32"));
    }
    Ok(len)
}

/// Appends the text for `data`.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`encoded_len`].
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    options.lines().encode(data, out, |line, out| kernel::encode(line, options.alphabet, out))?;
    if options.padded {
        padding::fill(out, b'=', pads(data.len()))?;
    }
    Ok(())
}

/// How many bytes the text `data` stands for at most: exactly as many when nothing is skipped but a
/// line end after it.
#[inline]
pub fn decoded_len_bound(data: &[u8], options: &DecodeOptions) -> usize {
    let len = padding::len_without(data, options.alphabet);
    len / 8 * 5 + len % 8 * 5 / 8
}

/// Appends the bytes that `data` stands for.
///
/// # Errors
///
/// [`Error::Malformed`] or [`Error::Base32Characters`] for a text that is not whole or has
/// something in it that does not belong there; [`Error::Full`] when the sink has less room than
/// [`decoded_len_bound`].
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let built;
    let table = if options.alphabet == alphabet::BASE32 {
        &STANDARD
    } else {
        built = alphabet::reverse_table(options.alphabet, Some(b'='));
        &built
    };
    let ignored = Ignored::new(options.ignorechars);
    let start = out.len();
    let mut rest = data;
    let mut group = Group::default();
    loop {
        // Whole groups of characters at full speed; then one group with what else is around.
        let taken = kernel::decode_prefix(rest, table, out);
        rest = &rest[taken..];
        if taken > 0 {
            group = Group::default();
        }
        if options.padded && decode_padded_end(rest, table, options.canonical, out)? {
            return Ok(());
        }
        let mut skipped = false;
        loop {
            let Some((&character, after)) = rest.split_first() else {
                return group.finish(out.len() - start, options);
            };
            let value = table[usize::from(character)];
            if character == b'=' && options.padded {
                group.pads += 1;
                let filling = !group.is_impossible()
                    && group.characters != 0
                    && group.characters + group.pads <= 8;
                if !filling && !ignored.contains(b'=') {
                    return Err(match group.characters {
                        1 | 3 | 6 => group.some_left_over(out.len() - start),
                        0 if out.len() == start => Error::Malformed("Leading padding not allowed"),
                        _ => Error::Malformed("Excess padding not allowed"),
                    });
                }
            } else if value < 32 {
                if group.characters == 0 && skipped {
                    break;
                }
                if group.pads > 0 && !ignored.contains(b'=') {
                    return Err(Error::Malformed(if group.characters + group.pads == 8 {
                        "Excess data after padding"
                    } else {
                        "Discontinuous padding not allowed"
                    }));
                }
                group.add(value, out)?;
                if group.characters == 0 {
                    group = Group::default();
                    rest = after;
                    break;
                }
            } else if ignored.contains(character) {
                skipped = true;
            } else if character == b'=' {
                return Err(Error::Malformed("Padding not allowed"));
            } else {
                return Err(Error::Malformed("Only base32 data is allowed"));
            }
            rest = after;
        }
    }
}

/// Decodes the last group when there is nothing unusual about it, and says whether that was so.
fn decode_padded_end(
    rest: &[u8],
    table: &[u8; 256],
    canonical: bool,
    out: &mut Sink,
) -> Result<bool, Error> {
    let Ok(end) = <&[u8; 8]>::try_from(rest) else { return Ok(false) };
    let pads = end.iter().rev().take_while(|&&character| character == b'=').count();
    let len = match pads {
        1 => 4,
        3 => 3,
        4 => 2,
        6 => 1,
        _ => return Ok(false),
    };
    let Some(bits) = joined(&end[..8 - pads], table) else { return Ok(false) };
    let [_, _, _, bytes @ ..] = (bits << (5 * pads)).to_be_bytes();
    if canonical && bytes[len] != 0 {
        return Ok(false);
    }
    out.extend(&bytes[..len])?;
    Ok(true)
}

/// A group of eight characters that is not whole yet.
#[derive(Default)]
struct Group {
    /// How many characters there are, 0 to 7.
    characters: usize,
    /// How many `=` have come. Those that are skipped count too, also at the end.
    pads: usize,
    /// The bits that are not written yet, and how many they are.
    bits: u32,
    bit_count: u32,
}

impl Group {
    fn add(&mut self, value: u8, out: &mut Sink) -> Result<(), Error> {
        self.bits = self.bits << 5 | u32::from(value);
        self.bit_count += 5;
        if self.bit_count >= 8 {
            self.bit_count -= 8;
            out.push((self.bits >> self.bit_count) as u8)?;
            self.bits &= (1 << self.bit_count) - 1;
        }
        self.characters = (self.characters + 1) % 8;
        Ok(())
    }

    /// Whether no number of bytes makes this number of characters.
    fn is_impossible(&self) -> bool {
        matches!(self.characters, 1 | 3 | 6)
    }

    /// Whether the text may end here, after `written` bytes.
    fn finish(&self, written: usize, options: &DecodeOptions) -> Result<(), Error> {
        if self.is_impossible() {
            return Err(self.some_left_over(written));
        }
        if options.padded && self.characters != 0 && self.characters + self.pads < 8 {
            return Err(Error::Malformed("Incorrect padding"));
        }
        if options.canonical && self.bits != 0 {
            return Err(Error::Malformed("Non-zero padding bits"));
        }
        Ok(())
    }

    fn some_left_over(&self, written: usize) -> Error {
        Error::Base32Characters(written / 5 * 8 + self.characters)
    }
}

/// The values of up to eight characters, one after the other, when all have one.
#[inline]
fn joined(characters: &[u8], table: &[u8; 256]) -> Option<u64> {
    let (mut bits, mut all) = (0, 0);
    for &character in characters {
        let value = table[usize::from(character)];
        all |= value;
        bits = bits << 5 | u64::from(value);
    }
    (all < 32).then_some(bits)
}

/// How many characters a text for `len` bytes lacks to whole groups.
fn pads(len: usize) -> usize {
    [0, 6, 4, 3, 1][len % 5]
}

impl EncodeOptions<'_> {
    fn lines(&self) -> Lines {
        Lines::new(self.wrapcol, 8, 5)
    }
}

impl Default for EncodeOptions<'_> {
    fn default() -> Self {
        Self { padded: true, wrapcol: 0, alphabet: alphabet::BASE32 }
    }
}

impl Default for DecodeOptions<'_> {
    fn default() -> Self {
        Self { padded: true, alphabet: alphabet::BASE32, ignorechars: b"", canonical: false }
    }
}

static STANDARD: [u8; 256] = alphabet::reverse_table(alphabet::BASE32, Some(b'='));
