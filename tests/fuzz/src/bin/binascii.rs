//! Codecs and checksums of binascii: what is encoded is decoded again, no text needs more room than is foretold, and vector
//! instructions change nothing.
#![no_main]

use arbitrary::Arbitrary;
use binascii_core::{Error, alphabet, ascii85, base64, crc};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    padded: bool,
    strict: Option<bool>,
    canonical: bool,
    newline: bool,
    adobe: bool,
    foldspaces: bool,
    wrapcol: u8,
    ignored: Option<&'a [u8]>,
    data: &'a [u8],
}

libfuzzer_sys::fuzz_target!(|input: Input<'_>| {
    base64_both_ways(&input);
    ascii85_both_ways(&input);
    checksums(input.data);
});

fn base64_both_ways(input: &Input<'_>) {
    let &Input { padded, newline, canonical, data, .. } = input;
    for alphabet in [alphabet::BASE64, alphabet::URLSAFE_BASE64] {
        let options =
            base64::EncodeOptions { padded, wrapcol: input.wrapcol.into(), newline, alphabet };
        let len = base64::encoded_len(data.len(), &options).expect("short enough");
        let text =
            fuzz::written(len, |out| base64::encode(data, &options, out)).expect("there is room");
        assert_eq!(text.len(), len);
        let options = base64::DecodeOptions {
            strict_mode: Some(false),
            padded,
            alphabet,
            ignorechars: None,
            canonical: false,
        };
        let room = base64::decoded_len_bound(&text, &options);
        let back = fuzz::written(room, |out| base64::decode(&text, &options, out));
        assert_eq!(back.as_deref(), Ok(data));
        let options = base64::DecodeOptions {
            strict_mode: input.strict,
            padded,
            alphabet,
            ignorechars: input.ignored,
            canonical,
        };
        let room = base64::decoded_len_bound(data, &options);
        let any = fuzz::written(room, |out| base64::decode(data, &options, out));
        assert_ne!(any, Err(Error::Full));
    }
}

fn ascii85_both_ways(input: &Input<'_>) {
    let &Input { foldspaces, adobe, canonical, data, .. } = input;
    let options =
        ascii85::EncodeOptions { foldspaces, wrapcol: input.wrapcol.into(), pad: false, adobe };
    let room = ascii85::encoded_len_bound(data.len(), &options).expect("short enough");
    let text =
        fuzz::written(room, |out| ascii85::encode(data, &options, out)).expect("there is room");
    let options =
        ascii85::DecodeOptions { foldspaces, adobe, ignorechars: b"\n", canonical: false };
    let room = ascii85::decoded_len_bound(&text).expect("short enough");
    let back = fuzz::written(room, |out| ascii85::decode(&text, &options, out));
    assert_eq!(back.as_deref(), Ok(data));
    let ignorechars = input.ignored.unwrap_or_default();
    let options = ascii85::DecodeOptions { foldspaces, adobe, ignorechars, canonical };
    if let Ok(room) = ascii85::decoded_len_bound(data) {
        assert_ne!(
            fuzz::written(room, |out| ascii85::decode(data, &options, out)),
            Err(Error::Full)
        );
    }
}

/// A checksum of two parts is that of the whole; and each is what its polynomial says.
fn checksums(data: &[u8]) {
    let (front, back) = data.split_at(data.len() / 3);
    assert_eq!(crc::crc32(data, 0), crc::crc32(back, crc::crc32(front, 0)));
    assert_eq!(crc::crc_hqx(data, 0), crc::crc_hqx(back, crc::crc_hqx(front, 0)));
    let by_bits = data.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    });
    assert_eq!(crc::crc32(data, 0), !by_bits);
}
