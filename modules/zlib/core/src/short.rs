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

/// How a stream is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    wrapper: Wrapper,
    level: i32,
    strategy: i32,
    /// A power of two.
    window: u32,
}

/// What is around the compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapper {
    None,
    Zlib,
    Gzip,
}

impl Format {
    /// The format of streams with these options, if zlib-rs takes them.
    pub(crate) fn of(options: &DeflateOptions) -> Option<Self> {
        let &DeflateOptions { level, method, window_bits, mem_level, strategy } = options;
        let wrapper = match window_bits {
            -15..=-9 => Wrapper::None,
            9..=15 => Wrapper::Zlib,
            25..=31 => Wrapper::Gzip,
            _ => return None,
        };
        let sound = (-1..=9).contains(&level) && (1..=9).contains(&mem_level) && method == 8;
        let window = window_bits.unsigned_abs() % 16;
        (sound && (0..=4).contains(&strategy)).then_some(Self { wrapper, level, strategy, window })
    }

    /// Whether something comes before the data.
    pub(crate) fn has_header(&self) -> bool {
        self.wrapper != Wrapper::None
    }

    /// Whether a stream can begin with a dictionary.
    pub(crate) fn takes_dictionary(&self) -> bool {
        self.wrapper != Wrapper::Gzip
    }

    /// Appends what comes before the data of a stream that begins with this dictionary.
    pub(crate) fn begin(
        &self,
        dictionary: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), TryReserveError> {
        out.try_reserve(10)?;
        let is_fast = self.level == 0 || self.level == 1 || self.strategy >= HUFFMAN_ONLY;
        match self.wrapper {
            Wrapper::None => {}
            Wrapper::Zlib => {
                let level = match self.level {
                    _ if is_fast => 0,
                    2..=5 => 1,
                    -1 | 6 => 2,
                    _ => 3,
                };
                let asks = u32::from(!dictionary.is_empty());
                let head = ((self.window - 8) << 12) | (8 << 8) | (level << 6) | (asks << 5);
                let head = head + 31 - head % 31;
                out.extend_from_slice(&(head as u16).to_be_bytes());
                if asks == 1 {
                    out.extend_from_slice(&adler32(dictionary, 1).to_be_bytes());
                }
            }
            Wrapper::Gzip => {
                let level = match self.level {
                    9 => 2,
                    _ if is_fast => 4,
                    _ => 0,
                };
                // No name, no time; made on Unix.
                out.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, level, 3]);
            }
        }
        Ok(())
    }

    /// Appends the data from `start` on compressed, and what comes after it. What is before it has
    /// been there before. There are 32 KiB in all at most.
    pub(crate) fn finish(
        &self,
        all: &[u8],
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), TryReserveError> {
        block::append(self, all, start, out)?;
        let data = all.get(start..).unwrap_or_default();
        out.try_reserve(8)?;
        match self.wrapper {
            Wrapper::None => {}
            Wrapper::Zlib => out.extend_from_slice(&adler32(data, 1).to_be_bytes()),
            Wrapper::Gzip => {
                out.extend_from_slice(&crc32(data, 0).to_le_bytes());
                out.extend_from_slice(&(data.len() as u32).to_le_bytes());
            }
        }
        Ok(())
    }
}

/// The longest data that is compressed here, and the longest dictionary: soon after, zlib-rs is faster.
pub(crate) const MOST: usize = 2048;

/// Strategies: pieces of more than five bytes only; none; those that repeat one byte; fixed codes.
const FILTERED: i32 = 1;
const HUFFMAN_ONLY: i32 = 2;
const RUNS: i32 = 3;
const FIXED: i32 = 4;
