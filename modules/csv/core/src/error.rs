//! What can go wrong: [`Error`].
use std::fmt;

/// Why a line cannot be read, or a row not written. Shown, it is the text of the exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A field is longer than this many characters.
    FieldLimit(isize),
    /// Something stands behind a line end that is not quoted.
    NewLine,
    /// Neither delimiter nor line end stands behind a closing quote.
    AfterQuote {
        /// The delimiter of the dialect, which may be a surrogate.
        delimiter: u32,
        /// The quote of the dialect, which may be a surrogate.
        quote: u32,
    },
    /// The input ends inside a field.
    UnexpectedEnd,
    /// A character must be escaped in a dialect without an escape.
    NeedEscape,
    /// A field without any text cannot be told from the spaces around it.
    EmptyAmongSpaces,
    /// A row of one empty field cannot be told from a row without fields.
    SingleEmpty,
    /// There is not enough memory.
    Memory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match *self {
            Self::FieldLimit(limit) => {
                return write!(f, "field larger than field limit ({limit})");
            }
            Self::AfterQuote { delimiter, quote } => {
                let shown = |c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER);
                return write!(f, "'{}' expected after '{}'", shown(delimiter), shown(quote));
            }
            Self::NewLine => {
                "new-line character seen in unquoted field - \
                 do you need to open the file with newline=''?"
            }
            Self::UnexpectedEnd => "unexpected end of data",
            Self::NeedEscape => "need to escape, but no escapechar set",
            Self::EmptyAmongSpaces => {
                "empty field must be quoted if delimiter is a space and skipinitialspace is true"
            }
            Self::SingleEmpty => "single empty field record must be quoted",
            Self::Memory => "out of memory",
        };
        f.write_str(text)
    }
}

impl std::error::Error for Error {}
