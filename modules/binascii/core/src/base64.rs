//! Base64 (RFC 4648 sections 3 to 5).

use cpython_simd::Sink;
use cpython_simd::base64::{self as kernel, ReverseTable};

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
    /// Whether to end the text with a line end.
    pub newline: bool,
    /// The 64 characters.
    pub alphabet: &'a [u8; 64],
}

/// How to decode.
#[derive(Debug, Clone, Copy)]
pub struct DecodeOptions<'a> {
    /// Whether to refuse what does not belong to the text instead of skipping it. When `None`,
    /// whether there are `ignorechars`.
    pub strict_mode: Option<bool>,
    /// Whether the last group must be filled with `=`.
    pub padded: bool,
    /// The 64 characters.
    pub alphabet: &'a [u8; 64],
    /// What to skip in strict mode.
    pub ignorechars: Option<&'a [u8]>,
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
        if options.padded { len.div_ceil(3).saturating_mul(4) } else { kernel::encoded_len(len) };
    let len = options.lines().len(len).saturating_add(usize::from(options.newline));
    if len > isize::MAX.cast_unsigned() {
        return Err(Error::Malformed("Too much data for base64"));
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
        padding::fill(out, b'=', (3 - data.len() % 3) % 3)?;
    }
    if options.newline {
        out.push(b'\n')?;
    }
    Ok(())
}

/// How many bytes the text `data` stands for at most: exactly as many when nothing is skipped but a
/// line end after it.
#[inline]
pub fn decoded_len_bound(data: &[u8], options: &DecodeOptions) -> usize {
    let len = padding::len_without(data, options.alphabet);
    len / 4 * 3 + len % 4 * 3 / 4
}

/// Appends the bytes that `data` stands for.
///
/// # Errors
///
/// [`Error::Malformed`] or [`Error::Base64Characters`] for a text that is not whole or, in strict
/// mode, has something in it that does not belong there; [`Error::Full`] when the sink has less
/// room than [`decoded_len_bound`].
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let strict = options.strict_mode.unwrap_or(options.ignorechars.is_some());
    let ignorechars = if strict { options.ignorechars.unwrap_or_default() } else { b"" };
    let ignored = Ignored::new(ignorechars);
    let skips = |byte| !strict || ignored.contains(byte);
    let mut built;
    let mut table = match (options.alphabet, strict) {
        (alphabet, true) if alphabet == alphabet::BASE64 => &STANDARD,
        (alphabet, false) if alphabet == alphabet::BASE64 => &STANDARD_LENIENT,
        (alphabet, true) if alphabet == alphabet::URLSAFE_BASE64 => &URLSAFE,
        (alphabet, false) if alphabet == alphabet::URLSAFE_BASE64 => &URLSAFE_LENIENT,
        (alphabet, _) => {
            built = ReverseTable::new(alphabet, b'=');
            if !strict && data.len() >= MANY {
                built = built.passing_over_others();
            }
            &built
        }
    };
    if !ignorechars.is_empty() && data.len() >= MANY {
        built = ignorechars.iter().fold(table.clone(), |table, &byte| table.passing_over(byte));
        table = &built;
    }
    let start = out.len();
    let mut rest = data;
    loop {
        // Whole groups of characters at full speed; then one group with what else is around.
        rest = &rest[kernel::decode_prefix(rest, table, out)..];
        // The usual end, with what `encode` adds to it, needs no such care.
        let (end, after) = rest.split_at_checked(4).unwrap_or_default();
        let over =
            after.is_empty() || after == b"\n" && skips(b'\n') && table.value(b'\n').is_none();
        if over && options.padded && decode_padded_end(end, table, options.canonical, out)? {
            return Ok(());
        }
        let mut group = Group::default();
        let mut skipped = false;
        loop {
            let Some((&character, after)) = rest.split_first() else {
                return group.finish(out.len() - start, options);
            };
            if character == b'=' && options.padded {
                group.pads += 1;
                let filling = group.characters >= 2 && group.characters + group.pads <= 4;
                if !filling && !skips(b'=') {
                    return Err(match group.characters {
                        1 => group.one_left_over(out.len() - start),
                        0 if out.len() == start => Error::Malformed("Leading padding not allowed"),
                        _ => Error::Malformed("Excess padding not allowed"),
                    });
                }
            } else if let Some(value) = table.value(character) {
                if group.characters == 0 && skipped {
                    break;
                }
                if group.pads > 0 && !skips(b'=') {
                    return Err(Error::Malformed(if group.characters + group.pads == 4 {
                        "Excess data after padding"
                    } else {
                        "Discontinuous padding not allowed"
                    }));
                }
                group.add(value, out)?;
                if group.characters == 0 {
                    rest = after;
                    break;
                }
            } else if skips(character) {
                skipped = true;
            } else if character == b'=' {
                return Err(Error::Malformed("Padding not allowed"));
            } else {
                return Err(Error::Malformed("Only base64 data is allowed"));
            }
            rest = after;
        }
    }
}

