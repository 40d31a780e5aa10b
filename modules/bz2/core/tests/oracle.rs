//! A naive decoder reads what the encoder makes; the decoder reads what it can, and fails else.
use std::mem::MaybeUninit;

use bz2_core::{Decoder, Encoder, Error, Level};
use cpython_streaming::{Codec, Sink, Stop, feed};

/// Compresses in pieces, with room for a few bytes at a time.
fn compress(level: i32, data: &[u8], piece: usize, room: usize) -> Vec<u8> {
    let mut encoder = Encoder::new(Level::new(level).unwrap());
    let mut made = Vec::new();
    for mut part in data.chunks(piece) {
        while pour(&mut made, room, |out| feed(&mut encoder, &mut part, out)).unwrap() == Stop::Full
        {
        }
    }
    while pour(&mut made, room, |out| encoder.finish(out)).unwrap().is_continue() {}
    assert!(encoder.is_finished());
    made
}

fn decompress(data: &[u8], piece: usize, room: usize) -> Result<Vec<u8>, Error> {
    let mut decoder = Decoder::new()?;
    let mut made = Vec::new();
    for mut part in data.chunks(piece) {
        loop {
            match pour(&mut made, room, |out| feed(&mut decoder, &mut part, out))? {
                Stop::Full => {}
                Stop::Dry => break,
                Stop::End => return Ok(made),
            }
        }
    }
    Ok(made)
}

fn pour<T>(made: &mut Vec<u8>, room: usize, run: impl FnOnce(&mut Sink<'_>) -> T) -> T {
    let mut memory = vec![MaybeUninit::uninit(); room];
    let mut sink = Sink::new(&mut memory);
    let result = run(&mut sink);
    made.extend_from_slice(sink.filled());
    result
}

/// Bits, the highest first.
struct Bits<'a>(&'a [u8], usize);

impl Bits<'_> {
    fn take(&mut self, count: usize) -> u64 {
        (0..count).fold(0, |value, _| {
            let bit = self.0[self.1 / 8] >> (7 - self.1 % 8) & 1;
            self.1 += 1;
            value << 1 | u64::from(bit)
        })
    }
}

/// Reads a whole stream the slow way, by the description of the format.
fn naive(stream: &[u8]) -> Vec<u8> {
    let mut bits = Bits(stream, 0);
    assert_eq!(bits.take(24), 0x42_5a_68);
    let most = 100_000 * (bits.take(8) - 0x30) as usize;
    let (mut made, mut all) = (Vec::new(), 0_u32);
    loop {
        match bits.take(48) {
            0x3141_5926_5359 => {
                let sum = bits.take(32) as u32;
                let block = block(&mut bits, most);
                assert_eq!(crc(&block), sum);
                all = all.rotate_left(1) ^ sum;
                made.extend(block);
            }
            0x1772_4538_5090 => {
                assert_eq!(bits.take(32) as u32, all);
                assert_eq!(bits.1.div_ceil(8), stream.len());
                return made;
            }
            other => panic!("no block begins with {other:x}"),
        }
    }
}

fn block(bits: &mut Bits<'_>, most: usize) -> Vec<u8> {
    assert_eq!(bits.take(1), 0);
    let start = bits.take(24) as usize;
    let ranges: Vec<bool> = (0..16).map(|_| bits.take(1) == 1).collect();
    let mut list = Vec::new();
    for (i, _) in ranges.iter().enumerate().filter(|(_, used)| **used) {
        list.extend((0..16).filter(|_| bits.take(1) == 1).map(|j| (i * 16 + j) as u8));
    }
    let (tables, selectors) = (bits.take(3) as usize, bits.take(15) as usize);
    let mut order: Vec<usize> = (0..tables).collect();
    let chosen: Vec<usize> = (0..selectors)
        .map(|_| {
            let place =
                std::iter::from_fn(|| Some(bits.take(1))).take_while(|&bit| bit == 1).count();
            let table = order.remove(place);
            order.insert(0, table);
            table
        })
        .collect();
    let codes: Vec<Vec<(u64, u64)>> = (0..tables).map(|_| codes(bits, list.len() + 2)).collect();
    let end = list.len() + 1;
    let (mut last, mut run, mut weight) = (Vec::new(), 0, 1);
    for i in 0.. {
        let symbol = symbol(bits, &codes[chosen[i / 50]]);
        if symbol < 2 {
            run += weight << symbol;
            weight <<= 1;
            continue;
        }
        last.extend(std::iter::repeat_n(list.first().copied().unwrap_or(0), run));
        (run, weight) = (0, 1);
        if symbol == end {
            break;
        }
        let byte = list.remove(symbol - 1);
        list.insert(0, byte);
        last.push(byte);
    }
    assert!(last.len() <= most);
    expanded(&unsorted(&last, start))
}

/// The lengths of the codes, and from them the codes, each with its length.
fn codes(bits: &mut Bits<'_>, count: usize) -> Vec<(u64, u64)> {
    let mut length = bits.take(5);
    let lengths: Vec<u64> = (0..count)
        .map(|_| {
            while bits.take(1) == 1 {
                length = if bits.take(1) == 0 { length + 1 } else { length - 1 };
            }
            length
        })
        .collect();
    let mut codes = vec![(0, 0); count];
    let mut next = 0;
    for length in 1..=20 {
        next <<= 1;
        for i in (0..count).filter(|&i| lengths[i] == length) {
            codes[i] = (length, next);
            next += 1;
        }
    }
    codes
}

