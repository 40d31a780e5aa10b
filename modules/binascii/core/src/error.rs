//! What can go wrong, in the words of the exceptions.

use std::fmt;

use cpython_simd::Full;

/// Why something could not be encoded or decoded. `Display` gives the text of the exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The input is not what the encoding allows, in these words.
    Malformed(&'static str),
    /// Base64: this many characters of the alphabet leave one over.
    Base64Characters(usize),
    /// Base32: this many characters of the alphabet leave one, three or six over.
    Base32Characters(usize),
    /// Ascii85: a character that abbreviates a group is inside of one.
    Ascii85Abbreviation(u8),
    /// Ascii85: not a digit.
    Ascii85Digit(u8),
    /// Base85: not in the alphabet, at this position.
    Base85Character(usize),
    /// Base85: a group that is more than 32 bits, starting about here.
    Base85Overflow(usize),
    /// An alphabet must have this many characters.
    AlphabetLength(usize),
    /// The result would be larger than any object can be.
    TooLarge,
    /// The sink was too small: a mistake of the caller's.
    Full,
}

/// Which Python exception an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `binascii.Error`
    Binascii,
    /// `ValueError`
    Value,
    /// `MemoryError`, which has no text.
    Memory,
    /// `SystemError`
    System,
}

impl Error {
    /// Which exception this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::AlphabetLength(_) => Kind::Value,
            Self::TooLarge => Kind::Memory,
            Self::Full => Kind::System,
            _ => Kind::Binascii,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Malformed(text) => f.write_str(text),
            Self::Base64Characters(count) => write!(
                f,
                "Invalid base64-encoded string: number of data characters ({count}) cannot be \
                 1 more than a multiple of 4"
            ),
            Self::Base32Characters(count) => write!(
                f,
                "Invalid base32-encoded string: number of data characters ({count}) cannot be \
                 1, 3, or 6 more than a multiple of 8"
            ),
            Self::Ascii85Abbreviation(byte) => {
                write!(f, "'{}' inside Ascii85 5-tuple", char::from(byte))
            }
            Self::Ascii85Digit(byte) => write!(f, "Non-Ascii85 digit found: {}", char::from(byte)),
            Self::Base85Character(position) => {
                write!(f, "bad Base85 character at position {position}")
            }
            Self::Base85Overflow(position) => {
                write!(f, "Base85 overflow in hunk starting at byte {position}")
            }
            Self::AlphabetLength(len) => write!(f, "alphabet must have length {len}"),
            Self::TooLarge => Ok(()),
            Self::Full => Full.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Full> for Error {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}
