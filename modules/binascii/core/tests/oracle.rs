//! Every codec against the plainest way to say what it does, on all small inputs and random ones.

use std::mem::MaybeUninit;

use binascii_core::{Error, Sink, alphabet, ascii85, base32, base64, base85, crc, hex, qp, uu};

#[test]
fn base64_encodes_like_the_definition() {
    for data in inputs() {
        for padded in [true, false] {
            for (wrapcol, width) in [(0, 0), (1, 4), (4, 4), (11, 8), (76, 76), (usize::MAX, 0)] {
                for newline in [true, false] {
                    for alphabet in [alphabet::BASE64, alphabet::URLSAFE_BASE64, alphabet::UU] {
                        let options = base64::EncodeOptions { padded, wrapcol, newline, alphabet };
                        let mut expected = wrapped(&radix(&data, 6, alphabet, padded, 4), width);
                        expected.extend(newline.then_some(b'\n'));
                        let len = base64::encoded_len(data.len(), &options).unwrap();
                        assert_eq!(len, expected.len());
                        let text = written(len, |out| base64::encode(&data, &options, out));
                        assert_eq!(text.unwrap(), expected);
                    }
                }
            }
        }
    }
}

#[test]
fn base64_decodes_like_the_definition() {
    for text in texts(b"AZ/=\n", 7).chain(mutations(b"AZ/=\n-")) {
        for padded in [true, false] {
            for strict in [true, false] {
                let options = base64::DecodeOptions {
                    strict_mode: Some(strict),
                    padded,
                    ..Default::default()
                };
                let decoded = written(base64::decoded_len_bound(&text, &options), |out| {
                    base64::decode(&text, &options, out)
                });
                let expected = from_radix(&text, 6, alphabet::BASE64, 4, padded, strict);
                assert_eq!(decoded.ok(), expected, "{} {options:?}", text.escape_ascii());
            }
        }
    }
}

#[test]
fn base64_skips_what_it_is_told_to_skip() {
    for data in inputs() {
        let text = radix(&data, 6, alphabet::BASE64, true, 4);
        for every in [1, 3, 4, 7, 76] {
            let broken = text.chunks(every).collect::<Vec<_>>().join(&b"\r\n"[..]);
            for (strict_mode, ignorechars) in
                [(Some(false), None), (None, Some(&b"\n\r"[..])), (Some(true), Some(b"\r-\n"))]
            {
                let options =
                    base64::DecodeOptions { strict_mode, ignorechars, ..Default::default() };
                let decoded = written(base64::decoded_len_bound(&broken, &options), |out| {
                    base64::decode(&broken, &options, out)
                });
                assert_eq!(decoded.unwrap(), data);
            }
        }
    }
}

#[test]
fn a_line_end_can_be_a_character() {
    let mut alphabet = *alphabet::BASE64;
    alphabet[63] = b'\n';
    let options = base64::DecodeOptions { alphabet: &alphabet, ..Default::default() };
    let text = b"AAA\n";
    let decoded = written(base64::decoded_len_bound(text, &options), |out| {
        base64::decode(text, &options, out)
    });
    assert_eq!(decoded.unwrap(), [0, 0, 63]);
}

#[test]
fn base32_encodes_like_the_definition() {
    for data in inputs() {
        for padded in [true, false] {
            for (wrapcol, width) in [(0, 0), (3, 8), (23, 16), (76, 72)] {
                for alphabet in [alphabet::BASE32, alphabet::BASE32HEX] {
                    let options = base32::EncodeOptions { padded, wrapcol, alphabet };
                    let expected = wrapped(&radix(&data, 5, alphabet, padded, 8), width);
                    let len = base32::encoded_len(data.len(), &options).unwrap();
                    assert_eq!(len, expected.len());
                    let text = written(len, |out| base32::encode(&data, &options, out));
                    assert_eq!(text.unwrap(), expected);
                }
            }
        }
    }
}

#[test]
fn base32_decodes_like_the_definition() {
    for text in texts(b"AZ=\n", 8).chain(mutations(b"AZ=\n8")) {
        for padded in [true, false] {
            let options = base32::DecodeOptions { padded, ..Default::default() };
            let decoded = written(base32::decoded_len_bound(&text, &options), |out| {
                base32::decode(&text, &options, out)
            });
            let expected = from_radix(&text, 5, alphabet::BASE32, 8, padded, true);
            assert_eq!(decoded.ok(), expected, "{} {padded}", text.escape_ascii());
        }
    }
}

