//! The core of `_base64`: Base64 in the standard alphabet, padded (RFC 4648 section 4).
#![forbid(unsafe_code)]

use cpython_simd::{Full, Sink, base64};

/// How long the text for `len` bytes is; `None` when it is longer than an object can be.
pub fn encoded_len(len: usize) -> Option<usize> {
    len.div_ceil(3).checked_mul(4).filter(|&len| len <= isize::MAX.cast_unsigned())
}

/// Appends the text for `data`.
///
/// # Errors
///
/// [`Full`] when the sink has less room than [`encoded_len`].
pub fn encode(data: &[u8], out: &mut Sink) -> Result<(), Full> {
    base64::encode(data, ALPHABET, out)?;
    (0..(3 - data.len() % 3) % 3).try_for_each(|_| out.push(b'='))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
