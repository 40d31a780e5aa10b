//! Input that a codec has not taken yet.
use std::collections::TryReserveError;
use std::io::{self, BufRead, Read};

use crate::codec::rest;

/// Input that waits until a codec wants it. Owned: what it came from may be gone by then.
#[derive(Debug, Default)]
pub struct Pending {
    bytes: Vec<u8>,
    start: usize,
}

/// There is no memory to keep input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

impl From<TryReserveError> for NoMemory {
    fn from(_: TryReserveError) -> Self {
        Self
    }
}

impl Pending {
    /// What is waiting.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Appends all that is left of `input`.
    ///
    /// # Errors
    /// [`NoMemory`]; what was appended before stays.
    pub fn append(&mut self, input: &mut impl BufRead) -> Result<(), NoMemory> {
        loop {
            let piece = rest(input);
            if piece.is_empty() {
                return Ok(());
            }
            let count = piece.len();
            if self.bytes.capacity() - self.bytes.len() < count {
                self.bytes.drain(..self.start);
                self.start = 0;
            }
            self.bytes.try_reserve(count)?;
            self.bytes.extend_from_slice(piece);
            input.consume(count);
        }
    }

    /// Forgets all of it. Its memory serves what comes next.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
    }

    /// Forgets all of it, and gives its memory back.
    pub fn free(&mut self) {
        *self = Self::default();
    }
}

impl BufRead for Pending {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.as_slice())
    }

    fn consume(&mut self, count: usize) {
        self.start += count.min(self.bytes.len() - self.start);
        if self.start == self.bytes.len() {
            self.clear();
        }
    }
}

impl Read for Pending {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.as_slice().read(target)?;
        self.consume(count);
        Ok(count)
    }
}