#[test]
fn base85_encodes_like_the_definition_and_back() {
    for data in inputs() {
        for pad in [true, false] {
            for (wrapcol, width) in [(0, 0), (1, 5), (12, 10), (76, 75)] {
                for alphabet in [alphabet::BASE85, alphabet::Z85] {
                    let options = base85::EncodeOptions { pad, wrapcol, alphabet };
                    let expected = wrapped(&base85_of(&data, alphabet, pad), width);
                    let len = base85::encoded_len(data.len(), &options).unwrap();
                    assert_eq!(len, expected.len());
                    let text = written(len, |out| base85::encode(&data, &options, out)).unwrap();
                    assert_eq!(text, expected);
                    let options =
                        base85::DecodeOptions { alphabet, ignorechars: b"\n", canonical: true };
                    let decoded = base85_decoded(&text, &options).unwrap();
                    assert_eq!(decoded[..data.len()], data);
                    assert!(decoded[data.len()..].iter().all(|&byte| byte == 0));
                }
            }
        }
    }
}

#[test]
fn base85_is_canonical_when_an_encoder_writes_it() {
    let all = (0..85_u32.pow(3)).step_by(7).map(|n| vec![n / 85 / 85, n / 85 % 85, n % 85]);
    let all = all.chain((0..85 * 85).map(|n| vec![n / 85, n % 85]));
    for digits in all {
        let text: Vec<u8> = digits.iter().map(|&n| alphabet::BASE85[n as usize]).collect();
        let options = base85::DecodeOptions::default();
        let canonical = base85::DecodeOptions { canonical: true, ..options };
        match base85_decoded(&text, &options) {
            Ok(data) => {
                let again = base85_of(&data, alphabet::BASE85, false) == text;
                assert_eq!(base85_decoded(&text, &canonical).is_ok(), again);
            }
            Err(error) => assert!(matches!(error, Error::Base85Overflow(_))),
        }
    }
}

#[test]
fn ascii85_encodes_like_the_definition_and_back() {
    for data in inputs() {
        for (foldspaces, pad, adobe) in BOOLS3 {
            for wrapcol in [0, 1, 2, 5, 19] {
                let options = ascii85::EncodeOptions { foldspaces, wrapcol, pad, adobe };
                let expected = ascii85_of(&data, &options);
                let len = ascii85::encoded_len_bound(data.len(), &options).unwrap();
                let text = written(len, |out| ascii85::encode(&data, &options, out)).unwrap();
                assert_eq!(text.escape_ascii().to_string(), expected.escape_ascii().to_string());
                let options = ascii85::DecodeOptions {
                    foldspaces,
                    adobe,
                    ignorechars: b"\n",
                    canonical: true,
                };
                let len = ascii85::decoded_len_bound(&text).unwrap();
                let decoded = written(len, |out| ascii85::decode(&text, &options, out)).unwrap();
                assert_eq!(decoded[..data.len()], data);
                assert!(decoded[data.len()..].iter().all(|&byte| byte == 0));
            }
        }
    }
}

#[test]
fn hex_encodes_like_the_definition_and_back() {
    for data in inputs() {
        for bytes_per_sep in [0, 1, -1, 2, -2, 3, 4, -4, 8, 16, -17, isize::MAX, isize::MIN] {
            let options = hex::EncodeOptions { sep: Some(b':'), bytes_per_sep };
            let size = bytes_per_sep.unsigned_abs().max(1);
            let pairs: Vec<String> = data.iter().map(|byte| format!("{byte:02x}")).collect();
            let groups: Vec<String> = match bytes_per_sep {
                0 => vec![pairs.concat()],
                1.. => pairs.rchunks(size).rev().map(<[String]>::concat).collect(),
                _ => pairs.chunks(size).map(<[String]>::concat).collect(),
            };
            let expected = groups.join(":");
            let len = hex::encoded_len(data.len(), &options).unwrap();
            assert_eq!(len, expected.len());
            let text = written(len, |out| hex::encode(&data, &options, out)).unwrap();
            assert_eq!(text, expected.as_bytes());
            let options = hex::DecodeOptions { ignorechars: b"-:" };
            let len = hex::decoded_len_bound(text.len());
            assert_eq!(written(len, |out| hex::decode(&text, &options, out)).unwrap(), data);
        }
    }
}

