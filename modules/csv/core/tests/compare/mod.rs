//! One comparison of the core with the plain way to read and write, steered by a byte string.

pub(crate) mod plain;

use std::ops::Range;

use csv_core::{Buffer, Dialect, Error, Fields, Parser, Quoting, Row, Text, Unit};

/// Reads rows and writes a row, both ways, as the bytes say.
///
/// # Panics
/// When the core and the plain way differ.
pub(crate) fn compare(data: &[u8]) {
    let mut bytes = data.iter().copied();
    let dialect = dialect(&mut bytes);
    let limit = match bytes.next().unwrap_or(0) {
        byte @ 0..16 => isize::from(byte) - 2,
        _ => 1000,
    };
    let terminator = TERMINATORS[usize::from(bytes.next().unwrap_or(0)) % TERMINATORS.len()];
    let alphabet = alphabet(&dialect);
    let letters: Vec<u32> =
        bytes.map(|byte| alphabet[usize::from(byte) % alphabet.len()]).collect();
    let pieces: Vec<&[u32]> = letters.split(|&c| c == CUT).collect();
    compare_reading(&dialect, limit, &pieces);
    compare_writing(&dialect, terminator, &pieces);
}

/// Any dialect that Python allows, and some more.
fn dialect(bytes: &mut impl Iterator<Item = u8>) -> Dialect {
    let mut next = || bytes.next().unwrap_or(0);
    let flags = next();
    Dialect {
        delimiter: [0x2c, 0x20, 0x61, 0x20ac, 0x1f40d, 0xd800][usize::from(next() % 6)],
        quote: [Some(0x22), Some(0x22), None, Some(0x27), Some(0xe9), Some(0x20ad)]
            [usize::from(next() % 6)],
        escape: [None, Some(0x5c), Some(0x5c), Some(0x62), Some(0x20ae), Some(0x10ffff)]
            [usize::from(next() % 6)],
        quoting: Quoting::ALL[usize::from(flags >> 4) % 6],
        double_quote: flags & 1 == 0,
        skip_initial_space: flags & 2 != 0,
        strict: flags & 4 != 0,
    }
}

/// Characters that matter, and some that do not.
fn alphabet(dialect: &Dialect) -> Vec<u32> {
    let mut alphabet = vec![CUT, 0x0a, 0x0d, 0x20, 0x61, 0x62, 0x63, 0x31, 0xe9, dialect.delimiter];
    alphabet.extend(dialect.quote.iter().chain(&dialect.quote).chain(&dialect.escape));
    // Longer runs of what does not matter, so that blocks are full of it.
    alphabet.extend([0x64; 12]);
    alphabet.extend([0x20ac, 0x1f40d, 0x21]);
    alphabet
}

fn compare_reading(dialect: &Dialect, limit: isize, lines: &[&[u32]]) {
    let mut plain = plain::Reader::new(*dialect, limit);
    let mut parser = Parser::new();
    let mut fields: Vec<(Vec<u32>, bool)> = Vec::new();
    for line in lines {
        let mut keep = Keep { line, fields: &mut fields };
        let narrow = line.iter().max().copied().unwrap_or(0);
        let complete = match narrow {
            0..0x100 => parser.line(dialect, limit, &units::<u8>(line), &mut keep),
            0x100..0x1_0000 => parser.line(dialect, limit, &units::<u16>(line), &mut keep),
            _ => parser.line(dialect, limit, line, &mut keep),
        };
        let expected = plain.line(line);
        assert_eq!(complete, expected, "{dialect:?} {line:x?} of {lines:x?}");
        match complete {
            Err(_) => return,
            Ok(false) => {}
            Ok(true) => {
                assert_eq!(fields, plain.take_row(), "{dialect:?} {lines:x?}");
                fields.clear();
                parser = Parser::new();
            }
        }
    }
    assert_eq!(parser.is_unfinished(), plain.is_unfinished(), "{dialect:?} {lines:x?}");
    if parser.is_unfinished() {
        let ended = parser.finish(dialect, &mut Keep { line: &[], fields: &mut fields });
        assert_eq!(ended, plain.finish());
        if ended.is_ok() {
            assert_eq!(fields, plain.take_row(), "{dialect:?} {lines:x?}");
        }
    }
}

/// Keeps the fields of a row.
struct Keep<'a> {
    line: &'a [u32],
    fields: &'a mut Vec<(Vec<u32>, bool)>,
}

impl Fields for Keep<'_> {
    type Error = Error;

    fn in_line(&mut self, range: Range<usize>, unquoted: bool) -> Result<(), Error> {
        self.fields.push((self.line[range].to_vec(), unquoted));
        Ok(())
    }

    fn text(&mut self, text: Text<'_>, unquoted: bool) -> Result<(), Error> {
        self.fields.push((code_points(text), unquoted));
        Ok(())
    }
}

fn compare_writing(dialect: &Dialect, terminator: &[u32], fields: &[&[u32]]) {
    let given: Vec<(Option<&[u32]>, bool)> = fields
        .iter()
        .map(|field| match field {
            [0x31] => (None, false),
            [0x31, 0x31] => (None, true),
            [0x31, rest @ ..] => (Some(rest), true),
            field => (Some(*field), false),
        })
        .collect();
    let written = written(dialect, terminator, &given);
    let expected = plain::write(dialect, terminator, &given);
    assert_eq!(written, expected, "{dialect:?} {terminator:x?} {given:x?}");
}

fn written(
    dialect: &Dialect,
    terminator: &[u32],
    fields: &[(Option<&[u32]>, bool)],
) -> Result<Vec<u32>, Error> {
    let latin1 = units::<u8>(terminator);
    let terminator = if latin1.len() == terminator.len() {
        Text::Latin1(&latin1)
    } else {
        Text::Ucs4(terminator)
    };
    let mut row = Row::new(dialect, terminator, Buffer::new());
    for &(field, quoted) in fields {
        let Some(field) = field else {
            row.null(quoted)?;
            continue;
        };
        match field.iter().max().copied().unwrap_or(0) {
            0..0x100 => row.field(&units::<u8>(field), quoted)?,
            0x100..0x1_0000 => row.field(&units::<u16>(field), quoted)?,
            _ => row.field(field, quoted)?,
        }
    }
    row.finish().map(|row| code_points(row.text()))
}

fn units<U: Unit>(line: &[u32]) -> Vec<U> {
    line.iter().filter_map(|&c| U::from_code_point(c)).collect()
}

fn code_points(text: Text<'_>) -> Vec<u32> {
    match text {
        Text::Latin1(units) => units.iter().map(|&c| c.into()).collect(),
        Text::Ucs2(units) => units.iter().map(|&c| c.into()).collect(),
        Text::Ucs4(units) => units.to_vec(),
    }
}

/// Stands between the lines, or the fields, that a byte string makes.
const CUT: u32 = u32::MAX;

const TERMINATORS: [&[u32]; 6] =
    [&[0x0d, 0x0a], &[0x0a], &[], &[0x21, 0x64], &[0x63, 0x20ac], &[0x1f40d]];
