//! How a block tells the lengths of its codes.
use super::bits::Writer;
use super::block::{DISTANCES, LITERALS};
use super::codes::{Code, make};

/// The lengths of codes, written with codes of their own.
pub(super) struct Header {
    literals: usize,
    distances: usize,
    /// A symbol, and what comes behind it.
    runs: [(u8, u8); LITERALS + DISTANCES],
    count: usize,
    codes: [Code; SYMBOLS],
    /// How many of these codes' own lengths are written.
    listed: usize,
}

impl Header {
    pub(super) fn new(literals: &[Code; LITERALS], distances: &[Code; DISTANCES]) -> Self {
        let literals = &literals[..used(literals).max(257)];
        let distances = &distances[..used(distances).max(1)];
        let (mut runs, mut count) = ([(0, 0); LITERALS + DISTANCES], 0);
        let mut counts = [0; SYMBOLS];
        let mut push = |symbol: u8, more| {
            runs[count] = (symbol, more);
            count += 1;
            counts[usize::from(symbol)] += 1;
        };
        let (mut last, mut times) = (None, 0);
        for &(_, length) in literals.iter().chain(distances) {
            if last != Some(length) {
                write_run(last, times, &mut push);
                (last, times) = (Some(length), 0);
            }
            times += 1;
        }
        write_run(last, times, &mut push);
        let codes = make(counts, 7);
        let listed = ORDER.iter().rposition(|&symbol| codes[symbol].1 > 0);
        let listed = listed.map_or(0, |last| last + 1).max(4);
        let (literals, distances) = (literals.len(), distances.len());
        Self { literals, distances, runs, count, codes, listed }
    }

    /// How many bits it has.
    pub(super) fn bits(&self) -> u32 {
        let bits = |&(symbol, _): &(u8, u8)| {
            u32::from(self.codes[usize::from(symbol)].1) + more_bits(symbol)
        };
        14 + 3 * self.listed as u32 + self.runs[..self.count].iter().map(bits).sum::<u32>()
    }

    pub(super) fn write(&self, bits: &mut Writer<'_>) {
        bits.put(self.literals as u32 - 257, 5);
        bits.put(self.distances as u32 - 1, 5);
        bits.put(self.listed as u32 - 4, 4);
        for &symbol in &ORDER[..self.listed] {
            bits.put(self.codes[symbol].1.into(), 3);
        }
        for &(symbol, more) in &self.runs[..self.count] {
            bits.put_code(self.codes[usize::from(symbol)]);
            bits.put(more.into(), more_bits(symbol));
        }
    }
}

/// How many codes there are up to the last one that is used.
fn used(codes: &[Code]) -> usize {
    codes.iter().rposition(|code| code.1 > 0).map_or(0, |last| last + 1)
}

/// The symbols for a length that comes so many times.
fn write_run(length: Option<u8>, mut times: usize, push: &mut impl FnMut(u8, u8)) {
    let Some(length) = length else { return };
    if length > 0 {
        push(length, 0);
        times -= 1;
    }
    let (symbol, most) = if length > 0 { (AGAIN, 6) } else { (ZEROS, 138) };
    while times >= 3 {
        let run = times.min(most);
        match symbol {
            ZEROS if run < 11 => push(FEW_ZEROS, run as u8 - 3),
            ZEROS => push(ZEROS, run as u8 - 11),
            _ => push(AGAIN, run as u8 - 3),
        }
        times -= run;
    }
    (0..times).for_each(|_| push(length, 0));
}

/// How many bits come behind a symbol.
fn more_bits(symbol: u8) -> u32 {
    match symbol {
        AGAIN => 2,
        FEW_ZEROS => 3,
        ZEROS => 7,
        _ => 0,
    }
}

/// Lengths up to 15, the last length 3 to 6 times, 3 to 10 zeros, 11 to 138 zeros.
const SYMBOLS: usize = 19;
const AGAIN: u8 = 16;
const FEW_ZEROS: u8 = 17;
const ZEROS: u8 = 18;

/// The symbols in the order in which the lengths of their codes are written.
const ORDER: [usize; SYMBOLS] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
