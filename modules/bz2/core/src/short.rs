//! Whole streams of little data, without the library.
//!
//! The library takes megabytes for each stream and clears them, which for a hundred bytes is nearly
//! all it does. Here memory goes by the data. What is not sound, or not short, is none of this
//! module's business: it declines, and the library has the say.

mod bits;
mod codes;
mod read;
mod rotations;
mod write;

use std::collections::TryReserveError;

use cpython_bzip2::{Error, Level};

pub(crate) use read::decompress;

/// The stream that the library would make of this input, if that is known without it.
///
/// # Errors
/// [`Error::NoMemory`].
pub(crate) fn compress(level: Level, input: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if input.len() > MOST {
        return Ok(None);
    }
    write::stream(level, input).map_err(|_: TryReserveError| Error::NoMemory)
}

/// The checksum of a block: a CRC-32 that takes the highest bit first.
fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, &byte| crc << 8 ^ CRC[usize::from((crc >> 24) as u8 ^ byte)])
}

static CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// The most that is compressed here. From ten thousand bytes in a block on, the library sorts in
/// another way.
const MOST: usize = 7900;

/// How many symbols there can be: all bytes but one as places in a list, two digits of runs, the end.
const SYMBOLS: usize = 258;

/// The most tables of codes in a block, and how many symbols are written with one of them in turn.
const TABLES: usize = 6;
const TURN: usize = 50;

/// What the library writes before a block, and before the checksum of all.
const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;
