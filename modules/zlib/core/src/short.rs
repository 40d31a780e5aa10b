//! Little data compressed without zlib-rs.
//!
//! A stream of zlib-rs has 400 KiB of memory, a third of which is cleared for each use. For a
//! hundred bytes that takes longer than to compress them. Here memory goes by the data.

mod bits;
mod block;
mod codes;
mod lengths;
mod matches;

use std::collections::TryReserveError;

use cpython_zlib::DeflateOptions;

use crate::checks::{adler32, crc32};

/// What is around the compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    None,
    Zlib,
    Gzip,
}

impl Wrapper {
    /// The wrapper of these options, if streams of theirs can be made here.
    pub(crate) fn of(options: &DeflateOptions) -> Option<Self> {
        let sound = (-1..=9).contains(&options.level) && (1..=9).contains(&options.mem_level);
        let wrapper = match options.window_bits {
            -15 => Self::None,
            15 => Self::Zlib,
            31 => Self::Gzip,
            _ => return None,
        };
        (sound && options.method == 8 && options.strategy == 0).then_some(wrapper)
    }

    /// Appends what comes before the data.
    pub(crate) fn begin(self, level: i32, out: &mut Vec<u8>) -> Result<(), TryReserveError> {
        let zlib = match level {
            0 | 1 => 0x01,
            2..=5 => 0x5e,
            -1 | 6 => 0x9c,
            _ => 0xda,
        };
        let gzip = match level {
            0 | 1 => 4,
            9 => 2,
            _ => 0,
        };
        let header: &[u8] = match self {
            Self::None => &[],
            Self::Zlib => &[0x78, zlib],
            // No name, no time; made on Unix.
            Self::Gzip => &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, gzip, 3],
        };
        out.try_reserve(header.len())?;
        out.extend_from_slice(header);
        Ok(())
    }

    /// Appends the data, which is no longer than [`MOST`], compressed, and what comes after it.
    pub(crate) fn finish(
        self,
        level: i32,
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), TryReserveError> {
        block::append(level, data, out)?;
        out.try_reserve(8)?;
        match self {
            Self::None => {}
            Self::Zlib => out.extend_from_slice(&adler32(data, 1).to_be_bytes()),
            Self::Gzip => {
                out.extend_from_slice(&crc32(data, 0).to_le_bytes());
                out.extend_from_slice(&(data.len() as u32).to_le_bytes());
            }
        }
        Ok(())
    }
}

/// The longest data that is compressed here: soon after, zlib-rs is faster.
pub(crate) const MOST: usize = 2048;