/// Decodes the last group when there is nothing unusual about it, and says whether that was so.
fn decode_padded_end(
    end: &[u8],
    table: &ReverseTable,
    canonical: bool,
    out: &mut Sink,
) -> Result<bool, Error> {
    let &[a, b, c, b'='] = end else { return Ok(false) };
    let (Some(a), Some(b)) = (table.value(a), table.value(b)) else { return Ok(false) };
    match table.value(c) {
        Some(c) if c & 3 == 0 || !canonical => {
            out.push_array([a << 2 | b >> 4, b << 4 | c >> 2])?
        }
        None if c == b'=' && (b & 15 == 0 || !canonical) => out.push(a << 2 | b >> 4)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// A group of four characters that is not whole yet.
#[derive(Default)]
struct Group {
    /// How many characters there are, 0 to 3.
    characters: usize,
    /// How many `=` have come since the last of them.
    pads: usize,
    /// The bits of the last that are not written yet.
    bits: u8,
}

impl Group {
    fn add(&mut self, value: u8, out: &mut Sink) -> Result<(), Error> {
        self.pads = 0;
        match self.characters {
            0 => {}
            1 => out.push(self.bits << 2 | value >> 4)?,
            2 => out.push(self.bits << 4 | value >> 2)?,
            _ => out.push(self.bits << 6 | value)?,
        }
        // What is written of the bits falls off at the top when they are shifted.
        self.bits = [value, value & 15, value & 3, 0][self.characters];
        self.characters = (self.characters + 1) % 4;
        Ok(())
    }

    /// Whether the text may end here, after `written` bytes.
    fn finish(&self, written: usize, options: &DecodeOptions) -> Result<(), Error> {
        if self.characters == 1 {
            return Err(self.one_left_over(written));
        }
        if options.padded && self.characters != 0 && self.characters + self.pads < 4 {
            return Err(Error::Malformed("Incorrect padding"));
        }
        if options.canonical && self.bits != 0 {
            return Err(Error::Malformed("Non-zero padding bits"));
        }
        Ok(())
    }

    /// A single character cannot stand for any byte.
    fn one_left_over(&self, written: usize) -> Error {
        Error::Base64Characters(written / 3 * 4 + 1)
    }
}

impl EncodeOptions<'_> {
    fn lines(&self) -> Lines {
        Lines::new(self.wrapcol, 4, 3)
    }
}

impl Default for EncodeOptions<'_> {
    fn default() -> Self {
        Self { padded: true, wrapcol: 0, newline: true, alphabet: alphabet::BASE64 }
    }
}

impl Default for DecodeOptions<'_> {
    fn default() -> Self {
        Self {
            strict_mode: Some(false),
            padded: true,
            alphabet: alphabet::BASE64,
            ignorechars: None,
            canonical: false,
        }
    }
}

/// How many characters make it worth while to tell the decoder what it may pass over.
const MANY: usize = 4096;

static STANDARD: ReverseTable = ReverseTable::new(alphabet::BASE64, b'=');
static URLSAFE: ReverseTable = ReverseTable::new(alphabet::URLSAFE_BASE64, b'=');
static STANDARD_LENIENT: ReverseTable =
    ReverseTable::new(alphabet::BASE64, b'=').passing_over_others();
static URLSAFE_LENIENT: ReverseTable =
    ReverseTable::new(alphabet::URLSAFE_BASE64, b'=').passing_over_others();
