//! A stream of one block, byte for byte as libbz2 makes it.
use std::collections::TryReserveError;

use cpython_bzip2::Level;

use super::bits::Writer;
use super::codes::{Lengths, assign, choose_lengths};
use super::rotations::{sorted, start};
use super::{BLOCK, END, SYMBOLS, TABLES, TURN, crc};

/// The stream of this input; `None` when the order of the block's rotations is not certain.
pub(super) fn stream(level: Level, input: &[u8]) -> Result<Option<Vec<u8>>, TryReserveError> {
    let block = if input.is_empty() { None } else { Some(Block::new(input)?) };
    let Some(mut block) = block else {
        let mut bits = head(level, 0)?;
        bits.put_mark(END);
        bits.put(0, 32);
        return Ok(Some(bits.into_bytes()));
    };
    let Some(keys) = sorted(&block.bytes)? else { return Ok(None) };
    let coding = Coding::new(&mut block, &keys)?;
    let mut bits = head(level, coding.most_bytes())?;
    let sum = crc(input);
    bits.put_mark(BLOCK);
    bits.put(sum, 32);
    // No random numbers were mixed in.
    bits.put(0, 1);
    bits.put(coding.first, 24);
    coding.write(&mut bits);
    bits.put_mark(END);
    bits.put(sum, 32);
    Ok(Some(bits.into_bytes()))
}

/// The first bytes of a stream, with room for so many more.
fn head(level: Level, more: usize) -> Result<Writer, TryReserveError> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(4 + 10 + more)?;
    bytes.extend_from_slice(&[b'B', b'Z', b'h', level.digit()]);
    Ok(Writer::new(bytes))
}

/// Bytes, of which none comes more than four times in a row without a count after it.
struct Block {
    bytes: Vec<u8>,
    used: [bool; 256],
}

impl Block {
    fn new(input: &[u8]) -> Result<Self, TryReserveError> {
        let (mut bytes, mut used) = (Vec::new(), [false; 256]);
        bytes.try_reserve_exact(input.len() + input.len() / 4)?;
        for same in input.chunk_by(|a, b| a == b) {
            for run in same.chunks(255) {
                let plain = &run[..run.len().min(4)];
                bytes.extend_from_slice(plain);
                used[usize::from(plain[0])] = true;
                if let Some(more) = run.len().checked_sub(4) {
                    bytes.push(more as u8);
                    used[more] = true;
                }
            }
        }
        Ok(Self { bytes, used })
    }
}

/// The symbols that a block is written as, and their codes.
struct Coding<'a> {
    used: &'a [bool; 256],
    /// Where the block itself is among its rotations.
    first: u32,
    symbols: Vec<u16>,
    /// The table of each turn.
    turns: Vec<u8>,
    tables: usize,
    alphabet: usize,
    lengths: [Lengths; TABLES],
}

impl<'a> Coding<'a> {
    fn new(block: &'a mut Block, keys: &[u64]) -> Result<Self, TryReserveError> {
        let Block { bytes, used } = block;
        let (symbols, first) = symbols(bytes, used, keys)?;
        let alphabet = used.iter().filter(|&&used| used).count() + 2;
        let tables = match symbols.len() {
            0..200 => 2,
            200..600 => 3,
            600..1200 => 4,
            1200..2400 => 5,
            _ => 6,
        };
        let mut turns = Vec::new();
        turns.try_reserve_exact(symbols.len().div_ceil(TURN))?;
        let lengths = [[FAR; SYMBOLS]; TABLES];
        let mut made = Self { used, first, symbols, turns, tables, alphabet, lengths };
        made.share_out();
        made.turns.extend(made.symbols.chunks(TURN).map(|_| u8::MAX));
        for _ in 0..4 {
            if !made.improve() {
                break;
            }
        }
        Ok(made)
    }

    /// The first guess: each table is for some symbols that follow each other, the last table for the
    /// first symbols, and all occur about equally often.
    fn share_out(&mut self) {
        let mut counts = [0; SYMBOLS];
        for &symbol in &self.symbols {
            counts[usize::from(symbol)] += 1;
        }
        let counts = &counts[..self.alphabet];
        let (mut left, mut from) = (self.symbols.len(), 0);
        for table in (0..self.tables).rev() {
            let wanted = left / (table + 1);
            let (mut got, mut to) = (0, from);
            while got < wanted && to < counts.len() {
                got += counts[to];
                to += 1;
            }
            // Every other table does without the symbol with which it gets too much.
            let inner = table != 0 && table != self.tables - 1;
            if inner && to > from + 1 && (self.tables - 1 - table) % 2 == 1 {
                to -= 1;
                got -= counts[to];
            }
            self.lengths[table][from..to].fill(0);
            from = to;
            left -= got;
        }
    }

