//! The examples of RFC 4648 section 10.

use std::mem::MaybeUninit;

use base64_core::{encode, encoded_len};
use cpython_simd::Sink;

#[test]
fn encodes_the_examples() {
    let texts = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
    for (len, text) in texts.into_iter().enumerate() {
        let mut memory = [MaybeUninit::uninit(); 8];
        let mut sink = Sink::new(&mut memory);
        encode(&b"foobar"[..len], &mut sink).unwrap();
        assert_eq!(sink.filled(), text.as_bytes());
        assert_eq!(encoded_len(len), Some(text.len()));
    }
}

#[test]
fn too_much_is_no_length() {
    assert_eq!(encoded_len(usize::MAX), None);
    assert_eq!(encoded_len(isize::MAX as usize), None);
    assert_eq!(encoded_len(isize::MAX as usize / 4 * 3 - 3), Some(isize::MAX as usize / 4 * 4 - 4));
}
