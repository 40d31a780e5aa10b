//! Where a file's bytes come from.
use std::convert::Infallible;

use crate::error::Error;

/// A file, as far as its reader needs one: the methods of Python's binary files.
pub trait Source {
    /// What goes wrong.
    type Error;

    /// Puts what `read(count)` gives into `out`, whatever was there; all the rest for a negative count.
    ///
    /// The count is what a file says. It may give less, and must not make room for more.
    ///
    /// # Errors
    /// The source's own; [`Error::NoMemory`].
    fn read(&mut self, count: i64, out: &mut Vec<u8>) -> Result<(), Error<Self::Error>>;

    /// Moves on by so many bytes, or back.
    ///
    /// # Errors
    /// The source's own.
    fn seek(&mut self, distance: i64) -> Result<(), Error<Self::Error>>;

    /// Puts what `readline()` gives into `out`, whatever was there.
    ///
    /// # Errors
    /// The source's own; [`Error::NoMemory`].
    fn read_line(&mut self, out: &mut Vec<u8>) -> Result<(), Error<Self::Error>>;
}

/// Bytes in memory, read as `io.BytesIO` reads them.
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    /// At the beginning of the bytes.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    fn take(&mut self, count: usize, out: &mut Vec<u8>) -> Result<(), Error<Infallible>> {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let taken = rest.get(..count).unwrap_or(rest);
        out.clear();
        out.try_reserve(taken.len()).map_err(|_| Error::NoMemory)?;
        out.extend_from_slice(taken);
        self.at = self.at.saturating_add(taken.len());
        Ok(())
    }
}

impl Source for Bytes<'_> {
    type Error = Infallible;

    fn read(&mut self, count: i64, out: &mut Vec<u8>) -> Result<(), Error<Infallible>> {
        self.take(usize::try_from(count).unwrap_or(usize::MAX), out)
    }

    fn seek(&mut self, distance: i64) -> Result<(), Error<Infallible>> {
        let way = usize::try_from(distance.unsigned_abs()).unwrap_or(usize::MAX);
        self.at =
            if distance < 0 { self.at.saturating_sub(way) } else { self.at.saturating_add(way) };
        Ok(())
    }

    fn read_line(&mut self, out: &mut Vec<u8>) -> Result<(), Error<Infallible>> {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |i| i + 1);
        self.take(end, out)
    }
}
