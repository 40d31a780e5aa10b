//! What can be wrong with a file, in CPython's words.
use std::fmt;

use crate::footer::Fault;
use crate::quote::Quoted;

/// What is wrong; the text is that of CPython's exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The file could not be read.
    Source(E),
    /// There is not enough memory.
    NoMemory,
    /// The first four bytes are not `TZif`.
    NoMagic,
    /// The byte that tells the version is no digit, or missing.
    Version(Option<u8>),
    /// A block is shorter, or longer, than this.
    Length(i64),
    /// There are fewer than no transitions.
    TransitionCount,
    /// There are fewer than no types of time.
    TypeCount,
    /// A transition to a type of time that there is not.
    Transition(u8),
    /// An abbreviation that is no UTF-8.
    Abbreviation(Vec<u8>),
    /// Something else where the line break before the footer belongs.
    LineBreak(Vec<u8>),
    /// The footer does not end.
    Unended,
    /// Neither a type of time nor a footer.
    Empty,
    /// What is wrong with the footer, which follows.
    Footer(Fault, Vec<u8>),
}

/// The kind of exception that an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Python's")]
pub enum Kind {
    MemoryError,
    ValueError,
    AssertionError,
    UnicodeDecodeError,
    StructError,
}

impl<E> Error<E> {
    /// The kind; that of the source's own error is the source's business.
    ///
    /// # Errors
    /// The source's error.
    pub fn kind(self) -> Result<(Kind, Self), E> {
        let kind = match self {
            Self::Source(error) => return Err(error),
            Self::NoMemory => Kind::MemoryError,
            Self::Length(_) | Self::TransitionCount => Kind::StructError,
            Self::Abbreviation(_) => Kind::UnicodeDecodeError,
            Self::LineBreak(_) => Kind::AssertionError,
            _ => Kind::ValueError,
        };
        Ok((kind, self))
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(_) => f.write_str("the file cannot be read"),
            Self::NoMemory => f.write_str("out of memory"),
            Self::NoMagic => f.write_str("Invalid TZif file: magic not found"),
            Self::Version(byte) => {
                let byte = Quoted(byte.as_slice());
                write!(f, "invalid literal for int() with base 10: {byte}")
            }
            Self::Length(length) => write!(f, "unpack requires a buffer of {length} bytes"),
            Self::TransitionCount => f.write_str("bad char in struct format"),
            Self::TypeCount => f.write_str("not enough values to unpack (expected 3, got 0)"),
            Self::Transition(index) => {
                write!(f, "Invalid transition index found while reading TZif: {index}")
            }
            Self::Abbreviation(text) => write!(f, "an abbreviation is no UTF-8: {}", Quoted(text)),
            Self::LineBreak(found) => write!(f, "{}", Quoted(found)),
            Self::Unended => f.write_str("Invalid TZif file: unexpected end of file"),
            Self::Empty => f.write_str("No time zone information found."),
            Self::Footer(fault, footer) => write!(f, "{fault} {}", Quoted(footer)),
        }
    }
}

/// Makes room for one more and puts it there.
pub(crate) fn push<T, E>(items: &mut Vec<T>, item: T) -> Result<(), Error<E>> {
    items.try_reserve(1).map_err(|_| Error::NoMemory)?;
    items.push(item);
    Ok(())
}

/// A copy.
pub(crate) fn copy<E>(bytes: &[u8]) -> Result<Vec<u8>, Error<E>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| Error::NoMemory)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}
