//! TZif files (RFC 9636), read with the same calls, in the same order, as `zoneinfo._common` makes.
use crate::error::{Error, copy, push};
use crate::source::Source;

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Tzif {
    /// When the time changes, in seconds since 1970 in UTC.
    pub(crate) times: Vec<i64>,
    /// To which type it changes then; as many, each the number of a type.
    pub(crate) indices: Vec<u8>,
    pub(crate) types: Vec<Type>,
    /// The abbreviations that the types have, each once.
    pub(crate) names: Vec<String>,
    /// The rule for the time behind the last change; only of a file of version 2 or more.
    pub(crate) footer: Option<Vec<u8>>,
}

/// A type of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// Seconds east of UTC.
    pub(crate) offset: i32,
    pub(crate) is_dst: bool,
    /// The number of its abbreviation.
    pub(crate) name: usize,
}

/// The version and the six counts, which may be anything.
struct Header {
    version: u8,
    indicators: i64,
    leap_seconds: i64,
    times: i64,
    types: i64,
    chars: i64,
}

impl Tzif {
    pub(crate) fn read<S: Source>(source: &mut S) -> Result<Self, Error<S::Error>> {
        let mut buffer = Vec::new();
        let mut header = Header::read(source, &mut buffer)?;
        let mut width = 4;
        if header.version != 1 {
            // The data for readers that know version 1 only.
            let Header { indicators, leap_seconds, times, types, chars, .. } = header;
            source.seek(times * 5 + types * 6 + chars + leap_seconds * 8 + indicators)?;
            header = Header::read(source, &mut buffer)?;
            width = 8;
        }
        let mut tzif = Self::default();
        if header.times != 0 {
            tzif.read_transitions(source, &header, width, &mut buffer)?;
        }
        let starts = tzif.read_types(source, header.types, &mut buffer)?;
        source.read(header.chars, &mut buffer)?;
        tzif.read_names(&starts, &buffer)?;
        if header.version >= 2 {
            source.seek(header.indicators + header.leap_seconds * 12)?;
            tzif.footer = Some(read_footer(source, buffer)?);
        }
        Ok(tzif)
    }

    fn read_transitions<S: Source>(
        &mut self,
        source: &mut S,
        header: &Header,
        width: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Error<S::Error>> {
        let length = header.times * width as i64;
        source.read(length, buffer)?;
        if header.times < 0 {
            return Err(Error::TransitionCount);
        }
        of_length(buffer, length)?;
        self.times.try_reserve_exact(buffer.len() / width).map_err(|_| Error::NoMemory)?;
        self.times.extend(buffer.chunks_exact(width).map(big_endian));
        source.read(header.times, buffer)?;
        of_length(buffer, header.times)?;
        self.indices = copy(buffer)?;
        match buffer.iter().max() {
            Some(last) if i64::from(*last) >= header.types => Err(Error::Transition(*last)),
            _ => Ok(()),
        }
    }

    /// Reads the types, and gives the place of each one's abbreviation.
    fn read_types<S: Source>(
        &mut self,
        source: &mut S,
        count: i64,
        buffer: &mut Vec<u8>,
    ) -> Result<Vec<i8>, Error<S::Error>> {
        if count < 0 {
            return Err(Error::TypeCount);
        }
        let mut starts = Vec::new();
        for _ in 0..count {
            source.read(6, buffer)?;
            let [a, b, c, d, is_dst, start] = **buffer else { return Err(Error::Length(6)) };
            let offset = i32::from_be_bytes([a, b, c, d]);
            push(&mut self.types, Type { offset, is_dst: is_dst != 0, name: 0 })?;
            push(&mut starts, start.cast_signed())?;
        }
        Ok(starts)
    }

    fn read_names<E>(&mut self, starts: &[i8], chars: &[u8]) -> Result<(), Error<E>> {
        let mut known = [None; 256];
        for (kind, start) in self.types.iter_mut().zip(starts) {
            let known = &mut known[usize::from(start.cast_unsigned())];
            kind.name = match known {
                Some(name) => *name,
                None => {
                    let text = copy(name_at(chars, *start))?;
                    let text = String::from_utf8(text)
                        .map_err(|error| Error::Abbreviation(error.into_bytes()))?;
                    push(&mut self.names, text)?;
                    *known.insert(self.names.len() - 1)
                }
            };
        }
        Ok(())
    }
}

/// From a place to the next zero. As in Python, a negative place counts from the end, and without
/// a zero the last byte is left out.
fn name_at(chars: &[u8], start: i8) -> &[u8] {
    let start = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => chars.len().saturating_sub(start.unsigned_abs().into()),
    };
    let rest = chars.get(start..).unwrap_or_default();
    match rest.iter().position(|byte| *byte == 0) {
        Some(end) => &rest[..end],
        None => rest.split_last().map_or(rest, |(_, before)| before),
    }
}

fn read_footer<S: Source>(source: &mut S, mut buffer: Vec<u8>) -> Result<Vec<u8>, Error<S::Error>> {
    source.read(1, &mut buffer)?;
    if buffer != b"\n" {
        return Err(Error::LineBreak(buffer));
    }
    source.read_line(&mut buffer)?;
    if buffer.last() != Some(&b'\n') {
        return Err(Error::Unended);
    }
    let end = buffer.iter().rposition(|byte| *byte != b'\n').map_or(0, |last| last + 1);
    buffer.truncate(end);
    Ok(buffer)
}

impl Header {
    fn read<S: Source>(source: &mut S, buffer: &mut Vec<u8>) -> Result<Self, Error<S::Error>> {
        source.read(4, buffer)?;
        if buffer != b"TZif" {
            return Err(Error::NoMagic);
        }
        source.read(1, buffer)?;
        let version = match buffer.first() {
            Some(0) => 1,
            Some(digit) if digit.is_ascii_digit() => digit - b'0',
            other => return Err(Error::Version(other.copied())),
        };
        source.read(15, buffer)?;
        source.read(24, buffer)?;
        of_length(buffer, 24)?;
        let mut counts = [0; 6];
        for (count, bytes) in counts.iter_mut().zip(buffer.chunks_exact(4)) {
            *count = big_endian(bytes);
        }
        let [is_ut, is_standard, leap_seconds, times, types, chars] = counts;
        Ok(Self { version, indicators: is_ut + is_standard, leap_seconds, times, types, chars })
    }
}

fn of_length<E>(buffer: &[u8], length: i64) -> Result<(), Error<E>> {
    if i64::try_from(buffer.len()) == Ok(length) { Ok(()) } else { Err(Error::Length(length)) }
}

/// A number of four or eight bytes.
fn big_endian(bytes: &[u8]) -> i64 {
    match bytes.first() {
        Some(first) => {
            let sign = i64::from(first.cast_signed() >> 7);
            bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
        }
        None => 0,
    }
}