fn symbol(bits: &mut Bits<'_>, codes: &[(u64, u64)]) -> usize {
    let mut read = (0, 0);
    loop {
        read = (read.0 + 1, read.1 << 1 | bits.take(1));
        assert!(read.0 <= 20, "no such code");
        if let Some(found) = codes.iter().position(|&code| code == read) {
            return found;
        }
    }
}

/// The text whose rotations, sorted, end in `last`; its own is the one at `start`.
fn unsorted(last: &[u8], start: usize) -> Vec<u8> {
    let mut order: Vec<usize> = (0..last.len()).collect();
    order.sort_by_key(|&i| last[i]);
    let mut at = start;
    (0..last.len())
        .map(|_| {
            at = order[at];
            last[at]
        })
        .collect()
}

/// Four equal bytes are followed by how many more there are.
fn expanded(packed: &[u8]) -> Vec<u8> {
    let (mut made, mut equal) = (Vec::new(), 0);
    for &byte in packed {
        if equal == 4 {
            let before = made[made.len() - 1];
            made.extend(std::iter::repeat_n(before, byte.into()));
            equal = 0;
            continue;
        }
        equal = if made.last() == Some(&byte) && equal > 0 { equal + 1 } else { 1 };
        made.push(byte);
    }
    made
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte) << 24, |crc, _| {
            crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}

/// Text, noise, runs, and more than one block.
fn texts() -> Vec<Vec<u8>> {
    let mut seed = 1_u32;
    let mut random = move || {
        seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12345);
        (seed >> 16) as u8
    };
    let runs = [1, 3, 4, 5, 6, 254, 255, 258, 259, 260, 1000];
    vec![
        Vec::new(),
        b"a".to_vec(),
        b"some words, some more words, and some words again".repeat(20),
        (0..5000).map(|_| random()).collect(),
        (0..120_000).map(|i| (i / 100 % 7 * 3) as u8 + random() % 5).collect(),
        runs.iter().enumerate().flat_map(|(i, &len)| vec![i as u8 % 3; len]).collect(),
        vec![0; 300_000],
    ]
}

#[test]
fn what_is_made_can_be_read() {
    for text in texts() {
        for level in [1, 2, 9] {
            let stream = compress(level, &text, usize::MAX, 1 << 20);
            assert_eq!(stream[3], b'0' + level as u8);
            assert!(naive(&stream) == text);
            assert_eq!(decompress(&stream, usize::MAX, 1 << 20), Ok(text.clone()));
        }
    }
}

#[test]
fn the_way_does_not_matter() {
    for text in texts() {
        let stream = compress(1, &text, usize::MAX, 1 << 20);
        for (piece, room) in [(1, 1000), (1000, 1), (77, 13)] {
            assert!(compress(1, &text, piece, room) == stream);
            assert!(decompress(&stream, piece, room) == Ok(text.clone()));
        }
    }
}

/// Short input takes another way, which must not show.
#[test]
fn shorter_and_longer() {
    let quads: Vec<u8> = (0..100_000).map(|i| (i / 4 % 50) as u8).collect();
    for len in [79_000, 79_001, 80_000] {
        let text = &quads[..len];
        let streams = [1, 5].map(|level| compress(level, text, usize::MAX, 1 << 20));
        for (stream, level) in streams.iter().zip([1, 5]) {
            assert!(naive(stream) == text);
            assert!(&compress(level, text, 1000, 1) == stream);
            assert!(&compress(level, text, 70_000, 7) == stream);
        }
        // Up to here one block holds it all.
        let one_block = len < 80_000;
        assert_eq!(streams[0][4..] == streams[1][4..], one_block);
    }
}

#[test]
fn a_part_gives_no_more_than_a_part() {
    let text = &texts()[4];
    let stream = compress(1, text, usize::MAX, 1 << 20);
    for len in (0..stream.len()).step_by(997) {
        let made = decompress(&stream[..len], usize::MAX, 1 << 20).unwrap();
        assert!(text.starts_with(&made));
    }
}

#[test]
fn every_broken_bit_is_noticed() {
    let text = &texts()[2];
    let stream = compress(9, text, usize::MAX, 1 << 20);
    for bit in 0..stream.len() * 8 {
        let mut broken = stream.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        let made = decompress(&broken, usize::MAX, 1 << 20);
        // The level of so short a stream does not matter, nor do the bits that fill the last byte.
        assert!(
            made.is_err()
                || made.as_ref().is_ok_and(|made| made.len() < text.len() || made == text)
        );
    }
}

#[test]
fn a_failed_stream_stays_failed() {
    let mut decoder = Decoder::new().unwrap();
    let mut made = Vec::new();
    let mut step = |input: &[u8]| pour(&mut made, 10, |out| decoder.step(input, out));
    assert_eq!(step(b"BZh9 and no block").unwrap_err(), Error::Data);
    assert_eq!(step(b"BZh9").unwrap_err(), Error::Unusable);
}

#[test]
fn levels_are_from_1_to_9() {
    let known: Vec<i32> = (-10..20).filter(|&number| Level::new(number).is_some()).collect();
    assert_eq!(known, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert!(
        Level::new(i32::MIN).is_none()
            && Level::new(i32::MAX).is_none()
            && Level::new(257).is_none()
    );
}