#[test]
fn uu_encodes_like_the_definition_and_back() {
    for data in inputs().filter(|data| data.len() <= 45) {
        for backtick in [false, true] {
            let mut expected = vec![b' ' + data.len() as u8];
            let whole: Vec<u8> = data.iter().copied().chain([0; 2]).collect();
            let whole = &whole[..data.len().div_ceil(3) * 3];
            expected.extend(radix(whole, 6, alphabet::UU, false, 4));
            if backtick {
                expected.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'`');
            }
            expected.push(b'\n');
            let options = uu::EncodeOptions { backtick };
            let len = uu::encoded_len(data.len()).unwrap();
            let line = written(len, |out| uu::encode(&data, &options, out)).unwrap();
            assert_eq!(line, expected);
            // Blanks at the end may be missing, or there may be more of them.
            let end = line.iter().rposition(|byte| !b" \n".contains(byte)).map_or(1, |at| at + 1);
            for line in [&line[..], &line[..end], &[&line[..], b" `\r\n"].concat()] {
                let len = uu::decoded_len(line).unwrap();
                assert_eq!(written(len, |out| uu::decode(line, out)).unwrap(), data);
            }
        }
    }
}

#[test]
fn qp_writes_short_lines_of_ascii_that_mean_the_data() {
    for data in inputs().chain(texts(b"a .\r\n=_\t", 4)).chain(mutations(b" \n\r.=\t")) {
        for (quotetabs, istext, header) in BOOLS3 {
            let options = qp::EncodeOptions { quotetabs, istext, header };
            let len = qp::encoded_len_bound(&data, &options).unwrap();
            let text = written(len, |out| qp::encode(&data, &options, out)).unwrap();
            assert!(text.iter().all(|byte| byte.is_ascii()));
            for line in text.split_inclusive(|&byte| byte == b'\n') {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                let line =
                    line.strip_suffix(b"\r").filter(|_| text.ends_with(b"\n")).unwrap_or(line);
                // Quoting a blank, or breaking, before a line feed comes on top of 76 columns.
                assert!(line.len() <= 78, "{text:?}");
                assert!(!line.ends_with(b" ") && !line.ends_with(b"\t"), "{text:?}");
            }
            let options = qp::DecodeOptions { header };
            let len = qp::decoded_len_bound(text.len());
            let decoded = written(len, |out| qp::decode(&text, &options, out)).unwrap();
            if istext {
                assert_eq!(without_returns(&decoded), without_returns(&data));
            } else {
                assert_eq!(decoded, data);
            }
        }
    }
}

#[test]
fn qp_takes_little_more_room_than_it_needs() {
    let data = [&random(40_000)[..], &b"a word \t\r\n".repeat(5000)].concat();
    for (quotetabs, istext, header) in BOOLS3 {
        let options = qp::EncodeOptions { quotetabs, istext, header };
        let len = qp::encoded_len_bound(&data, &options).unwrap();
        let text = written(len, |out| qp::encode(&data, &options, out)).unwrap();
        assert!(text.len() > len / 5 * 4, "{} {len}", text.len());
    }
}

#[test]
fn checks_of_the_catalogue() {
    // From the catalogue of parametrised CRC algorithms: CRC-32/ISO-HDLC and CRC-16/XMODEM.
    assert_eq!(crc::crc32(b"123456789", 0), 0xcbf4_3926);
    assert_eq!(crc::crc_hqx(b"123456789", 0), 0x31c3);
    assert_eq!(crc::crc_hqx(b"123456789", 0xabcd_0000), 0x31c3);
}

/// What `write` writes to a sink with room for `len` bytes.
fn written(
    len: usize,
    write: impl FnOnce(&mut Sink) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut memory = vec![MaybeUninit::uninit(); len];
    let mut sink = Sink::new(&mut memory);
    write(&mut sink)?;
    Ok(sink.filled().to_vec())
}

fn base85_decoded(text: &[u8], options: &base85::DecodeOptions) -> Result<Vec<u8>, Error> {
    written(base85::decoded_len_bound(text.len()), |out| base85::decode(text, options, out))
}

/// The bits of `data`, `width` at a time, as characters; filled up to whole groups when `padded`.
fn radix(data: &[u8], width: usize, alphabet: &[u8], padded: bool, group: usize) -> Vec<u8> {
    let bits: Vec<u8> =
        data.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1)).collect();
    let value = |bits: &[u8]| bits.iter().fold(0, |sum, bit| sum * 2 + usize::from(*bit));
    let mut text: Vec<u8> =
        bits.chunks(width).map(|bits| alphabet[value(bits) << (width - bits.len())]).collect();
    while padded && !text.len().is_multiple_of(group) {
        text.push(b'=');
    }
    text
}

