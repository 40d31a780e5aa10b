//! What ends the reading of a document before its value is whole.
use core::fmt;

/// Why there is no value. `E` is what the building of objects can fail with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The document is broken.
    Broken(Broken),
    /// There is no value at this place, and it is for the caller to say what that means.
    NoValue(usize),
    /// An object could not be built.
    Build(E),
}

/// Where a document is broken, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// What is wrong.
    pub kind: Kind,
    /// Which character; -1 for the quote before the first one.
    pub at: isize,
}

/// What can be wrong with a document; `Display` gives the text of C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A key does not begin with a quote.
    PropertyName,
    /// There is no colon behind a key.
    Colon,
    /// There is no comma between two items.
    Comma,
    /// An object ends behind a comma.
    TrailingCommaInObject,
    /// An array ends behind a comma.
    TrailingCommaInArray,
    /// A control character in a string.
    ControlCharacter,
    /// A string without an end.
    Unterminated,
    /// A backslash before something else than an escape.
    Escape,
    /// `\u` without four hexadecimal digits.
    UnicodeEscape,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PropertyName => "Expecting property name enclosed in double quotes",
            Self::Colon => "Expecting ':' delimiter",
            Self::Comma => "Expecting ',' delimiter",
            Self::TrailingCommaInObject => "Illegal trailing comma before end of object",
            Self::TrailingCommaInArray => "Illegal trailing comma before end of array",
            Self::ControlCharacter => "Invalid control character at",
            Self::Unterminated => "Unterminated string starting at",
            Self::Escape => "Invalid \\escape",
            Self::UnicodeEscape => "Invalid \\uXXXX escape",
        })
    }
}
