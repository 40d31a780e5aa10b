//! The alphabets that the module offers, and what undoes an alphabet.

use crate::error::Error;

/// Base64 (RFC 4648 section 4).
pub const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Base64 for names of files and in addresses (RFC 4648 section 5).
pub const URLSAFE_BASE64: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Hashes of passwords, as `crypt()` writes them.
pub const CRYPT: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Uuencode: 64 characters from the space on.
pub const UU: &[u8; 64] = b" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";
/// BinHex 4 (RFC 1741).
pub const BINHEX: &[u8; 64] = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
/// Base85 as in git and Mercurial (RFC 1924).
pub const BASE85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/// Ascii85: 85 characters from the exclamation mark on.
pub const ASCII85: &[u8; 85] =
    b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstu";
/// Z85 of ZeroMQ (RFC 32 of the ZeroMQ project).
pub const Z85: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
/// Base32 (RFC 4648 section 6).
pub const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Base32 that sorts like the data (RFC 4648 section 7).
pub const BASE32HEX: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";

/// The alphabet that a caller gave.
///
/// # Errors
///
/// [`Error::AlphabetLength`] when it does not have `N` characters.
pub fn checked<const N: usize>(alphabet: &[u8]) -> Result<&[u8; N], Error> {
    alphabet.try_into().map_err(|_| Error::AlphabetLength(N))
}

/// The value of each character of `alphabet`, and 255 for all other bytes. Of a character that
/// occurs twice the last counts, and `pad` is never a character.
pub const fn reverse_table(alphabet: &[u8], pad: Option<u8>) -> [u8; 256] {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < alphabet.len() {
        values[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    if let Some(pad) = pad {
        values[pad as usize] = u8::MAX;
    }
    values
}