/// The bytes that `text` means. Whoever is not strict looks only at characters of the alphabet and
/// at what padding comes after the last of them.
fn from_radix(
    text: &[u8],
    width: usize,
    alphabet: &[u8],
    group: usize,
    padded: bool,
    strict: bool,
) -> Option<Vec<u8>> {
    let last = text.iter().rposition(|byte| alphabet.contains(byte)).map_or(0, |at| at + 1);
    let (data, end) = text.split_at(last);
    if strict && data.iter().any(|byte| !alphabet.contains(byte)) {
        return None;
    }
    let values: Vec<usize> =
        data.iter().filter_map(|byte| alphabet.iter().position(|other| other == byte)).collect();
    let pads = end.iter().filter(|&&byte| byte == b'=').count();
    let missing = values.len().next_multiple_of(group) - values.len();
    let left_over = values.len() % group * width % 8 >= width;
    let wrong_pads = padded && if strict { pads != missing } else { pads < missing };
    let wrong_end = strict && end.len() != if padded { pads } else { 0 };
    if left_over || wrong_pads || wrong_end {
        return None;
    }
    let bits: Vec<usize> =
        values.iter().flat_map(|value| (0..width).rev().map(move |n| value >> n & 1)).collect();
    Some(
        bits.chunks_exact(8)
            .map(|bits| bits.iter().fold(0, |sum, &bit| sum * 2 + bit as u8))
            .collect(),
    )
}

fn base85_of(data: &[u8], alphabet: &[u8; 85], pad: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for group in data.chunks(4) {
        let number =
            (0..4).fold(0, |sum, at| sum * 256 + group.get(at).map_or(0, |&byte| u64::from(byte)));
        let digits = [52_200_625, 614_125, 7225, 85, 1]
            .map(|power| alphabet[(number / power % 85) as usize]);
        text.extend(&digits[..if pad { 5 } else { group.len() + 1 }]);
    }
    text
}

fn ascii85_of(data: &[u8], options: &ascii85::EncodeOptions) -> Vec<u8> {
    let mut text = Vec::new();
    text.extend(if options.adobe { &b"<~"[..] } else { b"" });
    for group in data.chunks(4) {
        match group {
            [0, 0, 0, 0] => text.push(b'z'),
            b"    " if options.foldspaces => text.push(b'y'),
            [0, ..] if options.pad && group.iter().all(|&byte| byte == 0) => text.push(b'z'),
            _ => text.extend(base85_of(group, alphabet::ASCII85, options.pad)),
        }
    }
    text.extend(if options.adobe { &b"~>"[..] } else { b"" });
    let width = if options.adobe && options.wrapcol == 1 { 2 } else { options.wrapcol };
    let text = wrapped(&text, width);
    match text.strip_suffix(b"~\n>") {
        Some(text) if options.adobe => [text, b"\n~>"].concat(),
        _ => text,
    }
}

fn wrapped(text: &[u8], width: usize) -> Vec<u8> {
    if width == 0 { text.to_vec() } else { text.chunks(width).collect::<Vec<_>>().join(&b'\n') }
}

/// The text without carriage returns: those before a line feed come and go with the first line end.
fn without_returns(text: &[u8]) -> String {
    text.escape_ascii().to_string().replace("\\r", "")
}

/// All inputs of one byte, many of two, and random ones of all lengths up to 130, some of them
/// with runs of zeros and blanks.
fn inputs() -> impl Iterator<Item = Vec<u8>> {
    let one = (0..=255).map(|byte| vec![byte]);
    let two = (0..=u16::MAX).step_by(251).map(|number| number.to_be_bytes().to_vec());
    let random = random(130);
    let dull = b"    \0\0\0\0x \0    \0\0\0\0  \t\n.\n \r\n".repeat(5);
    let more = (0..=130).flat_map(move |len| [random[..len].to_vec(), dull[..len].to_vec()]);
    one.chain(two).chain(more)
}

/// All texts of these characters up to a length.
fn texts(characters: &'static [u8], longest: u32) -> impl Iterator<Item = Vec<u8>> {
    (0..=longest).flat_map(move |len| {
        (0..characters.len().pow(len)).map(move |number| {
            let digits = (0..len).map(|n| number / characters.len().pow(n) % characters.len());
            digits.map(|digit| characters[digit]).collect()
        })
    })
}

/// A long text with each of these characters in each place, instead of and before what is there.
fn mutations(characters: &'static [u8]) -> impl Iterator<Item = Vec<u8>> {
    let text = b"QUJD".repeat(40);
    (0..text.len()).flat_map(move |at| {
        let text = text.clone();
        characters.iter().flat_map(move |&character| {
            let (start, end) = text.split_at(at);
            [[start, &[character], end].concat(), [start, &[character], &end[1..]].concat()]
        })
    })
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

const BOOLS3: [(bool, bool, bool); 8] = [
    (false, false, false),
    (false, false, true),
    (false, true, false),
    (false, true, true),
    (true, false, false),
    (true, false, true),
    (true, true, false),
    (true, true, true),
];
