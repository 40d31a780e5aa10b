//! Every kernel at every level against the plainest way to say what it does.

use std::mem::MaybeUninit;

use cpython_simd::{Full, Level, Sink, base32, base64, crc, hex, mask};

#[test]
fn base64_encodes_like_the_definition() {
    each_level_and_input(|level, input, space| {
        for alphabet in [BASE64, URL_SAFE, CRYPT] {
            let expected = digits_of::<6>(input, alphabet);
            assert_eq!(base64::encoded_len(input.len()), expected.len());
            let mut sink = Sink::new(&mut space[..expected.len()]);
            base64::encode_at(level, input, alphabet, &mut sink).unwrap();
            assert_eq!(sink.filled(), expected);
        }
    });
}

#[test]
fn base64_decodes_what_it_encodes() {
    each_level_and_input(|level, input, space| {
        for alphabet in [BASE64, URL_SAFE, CRYPT, &high_alphabet()] {
            let table = base64::ReverseTable::new(alphabet, b'=');
            let encoded = digits_of::<6>(input, alphabet);
            let whole = input.len() / 3 * 3;
            let mut sink = Sink::new(&mut space[..whole]);
            let taken = base64::decode_prefix_at(level, &encoded, &table, &mut sink);
            assert_eq!((taken, sink.filled()), (whole / 3 * 4, &input[..whole]));
        }
    });
}

#[test]
fn base64_of_much_data() {
    let input = random(100_001);
    let mut space = vec![MaybeUninit::uninit(); 140_000];
    let table = base64::ReverseTable::new(CRYPT, b'=');
    let expected = digits_of::<6>(&input, CRYPT);
    for level in Level::available() {
        let mut sink = Sink::new(&mut space);
        base64::encode_at(level, &input, CRYPT, &mut sink).unwrap();
        assert!(sink.filled() == expected);
        let mut sink = Sink::new(&mut space);
        assert_eq!(base64::decode_prefix_at(level, &expected, &table, &mut sink), 133_332);
        assert!(sink.filled() == &input[..99_999]);
    }
}

#[test]
fn base64_passes_over_what_it_may() {
    let mut space = vec![MaybeUninit::uninit(); 10_000];
    let strict = base64::ReverseTable::new(BASE64, b'=');
    let line_ends = strict.clone().passing_over(b'\n').passing_over(b'\r').passing_over(b'A');
    let lenient = strict.clone().passing_over_others();
    let noise = random(20_000);
    let text = digits_of::<6>(&random(6000), BASE64);
    let lines = text.chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]);
    let mixed: Vec<u8> = text
        .iter()
        .zip(&noise)
        .flat_map(|(&byte, &noise)| {
            [byte, noise & 0x7f].into_iter().take(1 + usize::from(noise > 60))
        })
        .filter(|&byte| byte != b'=')
        .collect();
    let mut stopped = lines.clone();
    stopped[5000] = b'=';
    let mut high = mixed.clone();
    high[7001] = 0xc3;
    for level in Level::available() {
        for table in [&strict, &line_ends, &lenient] {
            for input in [&text, &lines, &mixed, &stopped, &high, &vec![b'\n'; 5000]] {
                for start in [0, 1, 2, 3, 50, 76] {
                    let input = &input[start..];
                    let mut sink = Sink::new(&mut space);
                    let taken = base64::decode_prefix_at(level, input, table, &mut sink);
                    let characters: Vec<u8> = input[..taken]
                        .iter()
                        .copied()
                        .filter(|&byte| table.value(byte).is_some())
                        .collect();
                    assert_eq!(characters.len() % 4, 0);
                    assert!(digits_of::<6>(sink.filled(), BASE64) == characters);
                }
            }
        }
        if level.name() == "avx512" {
            let mut sink = Sink::new(&mut space);
            assert!(
                base64::decode_prefix_at(level, &lines, &line_ends, &mut sink) + 64 > lines.len()
            );
            let mut sink = Sink::new(&mut space);
            let taken = base64::decode_prefix_at(level, &stopped, &lenient, &mut sink);
            assert!((5000 - 64..=5000).contains(&taken));
        }
    }
}

#[test]
fn base64_stops_at_each_wrong_character() {
    let mut space = [MaybeUninit::uninit(); 300];
    let table = base64::ReverseTable::new(BASE64, b'=');
    for level in Level::available() {
        let good = digits_of::<6>(&random(225), BASE64);
        for at in 0..good.len() {
            for wrong in [0, b'\n', b' ', b'=', b'-', b'_', b'{', 0x7f, 0x80, b'A' | 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] = wrong;
                let mut sink = Sink::new(&mut space);
                assert_eq!(base64::decode_prefix_at(level, &bad, &table, &mut sink), at / 4 * 4);
                assert_eq!(digits_of::<6>(sink.filled(), BASE64), good[..at / 4 * 4]);
            }
        }
    }
}

