//! What can go wrong, in the words of `zlib.error`.
use std::fmt;

use cpython_zlib::ReturnCode;

use crate::decoder::DECOMPRESSING;

/// Why a stream could not do something. `Display` gives the text of the exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    code: ReturnCode,
    doing: &'static str,
    message: Option<&'static str>,
}

impl Error {
    /// zlib's code, what was being done, and zlib's own words if it has any.
    pub(crate) fn new(
        code: ReturnCode,
        doing: &'static str,
        message: Option<&'static str>,
    ) -> Self {
        Self { code, doing, message }
    }

    /// The stream is no more; `message` is the last it said.
    pub fn over(doing: &'static str, message: Option<&'static str>) -> Self {
        Self::new(ReturnCode::StreamError, doing, message)
    }

    /// There is no memory.
    pub(crate) fn no_memory(doing: &'static str) -> Self {
        Self::new(ReturnCode::MemError, doing, None)
    }

    /// The input ends before the stream does.
    pub fn truncated(doing: &'static str) -> Self {
        Self::new(ReturnCode::BufError, doing, None)
    }

    /// Whether the input is to blame, and not a dictionary.
    pub fn is_about_data(&self) -> bool {
        self.doing == DECOMPRESSING
    }

    /// Whether it does not say what is wrong with the data: see [`Decoder::explain`](crate::Decoder::explain).
    pub fn is_vague(&self) -> bool {
        self.code == ReturnCode::DataError && self.message.is_none() && self.is_about_data()
    }

    /// Whether there was no memory.
    pub fn is_no_memory(&self) -> bool {
        self.code == ReturnCode::MemError
    }

    /// Whether a dictionary is all that is missing.
    pub fn needs_dictionary(&self) -> bool {
        self.code == ReturnCode::NeedDict
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error {} {}", self.code as i32, self.doing)?;
        let usual = match self.code {
            ReturnCode::BufError => Some("incomplete or truncated stream"),
            ReturnCode::StreamError => Some("inconsistent stream state"),
            ReturnCode::DataError => Some("invalid input data"),
            _ => None,
        };
        match self.message.or(usual) {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
