//! A naive decoder reads what the encoder makes; the decoder reads what it can, and fails else.
mod compare;

use bz2_core::{Decoder, Error, Level};
use compare::compare;
use compare::naive::naive;
use compare::streams::{compress, decompress, pour};
use cpython_streaming::Codec;

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

/// What a fuzzer tries, with bytes of chance.
#[test]
fn any_bytes() {
    for run in 0..300_u64 {
        let seed = (run + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
        compare(&seed.repeat(1 + run as usize % 5)[2..]);
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
    let mut decoder = Decoder::default();
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
