//! Quoted-printable (RFC 2045 section 6.7, and its form for headers, RFC 2047 section 4.2).

use cpython_simd::{Full, Sink, hex};

use crate::error::Error;

/// How to encode.
#[derive(Debug, Clone, Copy)]
pub struct EncodeOptions {
    /// Whether to quote spaces and tabs.
    pub quotetabs: bool,
    /// Whether line ends in the data are line ends, and not just bytes.
    pub istext: bool,
    /// Whether to write spaces as `_`.
    pub header: bool,
}

/// How to decode.
#[derive(Debug, Clone, Copy, Default)]
pub struct DecodeOptions {
    /// Whether `_` is a space.
    pub header: bool,
}

/// How long the text for `data` is at most; not much less when that is much.
///
/// # Errors
///
/// [`Error::TooLarge`] when that is longer than an object can be.
pub fn encoded_len_bound(data: &[u8], options: &EncodeOptions) -> Result<usize, Error> {
    // Two more for each byte that may be quoted; a line end may become two bytes and have a blank
    // before it quoted, and so may the end.
    let more = |byte| match byte {
        b'\n' => 3,
        b'.' => 2,
        _ => 2 * u8::from(is_quoted(byte, Some(b'.'), false, options)),
    };
    let more = if data.len() < 1 << 12 {
        data.len() * 3 + 2
    } else {
        let table: [u8; 256] = std::array::from_fn(|byte| more(byte as u8));
        data.iter().fold(2_usize, |sum, &byte| sum.saturating_add(table[usize::from(byte)].into()))
    };
    let len = data.len().saturating_add(more);
    // A line has at least 73 columns when it is broken, and then three more.
    let len = len.saturating_add((len / 73 + 1).saturating_mul(3));
    if len > isize::MAX.cast_unsigned() { Err(Error::TooLarge) } else { Ok(len) }
}

/// Appends the text for `data`. All its line ends become like the first one.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`encoded_len_bound`].
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    let line_end = line_end(data);
    let mut column = 0;
    let mut last = None;
    let mut rest = data;
    while let Some((&byte, mut after)) = rest.split_first() {
        let plain = plain_len(rest, column, options);
        if plain > 0 {
            let bytes;
            (bytes, rest) = rest.split_at(plain);
            extend(bytes, out)?;
            column += plain;
            last = bytes.last().copied();
            continue;
        }
        let next = after.first().copied();
        if is_quoted(byte, next, column == 0, options) {
            if column + 3 >= MAX_COLUMNS {
                break_line(line_end, out)?;
                column = 0;
            }
            quote(byte, out)?;
            column += 3;
            last = None;
        } else if options.istext && (byte == b'\n' || byte == b'\r' && next == Some(b'\n')) {
            // A blank at the end of a line would get lost.
            if let Some(blank @ (b' ' | b'\t')) = last {
                out.truncate(out.len().saturating_sub(1));
                quote(blank, out)?;
            }
            out.extend(line_end)?;
            if byte == b'\r' {
                after = after.split_first().map_or(after, |(_, after)| after);
            }
            column = 0;
            last = None;
        } else {
            if column + 1 >= MAX_COLUMNS && next.is_some_and(|next| next != b'\n') {
                break_line(line_end, out)?;
                column = 0;
            }
            let byte = if byte == b' ' && options.header { b'_' } else { byte };
            out.push(byte)?;
            column += 1;
            last = Some(byte);
        }
        rest = after;
    }
    Ok(())
}

/// How many bytes a text of `len` characters stands for at most.
pub fn decoded_len_bound(len: usize) -> usize {
    len
}