    /// Chooses for each turn the table that is shortest for it, then makes the tables for what they
    /// were chosen for. Tells whether another choice was made than the last time.
    fn improve(&mut self) -> bool {
        let mut counts = [[0; SYMBOLS]; TABLES];
        let lengths = &mut self.lengths[..self.tables];
        let mut changed = false;
        for (turn, symbols) in self.turns.iter_mut().zip(self.symbols.chunks(TURN)) {
            let cost = |lengths: &Lengths| -> u32 {
                symbols.iter().map(|&symbol| u32::from(lengths[usize::from(symbol)])).sum()
            };
            let best = (0..).zip(&*lengths).min_by_key(|(_, lengths)| cost(lengths));
            let table = best.map_or(0, |(table, _)| table);
            changed |= *turn != table;
            *turn = table;
            for &symbol in symbols {
                counts[usize::from(table)][usize::from(symbol)] += 1;
            }
        }
        if changed {
            for (lengths, counts) in lengths.iter_mut().zip(&counts) {
                choose_lengths(&counts[..self.alphabet], &mut lengths[..self.alphabet]);
            }
        }
        changed
    }

    /// No fewer bytes than [`Self::write`] and the rest of the block take.
    fn most_bytes(&self) -> usize {
        let symbols = self.symbols.len() * 17;
        let tables = self.tables * (5 + self.alphabet * 33);
        let turns = 18 + self.turns.len() * TABLES;
        (48 + 32 + 25 + 17 * 16 + turns + tables + symbols).div_ceil(8)
    }

    fn write(&self, bits: &mut Writer) {
        let sixteens = || self.used.chunks(16);
        sixteens().for_each(|used| bits.put(used.contains(&true).into(), 1));
        for used in sixteens().filter(|used| used.contains(&true)) {
            used.iter().for_each(|&used| bits.put(used.into(), 1));
        }
        bits.put(self.tables as u32, 3);
        bits.put(self.turns.len() as u32, 15);
        let mut order: [u8; TABLES] = [0, 1, 2, 3, 4, 5];
        for &table in &self.turns {
            let place = to_front(&mut order, table);
            bits.put((1 << (place + 1)) - 2, place as u32 + 1);
        }
        let mut codes = [[(0, 0); SYMBOLS]; TABLES];
        for (lengths, codes) in self.lengths[..self.tables].iter().zip(&mut codes) {
            let lengths = &lengths[..self.alphabet];
            let mut last = lengths[0];
            bits.put(last.into(), 5);
            for &length in lengths {
                (last..length).for_each(|_| bits.put(0b10, 2));
                (length..last).for_each(|_| bits.put(0b11, 2));
                bits.put(0, 1);
                last = length;
            }
            assign(lengths, |symbol, code| codes[symbol] = (code, lengths[symbol].into()));
        }
        for (&table, symbols) in self.turns.iter().zip(self.symbols.chunks(TURN)) {
            for &symbol in symbols {
                let (code, length) = codes[usize::from(table)][usize::from(symbol)];
                bits.put(code, length);
            }
        }
    }
}

/// What the last bytes of the rotations are written as, and where the block is among them.
///
/// A byte becomes its place in a list of all, in which it moves to the front. Places 0 in a row become
/// their number in digits 1 and 2, the lowest first, written as symbols 0 and 1. All other places are
/// one more, and the greatest symbol is the end.
fn symbols(
    block: &[u8],
    used: &[bool; 256],
    keys: &[u64],
) -> Result<(Vec<u16>, u32), TryReserveError> {
    let mut symbols = Vec::new();
    symbols.try_reserve_exact(block.len() + 1)?;
    let mut list = [0; 256];
    let mut count = 0;
    for (byte, _) in (0..=u8::MAX).zip(used).filter(|(_, used)| **used) {
        list[count] = byte;
        count += 1;
    }
    let list = &mut list[..count];
    let (mut first, mut run) = (0, 0_usize);
    for (i, &key) in keys.iter().enumerate() {
        let last = start(key).checked_sub(1).unwrap_or_else(|| {
            first = i as u32;
            block.len() - 1
        });
        let byte = block[last];
        if list[0] == byte {
            run += 1;
            continue;
        }
        digits(&mut symbols, &mut run);
        symbols.push(to_front(list, byte) as u16 + 1);
    }
    digits(&mut symbols, &mut run);
    symbols.push(count as u16 + 1);
    Ok((symbols, first))
}

/// Writes the number, which becomes 0, in digits 1 and 2.
fn digits(symbols: &mut Vec<u16>, number: &mut usize) {
    let mut rest = *number + 1;
    while rest > 1 {
        symbols.push((rest & 1) as u16);
        rest >>= 1;
    }
    *number = 0;
}

/// Moves an item of the list to its front; tells where it was.
fn to_front(list: &mut [u8], item: u8) -> usize {
    let place = list.iter().position(|&other| other == item).unwrap_or(0);
    list[..=place].rotate_right(1);
    place
}

/// How long the codes of other tables' symbols are at first.
const FAR: u8 = 15;
