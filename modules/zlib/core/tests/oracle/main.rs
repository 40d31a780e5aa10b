//! The streams against definitions: a decoder written from RFC 1951, sums added up one by one.
#![expect(clippy::unwrap_used, reason = "a test")]

mod compare;
mod short;

use compare::compare;
use compare::inflated::inflated;
use compare::streams::{Memory, append, grow, packed, shared, unpacked};
use zlib_core::{
    Decoder, Deflate, DeflateOptions, Encoder, Error, Inflate, Spare, Stop, adler32,
    adler32_combine, crc32, crc32_combine, feed,
};

#[test]
fn what_is_compressed_means_the_data() {
    let spare = shared(Spare::new());
    for data in texts() {
        for level in -1..=9 {
            for strategy in 0..=4 {
                for window_bits in [9, 12, 15] {
                    let mem_level = 1 + i32::rem_euclid(level + strategy, 9);
                    let window_bits = -window_bits;
                    let options =
                        DeflateOptions { level, method: 8, window_bits, mem_level, strategy };
                    let packed = packed(&spare, &options, &data, usize::MAX);
                    assert!(inflated(&packed) == data, "{options:?}");
                }
            }
        }
    }
}

#[test]
fn input_may_come_in_any_pieces_and_output_may_be_taken_in_any() {
    let (deflates, inflates) = (shared(Spare::new()), shared(Spare::new()));
    for data in texts() {
        for (size, window_bits) in [(1, 15), (7, 31), (100, -15), (5000, 9), (65_537, -10)] {
            let options = DeflateOptions { level: 1, window_bits, ..DeflateOptions::default() };
            let packed = packed(&deflates, &options, &data, size);
            for room in [1, 300, 70_000] {
                let (bytes, stop) = unpacked(&inflates, window_bits, &packed, size, room).unwrap();
                assert!(bytes == data && stop == Stop::End, "{size} {window_bits}");
            }
        }
    }
}