#[test]
fn base64_accepts_exactly_its_alphabet() {
    let table = base64::ReverseTable::new(URL_SAFE, b'=');
    let mut space = [MaybeUninit::uninit(); 60];
    for level in Level::available() {
        for byte in 0..=255 {
            let mut sink = Sink::new(&mut space);
            let taken = base64::decode_prefix_at(level, &[byte; 64], &table, &mut sink);
            assert_eq!(taken, if URL_SAFE.contains(&byte) { 64 } else { 0 });
            assert_eq!(table.value(byte).is_some(), URL_SAFE.contains(&byte));
        }
    }
}

#[test]
fn base64_repeated_characters_count_last_and_padding_never() {
    let mut alphabet = *BASE64;
    alphabet[7] = b'A';
    alphabet[8] = b'=';
    let table = base64::ReverseTable::new(&alphabet, b'=');
    assert_eq!((table.value(b'A'), table.value(b'='), table.value(b'B')), (Some(7), None, Some(1)));
}

#[test]
fn base32_encodes_like_the_definition_and_back() {
    each_level_and_input(|level, input, space| {
        for alphabet in [BASE32, &std::array::from_fn(|value| value as u8 * 7)] {
            let text = digits_of::<5>(input, alphabet);
            assert_eq!(base32::encoded_len(input.len()), text.len());
            let mut sink = Sink::new(&mut space[..text.len()]);
            base32::encode_at(level, input, alphabet, &mut sink).unwrap();
            assert_eq!(sink.filled(), text);
            let whole = input.len() / 5;
            let mut sink = Sink::new(&mut space[..whole * 5]);
            let taken = base32::decode_prefix_at(level, &text, &values_of(alphabet), &mut sink);
            let ascii = text.iter().position(|byte| !byte.is_ascii()).map_or(whole, |at| at / 8);
            assert!(taken == whole * 8 || taken == ascii * 8);
            assert_eq!(sink.filled(), &input[..taken / 8 * 5]);
        }
    });
}

#[test]
fn base32_stops_at_each_wrong_character() {
    let mut space = [MaybeUninit::uninit(); 300];
    let values = values_of(BASE32);
    for level in Level::available() {
        let good = digits_of::<5>(&random(225), BASE32);
        for at in 0..good.len() {
            for wrong in [0, b'\n', b'=', b'1', b'8', b'@', b'[', b'a', 0x7f, b'A' | 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] = wrong;
                let mut sink = Sink::new(&mut space);
                assert_eq!(base32::decode_prefix_at(level, &bad, &values, &mut sink), at / 8 * 8);
                assert_eq!(digits_of::<5>(sink.filled(), BASE32), good[..at / 8 * 8]);
            }
        }
    }
}

#[test]
fn decoders_stop_when_the_sink_is_full() {
    let table = base64::ReverseTable::new(BASE64, b'=');
    let mut space = [MaybeUninit::uninit(); 100];
    for level in Level::available() {
        for room in 0..100 {
            let mut sink = Sink::new(&mut space[..room]);
            assert_eq!(
                base64::decode_prefix_at(level, &[b'A'; 400], &table, &mut sink),
                room / 3 * 4
            );
            let mut sink = Sink::new(&mut space[..room]);
            let values = values_of(BASE32);
            let taken = base32::decode_prefix_at(level, &[b'A'; 400], &values, &mut sink);
            assert_eq!(taken, room / 5 * 8);
            let mut sink = Sink::new(&mut space[..room]);
            assert_eq!(hex::decode_prefix_at(level, &[b'0'; 400], &mut sink), room * 2);
        }
    }
}

#[test]
fn encoders_refuse_a_sink_that_is_too_small() {
    let mut space = [MaybeUninit::uninit(); 39];
    for level in Level::available() {
        let mut sink = Sink::new(&mut space);
        assert_eq!(base64::encode_at(level, &[0; 30], BASE64, &mut sink), Err(Full));
        assert_eq!(base32::encode_at(level, &[0; 25], BASE32, &mut sink), Err(Full));
        assert_eq!(hex::encode_at(level, &[0; 20], &mut sink), Err(Full));
        assert!(sink.is_empty());
    }
}

#[test]
fn hex_encodes_and_decodes_like_the_definition() {
    each_level_and_input(|level, input, space| {
        let lower: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut sink = Sink::new(&mut space[..lower.len()]);
        hex::encode_at(level, input, &mut sink).unwrap();
        assert_eq!(sink.filled(), lower.as_bytes());
        for mut digits in [lower.clone(), lower.to_uppercase()] {
            for odd in ["", "7"] {
                digits.push_str(odd);
                let mut sink = Sink::new(&mut space[..input.len()]);
                let taken = hex::decode_prefix_at(level, digits.as_bytes(), &mut sink);
                assert_eq!((taken, sink.filled()), (input.len() * 2, input));
            }
        }
    });
}

