//! One block that holds all data: stored, with the fixed codes or with its own, what is shortest.
use std::collections::TryReserveError;

use super::bits::Writer;
use super::codes::{Code, make};
use super::lengths::Header;
use super::matches::{SHORTEST, Token, tokens};
use super::{FIXED, Format};

/// Appends a block, the last one, of the data from `start` on. There are 32 KiB in all at most.
pub(super) fn append(
    format: &Format,
    all: &[u8],
    start: usize,
    out: &mut Vec<u8>,
) -> Result<(), TryReserveError> {
    let data = all.get(start..).unwrap_or_default();
    let stored = data.len() + 5;
    // Nothing longer is written.
    out.try_reserve(stored)?;
    if format.level != 0 {
        let tokens = tokens(format, all, start)?;
        let counts = Counts::of(&tokens);
        // Own codes cannot pay for so few.
        let (codes, bits) = counts.codes(tokens.len() > 20 && format.strategy != FIXED);
        if bits.div_ceil(8) < stored as u32 {
            write(&tokens, &codes, Writer::new(out));
            return Ok(());
        }
    }
    let len = data.len() as u16;
    out.push(1);
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&(!len).to_le_bytes());
    out.extend_from_slice(data);
    Ok(())
}

/// The codes of a block.
#[expect(clippy::large_enum_variant, reason = "it is made once, on the stack")]
enum Codes {
    Fixed,
    Own(Own),
}

/// Codes of the block's own, and what tells them.
struct Own {
    literals: [Code; LITERALS],
    distances: [Code; DISTANCES],
    header: Header,
}

impl Codes {
    fn literal(&self, symbol: usize) -> Code {
        match self {
            Self::Own(Own { literals, .. }) => literals[symbol],
            Self::Fixed => {
                let (code, length) = match symbol as u16 {
                    symbol @ 0..144 => (0x30 + symbol, 8),
                    symbol @ 144..256 => (0x190 - 144 + symbol, 9),
                    symbol @ 256..280 => (symbol - 256, 7),
                    symbol => (symbol - 280 + 0xc0, 8),
                };
                (code.reverse_bits() >> (16 - length), length)
            }
        }
    }

    fn distance(&self, symbol: usize) -> Code {
        match self {
            Self::Own(Own { distances, .. }) => distances[symbol],
            Self::Fixed => ((symbol as u16).reverse_bits() >> 11, 5),
        }
    }
}

/// How often each symbol occurs.
struct Counts {
    literals: [u16; LITERALS],
    distances: [u16; DISTANCES],
    /// How many bits there are behind codes.
    more: u32,
}

impl Counts {
    fn of(tokens: &[Token]) -> Self {
        let mut counts = Self { literals: [0; LITERALS], distances: [0; DISTANCES], more: 0 };
        counts.literals[END] = 1;
        for &token in tokens {
            match token {
                Token::Byte(byte) => counts.literals[usize::from(byte)] += 1,
                Token::Piece { length, distance } => {
                    let (length, distance) =
                        (Symbol::of_length(length), Symbol::of_distance(distance));
                    counts.literals[length.symbol] += 1;
                    counts.distances[distance.symbol] += 1;
                    counts.more += length.count + distance.count;
                }
            }
        }
        counts
    }

    /// The codes with which the block is shortest, and how many bits it has then.
    fn codes(&self, may_be_own: bool) -> (Codes, u32) {
        let fixed = self.bits_with_fixed();
        if may_be_own {
            let literals = make(self.literals, 15);
            let distances = make(self.distances, 15);
            let header = Header::new(&literals, &distances);
            let own = Own { literals, distances, header };
            let bits = self.bits_with(&own);
            if bits < fixed {
                return (Codes::Own(own), bits);
            }
        }
        (Codes::Fixed, fixed)
    }

    fn bits_with_fixed(&self) -> u32 {
        let all = |counts: &[u16]| counts.iter().map(|&count| u32::from(count)).sum::<u32>();
        let (bytes, lengths) = self.literals.split_at(END);
        let ((low, high), (first, last)) = (bytes.split_at(144), lengths.split_at(24));
        let literals = 8 * all(low) + 9 * all(high) + 7 * all(first) + 8 * all(last);
        3 + literals + 5 * all(&self.distances) + self.more
    }

    fn bits_with(&self, own: &Own) -> u32 {
        let all = |counts: &[u16], codes: &[Code]| -> u32 {
            counts
                .iter()
                .zip(codes)
                .map(|(&count, code)| u32::from(count) * u32::from(code.1))
                .sum()
        };
        let literals = all(&self.literals, &own.literals);
        3 + own.header.bits() + literals + all(&self.distances, &own.distances) + self.more
    }
}

fn write(tokens: &[Token], codes: &Codes, mut bits: Writer<'_>) {
    // The last block, and its kind.
    match codes {
        Codes::Fixed => bits.put(1 | 1 << 1, 3),
        Codes::Own(own) => {
            bits.put(1 | 2 << 1, 3);
            own.header.write(&mut bits);
        }
    }
    for &token in tokens {
        match token {
            Token::Byte(byte) => bits.put_code(codes.literal(byte.into())),
            Token::Piece { length, distance } => {
                let length = Symbol::of_length(length);
                bits.put_code(codes.literal(length.symbol));
                bits.put(length.more, length.count);
                let distance = Symbol::of_distance(distance);
                bits.put_code(codes.distance(distance.symbol));
                bits.put(distance.more, distance.count);
            }
        }
    }
    bits.put_code(codes.literal(END));
    bits.finish();
}

/// A symbol, and the bits that come behind its code.
struct Symbol {
    symbol: usize,
    more: u32,
    count: u32,
}

impl Symbol {
    /// Four symbols for each power of two, once there are as many lengths.
    fn of_length(length: u16) -> Self {
        let value = u32::from(length) - SHORTEST as u32;
        match value {
            0..8 => Self { symbol: 257 + value as usize, more: 0, count: 0 },
            // The longest has a symbol of its own.
            255 => Self { symbol: 285, more: 0, count: 0 },
            _ => {
                let count = value.ilog2() - 2;
                let symbol = 257 + 4 * count + (value >> count);
                Self { symbol: symbol as usize, more: value & ((1 << count) - 1), count }
            }
        }
    }

    /// Two symbols for each power of two.
    fn of_distance(distance: u16) -> Self {
        let value = u32::from(distance) - 1;
        match value {
            0..4 => Self { symbol: value as usize, more: 0, count: 0 },
            _ => {
                let count = value.ilog2() - 1;
                let symbol = 2 * count + (value >> count);
                Self { symbol: symbol as usize, more: value & ((1 << count) - 1), count }
            }
        }
    }
}

/// How many symbols there are for bytes, the end and lengths, and for distances.
pub(super) const LITERALS: usize = 286;
pub(super) const DISTANCES: usize = 30;
const END: usize = 256;
