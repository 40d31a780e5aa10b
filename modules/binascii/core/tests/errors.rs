//! The texts of the exceptions, as CPython 3.15 words them, and which input gets which.

use std::mem::MaybeUninit;

use binascii_core::{Error, Kind, Sink, alphabet, ascii85, base32, base64, base85, hex, uu};

#[test]
fn base64_in_strict_mode() {
    let strict = base64::DecodeOptions { strict_mode: Some(true), ..Default::default() };
    let unpadded = base64::DecodeOptions { padded: false, ..strict };
    let canonical = base64::DecodeOptions { canonical: true, ..strict };
    for (text, options, error) in [
        ("=QUJD", strict, "Leading padding not allowed"),
        ("QUJD=", strict, "Excess padding not allowed"),
        ("QUI==", strict, "Excess padding not allowed"),
        ("QUI=QUJD", strict, "Excess data after padding"),
        ("QU=JD", strict, "Discontinuous padding not allowed"),
        ("QUI=\n", strict, "Only base64 data is allowed"),
        ("QUI=", unpadded, "Padding not allowed"),
        ("QUI", strict, "Incorrect padding"),
        ("QUJ=", canonical, "Non-zero padding bits"),
        ("QUJDQ=", strict, FIVE_CHARACTERS),
    ] {
        fails(error, |out| base64::decode(text.as_bytes(), &options, out));
    }
}

#[test]
fn base64_otherwise() {
    let options = base64::DecodeOptions::default();
    fails(FIVE_CHARACTERS, |out| base64::decode(b"-Q-U-J-D-Q-", &options, out));
    fails("Incorrect padding", |out| base64::decode(b"QU=\n\n-", &options, out));
    let options = base64::EncodeOptions::default();
    let too_long = base64::encoded_len(isize::MAX as usize, &options).unwrap_err();
    is(too_long, Kind::Binascii, "Too much data for base64");
}

#[test]
fn base32_always() {
    let options = base32::DecodeOptions::default();
    let unpadded = base32::DecodeOptions { padded: false, ..options };
    let canonical = base32::DecodeOptions { canonical: true, ..options };
    for (text, options, error) in [
        ("=", options, "Leading padding not allowed"),
        ("MFRGGZDF=", options, "Excess padding not allowed"),
        ("ME======MFRA====", options, "Excess data after padding"),
        ("ME=ME===", options, "Discontinuous padding not allowed"),
        ("me======", options, "Only base32 data is allowed"),
        ("ME======", unpadded, "Padding not allowed"),
        ("ME=====", options, "Incorrect padding"),
        ("MF======", canonical, "Non-zero padding bits"),
        (
            "MFR=====",
            options,
            "Invalid base32-encoded string: number of data characters (3) cannot be 1, 3, or 6 \
             more than a multiple of 8",
        ),
    ] {
        fails(error, |out| base32::decode(text.as_bytes(), &options, out));
    }
    let options = base32::EncodeOptions::default();
    let too_long = base32::encoded_len(isize::MAX as usize, &options).unwrap_err();
    is(too_long, Kind::Binascii, "Too much data for base32");
}

#[test]
fn base85() {
    let options = base85::DecodeOptions::default();
    let canonical = base85::DecodeOptions { canonical: true, ..options };
    for (text, options, error) in [
        ("012\"4", options, "bad Base85 character at position 3"),
        ("00000|NsC1", options, "Base85 overflow in hunk starting at byte 5"),
        ("000000", options, "Incomplete Base85 group"),
        ("01", canonical, "Non-zero padding bits"),
    ] {
        fails(error, |out| base85::decode(text.as_bytes(), &options, out));
    }
    let options = base85::EncodeOptions::default();
    let too_long = base85::encoded_len(isize::MAX as usize, &options).unwrap_err();
    is(too_long, Kind::Binascii, "Too much data for Base85");
}

#[test]
fn ascii85() {
    let options = ascii85::DecodeOptions::default();
    let adobe = ascii85::DecodeOptions { adobe: true, ..options };
    let canonical = ascii85::DecodeOptions { canonical: true, ..options };
    for (text, options, error) in [
        (&b"<~87cUR"[..], adobe, "Ascii85 encoded byte sequences must end with b'~>'"),
        (b"s8W-\"", options, "Ascii85 overflow"),
        (b"!z", options, "'z' inside Ascii85 5-tuple"),
        (b"y", options, "Non-Ascii85 digit found: y"),
        (b"\xe9", options, "Non-Ascii85 digit found: \u{e9}"),
        (b"!!!!!!", options, "Incomplete Ascii85 group"),
        (b"!!!!!", canonical, "Non-canonical encoding, use 'z' for all-zero groups"),
        (b"!\"", canonical, "Non-zero padding bits"),
    ] {
        fails(error, |out| ascii85::decode(text, &options, out));
    }
    let options = ascii85::EncodeOptions::default();
    let too_long = ascii85::encoded_len_bound(isize::MAX as usize, &options).unwrap_err();
    is(too_long, Kind::Binascii, "Too much data for Ascii85");
}

#[test]
fn hex() {
    let options = hex::DecodeOptions { ignorechars: b":" };
    fails("Odd number of hexadecimal digits", |out| hex::decode(b"0:0:0", &options, out));
    fails("Non-hexadecimal digit found", |out| hex::decode(b"00 0", &options, out));
    let options = hex::EncodeOptions::default();
    let too_long = hex::encoded_len(isize::MAX as usize / 2, &options).unwrap_err();
    is(too_long, Kind::Memory, "");
}

#[test]
fn uuencode() {
    is(uu::decoded_len(b"").unwrap_err(), Kind::Binascii, "Missing length byte");
    fails("Illegal char", |out| uu::decode(b"#a", out));
    fails("Trailing garbage", |out| uu::decode(b"!    !", out));
    is(uu::encoded_len(46).unwrap_err(), Kind::Binascii, "At most 45 bytes at once");
}

#[test]
fn alphabets_of_the_wrong_length() {
    let error = alphabet::checked::<64>(alphabet::BASE85).unwrap_err();
    is(error, Kind::Value, "alphabet must have length 64");
    assert_eq!(alphabet::checked::<85>(alphabet::BASE85), Ok(alphabet::BASE85));
}

#[test]
fn a_sink_that_is_too_small() {
    let mut sink = Sink::new(&mut []);
    let error = hex::encode(b"a", &hex::EncodeOptions::default(), &mut sink).unwrap_err();
    assert_eq!(error.kind(), Kind::System);
}

#[track_caller]
fn fails(text: &str, decode: impl FnOnce(&mut Sink) -> Result<(), Error>) {
    let mut memory = [MaybeUninit::uninit(); 64];
    is(decode(&mut Sink::new(&mut memory)).unwrap_err(), Kind::Binascii, text);
}

#[track_caller]
fn is(error: Error, kind: Kind, text: &str) {
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
}

const FIVE_CHARACTERS: &str = "Invalid base64-encoded string: number of data characters (5) \
                               cannot be 1 more than a multiple of 4";
