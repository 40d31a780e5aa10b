//! Little data, which is compressed without zlib-rs.
use cpython_shared::Shared;
use cpython_streaming::Stop;
use cpython_zlib::{DeflateFlush, ReturnCode};
use zlib_core::{Decoder, Deflate, DeflateOptions, Encoder, Inflate, Spare};

use crate::compare::inflated::inflated;
use crate::compare::streams::{Memory, append, packed, shared, unpacked};

/// A linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    /// Bytes of all kinds: few and many values, runs, pieces that come again, rare and frequent ones.
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
        text
    }
}

#[test]
fn what_is_short_means_the_data() {
    let mut random = Random(1);
    let (deflates, inflates) = (shared(Spare::new()), shared(Spare::new()));
    let mut longest = [0; 2];
    for i in 0..1000 {
        let data = random.text([5, 40, 300, 1500, 4500][i % 5]);
        let level = i as i32 % 11 - 1;
        let (strategy, window_bits) = (i as i32 / 11 % 5, -9 - i as i32 % 7);
        let options = DeflateOptions { level, strategy, window_bits, ..DeflateOptions::default() };
        let made = packed(&deflates, &options, &data, usize::MAX);
        assert!(inflated(&made) == data, "level {level}: {data:?}");
        longest[0] += made.len();
        longest[1] += by_zlib_rs(&deflates, &options, &data).len();
        // What knows both wrappers finds its checks to be right.
        let window_bits = [15, 31][i % 2] - i as i32 % 7;
        let made = packed(&deflates, &DeflateOptions { window_bits, ..options }, &data, 1 + i);
        assert!(unpacked(&inflates, 47, &made, 100, 5000).unwrap() == (data, Stop::End));
    }
    assert!(longest[0] <= longest[1], "{longest:?}");
}

#[test]
fn what_is_around_the_data_is_that_of_zlib_rs() {
    let deflates = shared(Spare::new());
    for i in 0..11 * 5 * 15 {
        let (level, strategy) = (i % 11 - 1, i / 11 % 5);
        let window_bits = [9, 12, 13, 15, 25, 31, -15][i as usize % 7];
        let options = DeflateOptions { level, strategy, window_bits, ..DeflateOptions::default() };
        let data = &b"a short text"[..i as usize % 13];
        let (made, theirs) =
            (packed(&deflates, &options, data, 99), by_zlib_rs(&deflates, &options, data));
        let (before, after) = match window_bits {
            25.. => (10, 8),
            9.. => (2, 4),
            _ => (0, 0),
        };
        assert_eq!(made[..before], theirs[..before], "{options:?}");
        assert_eq!(made[made.len() - after..], theirs[theirs.len() - after..], "{options:?}");
    }
}

#[test]
fn little_with_a_dictionary() {
    let mut random = Random(3);
    let (deflates, inflates) = (shared(Spare::<Deflate>::new()), shared(Spare::<Inflate>::new()));
    for i in 0..400 {
        let (dictionary, more) = (random.text(2500), random.text(3000));
        let data = [&dictionary[dictionary.len() / 2..], &more].concat();
        let window_bits = [15, 9, 12, -15, -9][i % 5];
        let level = i as i32 % 11 - 1;
        let options = DeflateOptions { level, window_bits, ..DeflateOptions::default() };
        let encoder = Encoder::with_dictionary(&deflates, &options, &dictionary).unwrap();
        let mut encoder = encoder.unwrap();
        let mut made = Vec::new();
        for piece in data.chunks(1 + random.below(2000)) {
            encoder.compress(piece.len());
            append(&mut made, piece, &mut encoder);
        }
        encoder.flush(4).unwrap();
        append(&mut made, b"", &mut encoder);
        let mut decoder = Decoder::new(Spare::lease(&inflates, &window_bits).unwrap());
        if window_bits < 0 {
            decoder.set_dictionary(&dictionary).unwrap();
        } else {
            decoder.offer(shared(dictionary));
        }
        let mut bytes = Vec::new();
        assert_eq!(append(&mut bytes, &made, &mut decoder), Stop::End);
        assert!(bytes == data, "{options:?}");
    }
    let options = DeflateOptions { window_bits: 31, ..DeflateOptions::default() };
    for dictionary in [&b""[..], b"words"] {
        assert!(Encoder::with_dictionary(&deflates, &options, dictionary).unwrap().is_err());
    }
}

/// The data compressed by zlib-rs alone.
fn by_zlib_rs(home: &Shared<Spare<Deflate>>, options: &DeflateOptions, data: &[u8]) -> Vec<u8> {
    let mut memory = Memory::new(20_000);
    let mut sink = memory.sink();
    let mut deflate = Spare::lease(home, options).unwrap();
    assert_eq!(deflate.run(data, &mut sink, DeflateFlush::Finish).code, ReturnCode::StreamEnd);
    sink.filled().to_vec()
}

#[test]
fn the_stream_begins_where_it_must() {
    let mut random = Random(2);
    let (deflates, inflates) = (shared(Spare::new()), shared(Spare::new()));
    for i in 0..600 {
        let level = i % 11 - 1;
        let mem_level = 1 + i % 9;
        let window_bits = [15, -15, 31][i as usize % 3];
        let options = DeflateOptions { level, window_bits, mem_level, ..DeflateOptions::default() };
        let mut encoder = Encoder::new(&deflates, &options, 0).unwrap();
        let (mut data, mut made) = (Vec::new(), Vec::new());
        for _ in 0..random.below(6) {
            let longest = [10, 1000, 6000][random.below(3)];
            let more = random.text(longest);
            encoder.compress(more.len());
            append(&mut made, &more, &mut encoder);
            data.extend(more);
            if random.below(5) == 0 {
                let mode = [1, 2, 3, 5][random.below(4)];
                encoder.flush(mode).unwrap();
                append(&mut made, b"", &mut encoder);
                if matches!(mode, 2 | 3) {
                    let (bytes, stop) = unpacked(&inflates, window_bits, &made, 99, 999).unwrap();
                    assert!(bytes == data && stop == Stop::Dry, "mode {mode}");
                }
            }
            if random.below(3) == 0 {
                encoder = encoder.try_clone().unwrap();
            }
        }
        encoder.flush(4).unwrap();
        assert_eq!(append(&mut made, b"", &mut encoder), Stop::End);
        assert!(unpacked(&inflates, window_bits, &made, 999, 9999).unwrap() == (data, Stop::End));
    }
}
