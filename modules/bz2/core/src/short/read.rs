//! Reads a whole stream at once, if it is sound and short.
use cpython_streaming::Sink;

use super::bits::Reader;
use super::codes::{LONGEST, Table};
use super::rotations::unsorted;
use super::{BLOCK, END, SYMBOLS, TABLES, TURN, crc};

/// Appends what the stream means that `input` begins with, and tells how long the stream is.
///
/// `None`, with nothing appended, when that is not all of a sound stream, does not leave room, or
/// is long.
pub(crate) fn decompress(input: &[u8], output: &mut Sink<'_>) -> Option<usize> {
    if input.len() > MOST_INPUT {
        return None;
    }
    let before = output.len();
    let taken = stream(&mut Reader::new(input), output);
    // The library ends a stream only when there is room left.
    let taken = taken.filter(|_| output.remaining() > 0);
    if taken.is_none() {
        output.truncate(before);
    }
    taken
}

fn stream(bits: &mut Reader<'_>, output: &mut Sink<'_>) -> Option<usize> {
    let level = bits.take(32)?.checked_sub(u64::from(u32::from_be_bytes(*b"BZh0")))?;
    if !(1..=9).contains(&level) {
        return None;
    }
    let mut all = 0_u32;
    loop {
        match bits.take(48)? {
            BLOCK => {
                let sum = bits.take(32)? as u32;
                let before = output.len();
                block(bits, output)?;
                (crc(output.filled().get(before..)?) == sum).then_some(())?;
                all = all.rotate_left(1) ^ sum;
            }
            END => return (bits.take(32)? as u32 == all).then(|| bits.bytes_read()),
            _ => return None,
        }
    }
}

fn block(bits: &mut Reader<'_>, output: &mut Sink<'_>) -> Option<()> {
    // Blocks with random numbers mixed in are of the last century.
    (!bits.bit()?).then_some(())?;
    let start = bits.take(24)? as usize;
    let mut bytes = [0; 256];
    let used = used(bits, &mut bytes)?;
    let alphabet = used.len() + 2;
    let tables = bits.take(3)? as usize;
    if !(2..=TABLES).contains(&tables) {
        return None;
    }
    let mut turns = [0; MOST_BLOCK / TURN + 2];
    let turns = turns.get_mut(..bits.take(15)? as usize)?;
    let mut order: [u8; TABLES] = [0, 1, 2, 3, 4, 5];
    for turn in &mut *turns {
        let mut place = 0;
        while bits.bit()? {
            place += 1;
        }
        order[..tables].get_mut(..=place)?.rotate_right(1);
        *turn = order[0];
    }
    let mut codes = [Table::EMPTY; TABLES];
    for table in &mut codes[..tables] {
        *table = read_table(bits, alphabet)?;
    }
    let mut links = Vec::new();
    symbols(bits, turns, &codes, used, &mut links)?;
    expand(unsorted(&mut links, start)?, output)
}

/// The bytes that a block has.
fn used<'a>(bits: &mut Reader<'_>, bytes: &'a mut [u8; 256]) -> Option<&'a mut [u8]> {
    let sixteens = bits.take(16)?;
    let mut count = 0;
    for i in (0..16).filter(|i| sixteens << i & 0x8000 != 0) {
        let ones = bits.take(16)?;
        for j in (0..16).filter(|j| ones << j & 0x8000 != 0) {
            bytes[count] = 16 * i + j;
            count += 1;
        }
    }
    Some(&mut bytes[..count])
}

fn read_table(bits: &mut Reader<'_>, alphabet: usize) -> Option<Table> {
    let mut lengths = [0; SYMBOLS];
    let lengths = lengths.get_mut(..alphabet)?;
    let mut length = bits.take(5)? as u8;
    for place in &mut *lengths {
        loop {
            if !(1..=LONGEST as u8).contains(&length) {
                return None;
            }
            if !bits.bit()? {
                break;
            }
            length = if bits.bit()? { length - 1 } else { length + 1 };
        }
        *place = length;
    }
    Table::new(lengths)
}

/// The last bytes of the block's rotations.
fn symbols(
    bits: &mut Reader<'_>,
    turns: &[u8],
    codes: &[Table; TABLES],
    list: &mut [u8],
    last: &mut Vec<u32>,
) -> Option<()> {
    let end = list.len() + 1;
    let (mut run, mut weight) = (0, 1);
    for &turn in turns {
        let table = codes.get(usize::from(turn))?;
        for _ in 0..TURN {
            let symbol = usize::from(table.read(bits)?);
            if symbol < 2 {
                run += weight << symbol;
                weight <<= 1;
                if run > MOST_BLOCK {
                    return None;
                }
                continue;
            }
            if last.len() + run >= MOST_BLOCK {
                return None;
            }
            last.try_reserve(run + 1).ok()?;
            let front = u32::from(*list.first()?);
            last.extend((0..run).map(|_| front));
            (run, weight) = (0, 1);
            if symbol == end {
                return Some(());
            }
            let moved = list.get_mut(..symbol)?;
            moved.rotate_right(1);
            last.push(u32::from(moved[0]));
        }
    }
    None
}

/// Writes the block with its runs: four bytes that are the same are followed by how many more there
/// are.
fn expand(mut block: impl Iterator<Item = u8>, output: &mut Sink<'_>) -> Option<()> {
    let (mut last, mut count) = (None, 0);
    while let Some(byte) = block.next() {
        count = if last == Some(byte) { count + 1 } else { 1 };
        last = Some(byte);
        output.push(byte).ok()?;
        if count == 4 {
            output.fill(byte, block.next()?.into()).ok()?;
            (last, count) = (None, 0);
        }
    }
    Some(())
}

/// Files are read in pieces that are longer.
const MOST_INPUT: usize = 8000;

/// So much is less work than to clear what the library needs.
const MOST_BLOCK: usize = 20_000;