/// Appends the bytes that `data` stands for; what is not quoted-printable stands for itself.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`decoded_len_bound`].
#[inline(never)] // with the registers of its caller, the loop is slower
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let mut rest = data;
    loop {
        while let Some((&[b'=', high, low], after)) = rest.split_first_chunk()
            && let Some(byte) = hex::byte([high, low])
        {
            out.push(byte)?;
            rest = after;
        }
        let Some((&byte, after)) = rest.split_first() else { return Ok(()) };
        rest = after;
        match byte {
            b'=' => rest = decode_odd(after, out)?,
            b'_' if options.header => out.push(b' ')?,
            _ => {
                out.push(byte)?;
                // Most text is plain, and long; but where much is quoted, what is not is short.
                if !matches!(after, [_, b'=', ..] | [b'=', ..]) {
                    let special = |&byte: &u8| byte == b'=' || byte == b'_' && options.header;
                    let end = after.iter().position(special).unwrap_or(after.len());
                    let (plain, after) = after.split_at(end);
                    extend(plain, out)?;
                    rest = after;
                }
            }
        }
    }
}

/// Appends a run of bytes; for few of them that is faster one by one.
#[inline]
fn extend(bytes: &[u8], out: &mut Sink) -> Result<(), Full> {
    if bytes.len() < 8 {
        bytes.iter().try_for_each(|&byte| out.push(byte))
    } else {
        out.extend(bytes)
    }
}

/// Appends what an `=` with no two digits behind it stands for; returns what comes after that.
fn decode_odd<'a>(behind: &'a [u8], out: &mut Sink) -> Result<&'a [u8], Error> {
    match behind {
        [] => Ok(behind),
        [b'\n', after @ ..] => Ok(after),
        // The line end is what it takes to the next line feed.
        [b'\r', after @ ..] => {
            let end = after.iter().position(|&byte| byte == b'\n');
            Ok(end.and_then(|end| after.get(end + 1..)).unwrap_or_default())
        }
        [b'=', after @ ..] => {
            out.push(b'=')?;
            Ok(after)
        }
        _ => {
            out.push(b'=')?;
            Ok(behind)
        }
    }
}

/// How many bytes from the start stand for themselves whatever is around them: all fit on the line,
/// and none is at an end.
#[inline]
fn plain_len(data: &[u8], column: usize, options: &EncodeOptions) -> usize {
    let room = (MAX_COLUMNS - 1).saturating_sub(column).min(data.len().saturating_sub(1));
    let plain = |&byte: &u8| match byte {
        b'=' => false,
        b'_' => !options.header,
        b' ' => !options.quotetabs && !options.header,
        b'!'..=b'~' => true,
        _ => false,
    };
    match data {
        [b'.', ..] if column == 0 => 0,
        _ => data[..room].iter().position(|byte| !plain(byte)).unwrap_or(room),
    }
}

/// Whether a byte is written as `=` and two digits.
#[inline]
fn is_quoted(byte: u8, next: Option<u8>, starts_line: bool, options: &EncodeOptions) -> bool {
    match byte {
        b'=' | 127.. => true,
        b'_' => options.header,
        // A line of only a dot ends a message on its way (RFC 5321).
        b'.' => starts_line && matches!(next, None | Some(b'\n' | b'\r' | 0)),
        b'\n' | b'\r' => !options.istext,
        b' ' | b'\t' => options.quotetabs || next.is_none(),
        ..b' ' => true,
        _ => false,
    }
}

/// The line end that the whole text is written with: that of the first line.
fn line_end(data: &[u8]) -> &'static [u8] {
    match data.iter().position(|&byte| byte == b'\n') {
        Some(end) if end > 0 && data[end - 1] == b'\r' => b"\r\n",
        _ => b"\n",
    }
}

/// Ends a line where the data does not end one.
fn break_line(line_end: &[u8], out: &mut Sink) -> Result<(), Full> {
    out.push(b'=')?;
    out.extend(line_end)
}

fn quote(byte: u8, out: &mut Sink) -> Result<(), Full> {
    let [high, low] = [byte >> 4, byte & 15].map(|value| DIGITS[usize::from(value)]);
    out.push_array([b'=', high, low])
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self { quotetabs: false, istext: true, header: false }
    }
}

/// The digits, which this encoding writes in upper case.
const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Lines stay shorter than this.
const MAX_COLUMNS: usize = 76;
