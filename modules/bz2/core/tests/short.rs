//! Short streams, which are made and read without the library, against the library.
use std::mem::MaybeUninit;

use bz2_core::{Decoder, Encoder, Error, Level};
use cpython_bzip2::{Compressor, Decompressor};
use cpython_streaming::{Codec, Sink};

const ROOM: usize = 60_000;

/// A linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    /// Bytes of all kinds: few and many values, runs, pieces that come again, periods.
    fn text(&mut self, longest: usize) -> Vec<u8> {
        let len = self.below(longest + 1);
        let (values, first) = ([1, 2, 3, 10, 60, 256][self.below(6)], self.below(256));
        let (repeats, copies) = ([1, 1, 2, 8, 600][self.below(5)], [0, 0, 1, 3][self.below(4)]);
        let mut text = Vec::new();
        while text.len() < len {
            if copies > 0 && text.len() > 4 && self.below(4) < copies {
                let start = self.below(text.len() - 1);
                let end = text.len().min(start + 1 + self.below(300));
                text.extend_from_within(start..end);
            } else {
                let byte = (first + self.below(values)) as u8;
                text.extend(std::iter::repeat_n(byte, 1 + self.below(repeats)));
            }
        }
        text.truncate(len);
        if self.below(10) == 0 { text.repeat(self.below(6)) } else { text }
    }
}

fn poured<T>(run: impl FnOnce(&mut Sink<'_>) -> T) -> (T, Vec<u8>) {
    let mut memory = [MaybeUninit::uninit(); ROOM];
    let mut sink = Sink::new(&mut memory);
    let result = run(&mut sink);
    (result, sink.filled().to_vec())
}

fn made_by_library(level: Level, text: &[u8]) -> Vec<u8> {
    let mut library = Compressor::new(level).unwrap();
    let (over, made) = poured(|out| {
        library.run(text, out).unwrap();
        library.finish(out).unwrap()
    });
    assert!(over);
    made
}

fn made(level: Level, text: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new(level);
    let (over, made) = poured(|out| {
        encoder.step(text, out).unwrap();
        encoder.finish(out).unwrap().is_break()
    });
    assert!(over);
    made
}

fn read_by_library(stream: &[u8]) -> (Result<(usize, bool), Error>, Vec<u8>) {
    let mut library = Decompressor::new().unwrap();
    poured(|out| library.run(stream, out))
}

fn read(stream: &[u8]) -> (Result<(usize, bool), Error>, Vec<u8>) {
    let mut decoder = Decoder::default();
    poured(|out| decoder.step(stream, out).map(|progress| (progress.taken, progress.ended)))
}

#[test]
fn streams_are_the_library_s() {
    let mut random = Random(1);
    for i in 0..1000 {
        let text = random.text([20, 120, 500, 3000, 9000][i % 5]);
        let level = Level::new(1 + i as i32 % 2).unwrap();
        let stream = made(level, &text);
        assert!(stream == made_by_library(level, &text), "{text:?}");
        assert!(read(&stream) == (Ok((stream.len(), true)), text));
    }
}

#[test]
fn what_follows_is_left_alone() {
    let mut stream = made(Level::SMALLEST, b"some words");
    let len = stream.len();
    stream.extend(b"BZh1");
    assert_eq!(read(&stream), (Ok((len, true)), b"some words".to_vec()));
}

#[test]
fn several_blocks() {
    let texts = [&b"some words"[..], b"other words", b"and more"];
    let (mut bits, mut all, mut whole) = (bits_of(b"BZh3"), 0_u32, Vec::new());
    for text in texts {
        let stream = bits_of(&made(Level::SMALLEST, text));
        let end = bits_of(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]);
        let end = stream.windows(48).position(|bits| bits == end).unwrap();
        let sum = stream[80..112].iter().fold(0, |sum, &bit| sum << 1 | u32::from(bit));
        all = all.rotate_left(1) ^ sum;
        bits.extend(&stream[32..end]);
        whole.extend(text);
    }
    bits.extend(bits_of(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]));
    bits.extend(bits_of(&all.to_be_bytes()));
    let byte =
        |bits: &[bool]| (0..8).fold(0, |byte, i| byte << 1 | u8::from(bits.get(i) == Some(&true)));
    let stream: Vec<u8> = bits.chunks(8).map(byte).collect();
    assert_eq!(read(&stream), (Ok((stream.len(), true)), whole));
    assert_eq!(read(&stream), read_by_library(&stream));
}

fn bits_of(bytes: &[u8]) -> Vec<bool> {
    bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)).collect()
}

#[test]
fn broken_streams_are_the_library_s() {
    let mut random = Random(2);
    for i in 0..1500 {
        let text = random.text([20, 120, 500][i % 3]);
        let mut stream = made(Level::SMALLEST, &text);
        for _ in 0..=random.below(3) {
            let at = random.below(stream.len());
            stream[at] ^= 1 << random.below(8);
        }
        if random.below(3) == 0 {
            stream.truncate(random.below(stream.len() + 1));
        }
        if !stream.is_empty() {
            assert!(read(&stream) == read_by_library(&stream), "{stream:?}");
        }
    }
}

#[test]
fn little_room() {
    let text: Vec<u8> = (0..3000).map(|i| (i / 7) as u8).collect();
    let stream = made(Level::SMALLEST, &text);
    for room in [0, 1, 2999, 3000, 3001] {
        let mut memory = [MaybeUninit::uninit(); 3001];
        let mut other = [MaybeUninit::uninit(); 3001];
        let (mut sink, mut library) =
            (Sink::new(&mut memory[..room]), Sink::new(&mut other[..room]));
        let progress = Decoder::default().step(&stream, &mut sink).unwrap();
        let expected = Decompressor::new().unwrap().run(&stream, &mut library).unwrap();
        assert_eq!((progress.taken, progress.ended), expected);
        assert_eq!(sink.filled(), library.filled());
    }
}