/// What a fuzzer tries, with bytes of chance and words.
#[test]
fn any_bytes() {
    let text = words(4000);
    for run in 0..4000_usize {
        let seed = (run as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
        let part = &text[run % 3000..][..run % 97];
        compare(&[&seed[2..], if run % 3 == 0 { part } else { &seed }].concat());
    }
}

#[test]
fn the_header_tells_the_level_that_was_asked_for() {
    let spare = shared(Spare::new());
    // RFC 1950: levels 0 and 1, up to 5, 6, and more; a multiple of 31 in all.
    for (level, flags) in [(0, 0), (1, 0), (2, 1), (5, 1), (6, 2), (-1, 2), (7, 3), (9, 3)] {
        let options = DeflateOptions { level, ..DeflateOptions::default() };
        let packed = packed(&spare, &options, b"data", usize::MAX);
        assert_eq!(packed[0], 0x78);
        assert_eq!(packed[1] >> 6, flags, "level {level}");
        assert_eq!((u32::from(packed[0]) << 8 | u32::from(packed[1])) % 31, 0);
    }
    // RFC 1952: 4 is the fastest, 2 the best.
    for (level, flags) in [(1, 4), (2, 0), (6, 0), (9, 2)] {
        let options = DeflateOptions { level, window_bits: 31, ..DeflateOptions::default() };
        let packed = packed(&spare, &options, b"data", usize::MAX);
        assert_eq!(packed[..2], [0x1f, 0x8b]);
        assert_eq!(packed[8], flags, "level {level}");
    }
}

#[test]
fn level_1_searches() {
    // Fixed codes alone, as zlib-rs has them at level 1, leave a quarter more than this.
    let spare = shared(Spare::new());
    let data = words(200_000);
    let at = |level| {
        let options = DeflateOptions { level, ..DeflateOptions::default() };
        packed(&spare, &options, &data, usize::MAX).len()
    };
    assert!(at(1) < at(2) * 11 / 10, "{} {}", at(1), at(2));
    assert!(at(9) < at(1));
}

#[test]
fn a_reused_stream_does_what_a_new_one_does() {
    let spare = shared(Spare::new());
    let data = words(50_000);
    for level in [9, 1, 0, 6, 1, 2, -1, 4, 1] {
        for strategy in [0, 4, 2] {
            let options = DeflateOptions { level, strategy, ..DeflateOptions::default() };
            let fresh = packed(&shared(Spare::new()), &options, &data, 9000);
            assert!(packed(&spare, &options, &data, 9000) == fresh, "{options:?}");
        }
    }
    let spare = shared(Spare::<Inflate>::new());
    for window_bits in [15, 31, -15, 9, 47, 15] {
        let options = DeflateOptions { window_bits: window_bits % 32, ..DeflateOptions::default() };
        let packed = packed(&shared(Spare::new()), &options, &data, usize::MAX);
        // An error and an end too early leave nothing behind.
        let mut decoder = Decoder::new(Spare::lease(&spare, &window_bits).unwrap());
        let _ = feed(&mut decoder, &mut &b"\x78\x9d nonsense"[..], &mut Memory::new(9).sink());
        drop(decoder);
        assert_eq!(unpacked(&spare, window_bits, &packed[..99], 99, 99).unwrap().1, Stop::Dry);
        assert!(
            unpacked(&spare, window_bits, &packed, 999, 999).unwrap() == (data.clone(), Stop::End)
        );
    }
}

#[test]
fn copies_go_on_where_the_stream_is() {
    let (spare, inflates) = (shared(Spare::<Deflate>::new()), shared(Spare::<Inflate>::new()));
    let data = words(120_000);
    for level in [0, 1, 3, 6, 9] {
        let options = DeflateOptions { level, ..DeflateOptions::default() };
        let mut encoder = Encoder::new(&spare, &options, 0).unwrap();
        let mut packed = Vec::new();
        for piece in data.chunks(7001) {
            encoder.compress(piece.len());
            append(&mut packed, piece, &mut encoder);
            let mut copy = encoder.try_clone().unwrap();
            // What is done to the copy does nothing to the stream.
            let mut other = packed.clone();
            copy.flush(4).unwrap();
            append(&mut other, b"", &mut copy);
            let len = piece.as_ptr().addr() - data.as_ptr().addr() + piece.len();
            assert!(inflated(&other[2..]) == data[..len]);
            encoder = encoder.try_clone().unwrap();
        }
        encoder.flush(4).unwrap();
        append(&mut packed, b"", &mut encoder);
        assert!(packed == self::packed(&spare, &options, &data, 7001));
        let mut decoder = Decoder::new(Spare::lease(&inflates, &15).unwrap());
        let mut bytes = Vec::new();
        for piece in packed.chunks(997) {
            append(&mut bytes, piece, &mut decoder);
            decoder = decoder.try_clone().unwrap();
        }
        assert!(bytes == data);
    }
}

#[test]
fn dictionaries_are_asked_for_and_checked() {
    let (deflates, inflates) = (shared(Spare::<Deflate>::new()), shared(Spare::<Inflate>::new()));
    let (data, dictionary) = (words(3000), words(2000));
    for (level, window_bits) in [(1, 15), (6, 15), (9, 12), (1, -15), (6, -15)] {
        let options = DeflateOptions { level, window_bits, ..DeflateOptions::default() };
        let mut packed = Vec::new();
        let encoder = Encoder::with_dictionary(&deflates, &options, &dictionary).unwrap();
        let mut encoder = encoder.unwrap();
        append(&mut packed, &data, &mut encoder);
        let unpacked = |given: Option<Vec<u8>>| {
            let inflate = Spare::lease(&inflates, &window_bits).unwrap();
            let mut decoder = Decoder::new(inflate);
            match given {
                Some(given) if window_bits < 0 => decoder.set_dictionary(&given).unwrap(),
                Some(given) => decoder.offer(shared(given)),
                None => {}
            }
            let mut bytes = Vec::new();
            let mut input = &packed[..];
            let stop = grow(&mut bytes, 999, |out| feed(&mut decoder, &mut input, out));
            stop.map(|stop| (bytes, stop)).map_err(|error: Error| error.to_string())
        };
        assert!(unpacked(Some(dictionary.clone())) == Ok((data.clone(), Stop::End)));
        if window_bits > 0 {
            let other = "Error -3 while setting zdict: invalid input data";
            assert!(unpacked(Some(b"other".to_vec())) == Err(other.to_owned()));
            assert!(unpacked(None) == Err("Error 2 while decompressing data".to_owned()));
        }
    }
}

#[test]
fn what_is_wrong_is_told_in_the_words_of_zlib_again_and_again() {
    let spare = shared(Spare::<Inflate>::new());
    for (window_bits, data, message) in [
        (15, &b"\x79\x9c"[..], "incorrect header check"),
        (15, b"\x77\x85", "unknown compression method"),
        (9, b"\x78\x9c", "invalid window size"),
        (31, b"\x1f\x8b\x07\0", "unknown compression method"),
        (31, b"\x1f\x8b\x08\xff", "unknown header flags set"),
        (-15, b"\x07", "invalid block type"),
        (-15, b"\x01\0\0\0\0", "invalid stored block lengths"),
        (-15, b"\x03\x02\0\0\0\0", "invalid distance too far back"),
        (-15, b"\xfd\xff\xff", "too many length or distance symbols"),
        (15, b"\x78\x9c\x03\0\0\0\0\x02", "incorrect data check"),
    ] {
        let mut decoder = Decoder::new(Spare::lease(&spare, &window_bits).unwrap());
        for input in [data, b"", b"more"] {
            let mut memory = Memory::new(99);
            let error = feed(&mut decoder, &mut &*input, &mut memory.sink()).unwrap_err();
            assert_eq!(error.to_string(), format!("Error -3 while decompressing data: {message}"));
        }
    }
    assert_eq!(
        Error::truncated("while decompressing data").to_string(),
        "Error -5 while decompressing data: incomplete or truncated stream"
    );
}

#[test]
fn options_outside_of_the_limits_are_refused() {
    let deflates = shared(Spare::<Deflate>::new());
    let usual = DeflateOptions::default();
    for options in [
        DeflateOptions { level: 10, ..usual },
        DeflateOptions { level: -2, ..usual },
        DeflateOptions { method: 7, ..usual },
        DeflateOptions { window_bits: 7, ..usual },
        DeflateOptions { window_bits: -8, ..usual },
        DeflateOptions { window_bits: i32::MIN, ..usual },
        DeflateOptions { window_bits: 32, ..usual },
        DeflateOptions { mem_level: 0, ..usual },
        DeflateOptions { mem_level: 10, ..usual },
        DeflateOptions { strategy: 5, ..usual },
        DeflateOptions { strategy: -1, ..usual },
    ] {
        // Both of a new stream and of one that is used again.
        assert!(Spare::lease(&deflates, &options).is_err(), "{options:?}");
        drop(Spare::lease(&deflates, &usual).unwrap());
        assert!(Spare::lease(&deflates, &options).is_err(), "{options:?}");
    }
    let inflates = shared(Spare::<Inflate>::new());
    for window_bits in [-16, -7, 7, 48, 100, i32::MAX, i32::MIN] {
        assert!(Spare::lease(&inflates, &window_bits).is_err(), "{window_bits}");
        drop(Spare::lease(&inflates, &15).unwrap());
        assert!(Spare::lease(&inflates, &window_bits).is_err(), "{window_bits}");
    }
    for window_bits in (-99..200).chain([i32::MAX, i32::MIN]) {
        let (now, later) =
            (Spare::lease(&inflates, &window_bits), Decoder::lazy(&inflates, window_bits));
        assert_eq!(now.is_ok(), later.is_ok(), "{window_bits}");
    }
}

#[test]
fn checks_are_sums() {
    let data = words(40_000);
    for (start, end) in [(0, 0), (0, 1), (5, 20), (1, 5553), (3, 12_000), (0, 40_000)] {
        let part = &data[start..end];
        for first in [0, 1, 0x1234_5678, 0xfff0_fff0] {
            assert_eq!(adler32(part, first), naive_adler32(part, first), "{end} {first}");
            assert_eq!(crc32(part, first), naive_crc32(part, first), "{end} {first}");
        }
        for cut in [0, part.len() / 3, part.len()] {
            let (left, right) = part.split_at(cut);
            let len = right.len() as isize;
            let both = adler32_combine(adler32(left, 1), adler32(right, 1), len);
            assert_eq!(both, naive_adler32(part, 1));
            let both = crc32_combine(crc32(left, 0), crc32(right, 0), len);
            assert_eq!(both, naive_crc32(part, 0));
        }
    }
    assert_eq!(adler32_combine(1, 1, -1), u32::MAX);
    assert_eq!(crc32_combine(7, 9, -1), 9);
}

fn naive_adler32(data: &[u8], start: u32) -> u32 {
    let (mut low, mut high) = (start & 0xffff, start >> 16);
    for byte in data {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    low | high << 16
}

fn naive_crc32(data: &[u8], start: u32) -> u32 {
    let mut rest = !start;
    for byte in data {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            rest = rest >> 1 ^ if rest & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    !rest
}

fn texts() -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new(), b"a".to_vec(), vec![0; 1000], words(300), words(70_000)];
    all.push((0..3000).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect());
    all
}

/// Words in an order that looks random and is the same each time.
fn words(len: usize) -> Vec<u8> {
    const WORDS: [&str; 12] =
        ["the ", "of ", "and ", "return ", "if ", "self.", "not ", "(", ")\n", "    ", "x", "data"];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut text = Vec::new();
    while text.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.extend_from_slice(WORDS[(state >> 40) as usize % WORDS.len()].as_bytes());
        if state.is_multiple_of(9) {
            text.push((state >> 32) as u8);
        }
    }
    text.truncate(len);
    text
}
