//! Ascii85 (as in PostScript and PDF, and btoa): Base85 with abbreviations and brackets.

use cpython_simd::Sink;

use crate::alphabet;
use crate::base85::{self, Group};
use crate::error::Error;
use crate::ignored::Ignored;
use crate::lines;

/// How to encode.
#[derive(Debug, Clone, Copy, Default)]
pub struct EncodeOptions {
    /// Whether to write `y` for four spaces.
    pub foldspaces: bool,
    /// How many columns a line has; 0 for one line.
    pub wrapcol: usize,
    /// Whether to write the zeros that fill the last group.
    pub pad: bool,
    /// Whether to write `<~` before the text and `~>` after it.
    pub adobe: bool,
}

/// How to decode.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeOptions<'a> {
    /// Whether `y` is four spaces.
    pub foldspaces: bool,
    /// Whether the text must end with `~>`, and may start with `<~`.
    pub adobe: bool,
    /// What to skip.
    pub ignorechars: &'a [u8],
    /// Whether to refuse what no encoder writes.
    pub canonical: bool,
}

/// How long the text for `len` bytes is at most.
///
/// # Errors
///
/// [`Error::Malformed`] when that is longer than an object can be.
pub fn encoded_len_bound(len: usize, options: &EncodeOptions) -> Result<usize, Error> {
    let brackets = if options.adobe { 4 } else { 0 };
    let len = base85::digits_len(len, options.pad).saturating_add(brackets);
    let len = len.saturating_add(lines::line_ends(len, options.width()));
    if len > isize::MAX.cast_unsigned() {
        return Err(Error::Malformed("Too much data for Ascii85"));
    }
    Ok(len)
}

/// Appends the text for `data`.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`encoded_len_bound`].
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    let start = out.len();
    if options.adobe {
        out.push_array(*b"<~")?;
    }
    let (groups, end) = data.as_chunks();
    encode_groups(groups, options, out)?;
    if !end.is_empty() {
        let mut group = [0; 4];
        group[..end.len()].copy_from_slice(end);
        if options.pad && group == [0; 4] {
            out.push(b'z')?;
        } else {
            let mut place = [0; 5];
            base85::digits(u32::from_be_bytes(group), alphabet::ASCII85, &mut place);
            out.extend(&place[..base85::digits_len(end.len(), options.pad)])?;
        }
    }
    if options.adobe {
        out.push_array(*b"~>")?;
    }
    lines::wrap(out, start, options.width())?;
    if options.adobe
        && let Some(end) = out.filled_mut().last_chunk_mut()
        && end == b"~\n>"
    {
        // The closing bracket stays together.
        *end = *b"\n~>";
    }
    Ok(())
}

/// How many bytes the text `data` stands for at most.
///
/// # Errors
///
/// [`Error::Malformed`] when that is more than an object can have.
pub fn decoded_len_bound(data: &[u8]) -> Result<usize, Error> {
    let abbreviations = data.iter().filter(|&&byte| matches!(byte, b'y' | b'z')).count();
    let groups = (data.len() - abbreviations).div_ceil(5).saturating_add(abbreviations);
    match groups.checked_mul(4) {
        Some(len) if len <= isize::MAX.cast_unsigned() => Ok(len),
        _ => Err(Error::Malformed("Too much Ascii85 data")),
    }
}

/// Appends the bytes that `data` stands for.
///
/// # Errors
///
/// [`Error::Malformed`], [`Error::Ascii85Abbreviation`] or [`Error::Ascii85Digit`] for a text that
/// no encoder writes; [`Error::Full`] when the sink has less room than [`decoded_len_bound`].
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let data = if options.adobe { without_brackets(data)? } else { data };
    let ignored = Ignored::new(options.ignorechars);
    let mut position = 0;
    loop {
        // Whole groups of digits at full speed; then one group with what else is around.
        let (groups, _) = data.get(position..).unwrap_or_default().as_chunks();
        let groups = &groups[..groups.len().min(out.remaining() / 4)];
        position += out.extend_groups_while(groups, |group| {
            let digits = group.map(|character| REVERSE[usize::from(character)]);
            let number = u32::try_from(base85::number(digits)?).ok()?;
            (number != 0 || !options.canonical).then(|| number.to_be_bytes())
        })? * 5;
        let mut group = Group::default();
        let mut is_z = false;
        while !group.is_whole() {
            let digit = match data.get(position) {
                Some(&character) => REVERSE[usize::from(character)],
                None if group.is_empty() => return Ok(()),
                None => Group::FILLING,
            };
            let character = data.get(position).copied().unwrap_or_default();
            if digit < 85 {
                if !group.add(digit) {
                    return Err(Error::Malformed("Ascii85 overflow"));
                }
            } else if character == b'z' || character == b'y' && options.foldspaces {
                if !group.is_empty() {
                    return Err(Error::Ascii85Abbreviation(character));
                }
                is_z = character == b'z';
                group = Group::abbreviated(if is_z { 0 } else { FOUR_SPACES });
            } else if !ignored.contains(character) {
                return Err(Error::Ascii85Digit(character));
            }
            position += 1;
        }
        let bytes = group.bytes(position.saturating_sub(data.len()));
        if bytes.is_empty() {
            return Err(Error::Malformed("Incomplete Ascii85 group"));
        }
        out.extend(bytes)?;
        if options.canonical {
            if bytes == [0; 4] && !is_z {
                return Err(Error::Malformed(
                    "Non-canonical encoding, use 'z' for all-zero groups",
                ));
            }
            if !group.is_canonical(bytes.len()) {
                return Err(Error::Malformed("Non-zero padding bits"));
            }
        }
    }
}

fn encode_groups(
    mut groups: &[[u8; 4]],
    options: &EncodeOptions,
    out: &mut Sink,
) -> Result<(), Error> {
    let abbreviation = |group: &[u8; 4]| match group {
        [0, 0, 0, 0] => Some(b'z'),
        b"    " if options.foldspaces => Some(b'y'),
        _ => None,
    };
    while let Some(first) = groups.first() {
        if let Some(character) = abbreviation(first) {
            out.push(character)?;
            groups = &groups[1..];
            continue;
        }
        let end = groups.iter().position(|group| abbreviation(group).is_some());
        let (plain, rest) = groups.split_at(end.unwrap_or(groups.len()));
        out.extend_groups(plain, |group, place| {
            base85::digits(u32::from_be_bytes(*group), alphabet::ASCII85, place);
        })?;
        groups = rest;
    }
    Ok(())
}

fn without_brackets(data: &[u8]) -> Result<&[u8], Error> {
    let text = data
        .strip_suffix(b"~>")
        .ok_or(Error::Malformed("Ascii85 encoded byte sequences must end with b'~>'"))?;
    Ok(text.strip_prefix(b"<~").unwrap_or(text))
}

impl EncodeOptions {
    /// How many columns a line has; 0 for one line. Brackets need two.
    fn width(&self) -> usize {
        if self.adobe && self.wrapcol == 1 { 2 } else { self.wrapcol }
    }
}

const FOUR_SPACES: u32 = u32::from_be_bytes(*b"    ");

static REVERSE: [u8; 256] = alphabet::reverse_table(alphabet::ASCII85, None);
