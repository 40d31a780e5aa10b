//! What of the data has been there before.
use std::collections::TryReserveError;

use super::{FILTERED, Format, HUFFMAN_ONLY, RUNS};

/// A byte, or a piece that was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Byte(u8),
    Piece { length: u16, distance: u16 },
}

/// How hard to search.
#[derive(Clone, Copy)]
struct Effort {
    /// How many places are looked at.
    places: usize,
    /// A piece so long is not searched for a better one, at its second byte neither.
    enough: usize,
    /// Whether a longer piece may begin at the second byte.
    patient: bool,
    /// A piece that is no longer is not worth it.
    too_short: usize,
    /// How far back pieces may be.
    far: usize,
}

impl Effort {
    fn of(format: &Format) -> Self {
        let (places, enough, patient) = match format.level {
            _ if format.strategy == HUFFMAN_ONLY => (0, 0, false),
            0..=1 => (4, 16, false),
            2..=3 => (16, 32, false),
            4..=5 => (32, 64, true),
            -1 | 6 => (64, 128, true),
            _ => (1024, LONGEST, true),
        };
        let too_short = if format.strategy == FILTERED { 5 } else { SHORTEST - 1 };
        let far = if format.strategy == RUNS { 1 } else { 1 << format.window };
        Self { places, enough, patient, too_short, far }
    }
}

/// Takes the data from `start` on apart.
pub(super) fn tokens(
    format: &Format,
    data: &[u8],
    start: usize,
) -> Result<Vec<Token>, TryReserveError> {
    let effort = Effort::of(format);
    let mut tokens = Vec::new();
    tokens.try_reserve_exact(data.len() - start)?;
    let mut search = Search::new(data)?;
    let mut at = start;
    let mut found = search.longest(at, effort.too_short, effort);
    while let Some(&byte) = data.get(at) {
        let Some((length, distance)) = found else {
            tokens.push(Token::Byte(byte));
            at += 1;
            found = search.longest(at, effort.too_short, effort);
            continue;
        };
        if effort.patient && length < effort.enough {
            let better = search.longest(at + 1, length, effort);
            if better.is_some() {
                tokens.push(Token::Byte(byte));
                at += 1;
                found = better;
                continue;
            }
        }
        tokens.push(Token::Piece { length: length as u16, distance: distance as u16 });
        at += length;
        found = search.longest(at, effort.too_short, effort);
    }
    Ok(tokens)
}

/// The places where each three bytes have been, the last ones first.
struct Search<'a> {
    data: &'a [u8],
    /// For each hash, one more than the last place.
    last: [u16; HASHES],
    /// For each place, one more than the one before it with the same hash.
    before: Vec<u16>,
}

impl<'a> Search<'a> {
    fn new(data: &'a [u8]) -> Result<Self, TryReserveError> {
        let mut before = Vec::new();
        before.try_reserve_exact(data.len())?;
        Ok(Self { data, last: [0; HASHES], before })
    }

    /// The longest piece, of more than `least` bytes, that begins here and has begun before, and how
    /// far back. All places up to here are remembered. The data is less than 32 KiB.
    fn longest(&mut self, at: usize, least: usize, effort: Effort) -> Option<(usize, usize)> {
        while self.before.len() <= at {
            let next = self.before.len();
            let [a, b, c] = *self.data.get(next..)?.first_chunk()?;
            let three = u32::from_le_bytes([a, b, c, 0]);
            let hash = (three.wrapping_mul(0x9e37_79b1) >> (32 - HASHES.ilog2())) as usize;
            self.before.push(self.last[hash]);
            self.last[hash] = next as u16 + 1;
        }
        let here = self.data.get(at..)?;
        let most = here.len().min(LONGEST);
        let (mut longest, mut found) = (least, None);
        let mut place = usize::from(*self.before.get(at)?);
        for _ in 0..effort.places {
            if place == 0 || longest >= most {
                break;
            }
            if at - (place - 1) > effort.far {
                break;
            }
            let there = self.data.get(place - 1..)?;
            if there.get(longest) == here.get(longest) {
                let length = in_common(there, here, most);
                if length > longest {
                    (longest, found) = (length, Some((length, at - (place - 1))));
                    if length >= effort.enough {
                        break;
                    }
                }
            }
            place = usize::from(*self.before.get(place - 1)?);
        }
        found
    }
}

/// How many of the first `most` bytes are the same.
fn in_common(one: &[u8], other: &[u8], most: usize) -> usize {
    let mut length = 0;
    let eights = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    for (&one, &other) in eights {
        let differ = u64::from_le_bytes(one) ^ u64::from_le_bytes(other);
        if differ != 0 {
            return most.min(length + differ.trailing_zeros() as usize / 8);
        }
        length += 8;
        if length >= most {
            return most;
        }
    }
    let rest = one[length..].iter().zip(&other[length..]);
    most.min(length + rest.take_while(|(one, other)| one == other).count())
}

/// How long pieces are.
pub(super) const SHORTEST: usize = 3;
const LONGEST: usize = 258;

const HASHES: usize = 2048;
