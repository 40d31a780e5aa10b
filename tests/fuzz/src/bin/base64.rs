//! Base64 against its definition: six bits a character.
#![no_main]

use base64_core::{encode, encoded_len};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let len = encoded_len(data.len()).expect("short enough");
    let text = fuzz::written(len, |out| encode(data, out)).expect("there is room");
    let bits = |at: usize| {
        (0..6).fold(0, |sum, bit| {
            let bit = at * 6 + bit;
            sum * 2 + data.get(bit / 8).map_or(0, |byte| usize::from(byte >> (7 - bit % 8) & 1))
        })
    };
    let digits = (0..(data.len() * 8).div_ceil(6)).map(|at| ALPHABET[bits(at)]);
    let expected: Vec<u8> = digits.chain(std::iter::repeat(b'=')).take(len).collect();
    assert_eq!(text, expected);
});

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