#[test]
fn hex_stops_at_each_wrong_digit() {
    let mut space = [MaybeUninit::uninit(); 300];
    for level in Level::available() {
        let good: String = random(150).iter().map(|byte| format!("{byte:02x}")).collect();
        for at in 0..good.len() {
            for wrong in *b"/:@G`g \n\x00\x16\x7f\x80\xb0\xe1\xff" {
                let mut bad = good.clone().into_bytes();
                bad[at] = wrong;
                let mut sink = Sink::new(&mut space);
                assert_eq!(hex::decode_prefix_at(level, &bad, &mut sink), at / 2 * 2);
                let again: String =
                    sink.filled().iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(again, good[..at / 2 * 2]);
            }
        }
    }
}

#[test]
fn hex_accepts_exactly_the_digits() {
    let mut space = [MaybeUninit::uninit(); 64];
    for level in Level::available() {
        for byte in 0..=255_u8 {
            let mut sink = Sink::new(&mut space);
            let taken = hex::decode_prefix_at(level, &[byte; 128], &mut sink);
            let value = char::from(byte).to_digit(16);
            assert_eq!(taken, if value.is_some() { 128 } else { 0 });
            assert_eq!(hex::value(byte).map(u32::from), value);
            assert_eq!(hex::byte([byte, b'a']).map(u32::from), value.map(|value| value << 4 | 10));
            assert_eq!(hex::byte([b'a', byte]).map(u32::from), value.map(|value| 10 << 4 | value));
        }
    }
}

#[test]
fn checks_are_remainders_of_bitwise_division() {
    each_level_and_input(|level, input, _| {
        for start in [0, 1, 0x31c3, 0xffff_ffff, 0x8000_0001] {
            assert_eq!(crc::crc32_at(level, input, start), crc32_of(input, start));
            let start = start as u16;
            assert_eq!(crc::crc_hqx_at(level, input, start), crc_hqx_of(input, start));
        }
    });
}

#[test]
fn checks_of_long_messages_are_those_of_their_parts() {
    let input = random(10_000);
    for level in Level::available() {
        for cut in [0, 1, 15, 16, 63, 255, 256, 257, 511, 512, 1000, 4096, 9999, 10_000] {
            let (start, end) = input.split_at(cut);
            let check = crc::crc32_at(level, end, crc::crc32_at(level, start, 7));
            assert_eq!(check, crc32_of(&input, 7));
            let check = crc::crc_hqx_at(level, end, crc::crc_hqx_at(level, start, 7));
            assert_eq!(check, crc_hqx_of(&input, 7));
        }
    }
}

#[test]
fn the_limit_decides_what_is_used() {
    for level in Level::available() {
        Level::limit(level);
        assert_eq!(Level::current(), level);
    }
}

/// Calls `check` at each level with inputs of all lengths up to 600, each at another alignment,
/// and with space for anything a kernel makes of them.
fn each_level_and_input(mut check: impl FnMut(Level, &[u8], &mut [MaybeUninit<u8>])) {
    let bytes = random(664);
    let mut space = [MaybeUninit::uninit(); 1400];
    for level in Level::available() {
        for len in 0..600 {
            let align = len % 64;
            check(level, &bytes[align..][..len], &mut space[len % 7..]);
        }
    }
}

fn digits_of<const BITS: usize>(input: &[u8], alphabet: &[u8]) -> Vec<u8> {
    let bits: Vec<u8> =
        input.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let value = |bits: &[u8]| bits.iter().fold(0, |sum, bit| sum * 2 + usize::from(*bit));
    bits.chunks(BITS).map(|bits| alphabet[value(bits) << (BITS - bits.len())]).collect()
}

fn values_of(alphabet: &[u8]) -> [u8; 256] {
    let mut values = [255; 256];
    for (value, &character) in alphabet.iter().enumerate() {
        values[usize::from(character)] = value as u8;
    }
    values
}

fn crc32_of(input: &[u8], start: u32) -> u32 {
    let mut sum = !start;
    for byte in input {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 != 0 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

fn crc_hqx_of(input: &[u8], start: u16) -> u16 {
    let mut sum = start;
    for byte in input {
        sum ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            sum = if sum & 0x8000 != 0 { sum << 1 ^ 0x1021 } else { sum << 1 };
        }
    }
    sum
}

#[test]
fn bits_of_bytes() {
    for bytes in random(16 * 5000).as_chunks::<16>().0 {
        let expected = (0..16).fold(0, |bits, i| bits | u16::from(bytes[i] >> 7) << i);
        assert_eq!((mask::top_bits(bytes), mask::top_bits_scalar(bytes)), (expected, expected));
    }
    for i in 0..16 {
        let bytes = std::array::from_fn(|at| if at == i { 0x80 } else { 0x7f });
        assert_eq!((mask::top_bits(&bytes), mask::top_bits_scalar(&bytes)), (1 << i, 1 << i));
    }
}

/// Bytes that look random and are the same each time (Marsaglia's xorshift).
fn random(len: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

/// An alphabet that the vector kernels leave to the scalar one.
fn high_alphabet() -> [u8; 64] {
    std::array::from_fn(|value| value as u8 * 3)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CRYPT: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
