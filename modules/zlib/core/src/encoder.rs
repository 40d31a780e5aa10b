//! Compression as a codec: [`Encoder`].
use cpython_streaming::{Codec, Progress, Sink};
use cpython_zlib::{Deflate, DeflateFlush, Leased, NewError, ReturnCode};

use crate::error::Error;

/// A stream that compresses, run by run.
pub struct Encoder {
    deflate: Leased<Deflate>,
    given: usize,
    left: usize,
    flush: DeflateFlush,
    doing: &'static str,
}

impl Encoder {
    /// A codec of this stream, for one run that ends it.
    pub fn new(deflate: Leased<Deflate>, len: usize) -> Self {
        Self { deflate, given: len, left: len, flush: DeflateFlush::Finish, doing: COMPRESSING }
    }

    /// Begins a run over `len` bytes more.
    pub fn compress(&mut self, len: usize) {
        (self.left, self.flush, self.doing) = (len, DeflateFlush::NoFlush, COMPRESSING);
        self.given = self.given.saturating_add(len);
    }

    /// How many bytes the stream has been given.
    pub fn given(&self) -> usize {
        self.given
    }

    /// Begins a run over nothing that flushes the stream, in the mode of this number.
    ///
    /// # Errors
    /// There is no such mode.
    pub fn flush(&mut self, mode: i32) -> Result<(), Error> {
        let Ok(flush) = DeflateFlush::try_from(mode) else {
            return Err(Error::over(FLUSHING, self.message()));
        };
        (self.left, self.flush, self.doing) = (0, flush, FLUSHING);
        Ok(())
    }

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    pub fn try_clone(&mut self) -> Result<Self, NewError> {
        Ok(Self { deflate: self.deflate.try_clone()?, ..*self })
    }

    /// What zlib said last.
    pub fn message(&self) -> Option<&'static str> {
        self.deflate.message()
    }
}

impl Codec for Encoder {
    type Error = Error;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        let flush = if input.len() >= self.left { self.flush } else { DeflateFlush::NoFlush };
        let room = output.remaining();
        let progress = self.deflate.run(input, output, flush);
        let taken = progress.taken;
        self.left = self.left.saturating_sub(taken);
        let stuck = room > 0 && !input.is_empty() && taken == 0;
        match progress.code {
            ReturnCode::StreamEnd => Ok(Progress { taken, ended: true }),
            ReturnCode::Ok => Ok(Progress { taken, ended: false }),
            // There was nothing left to flush.
            ReturnCode::BufError if !stuck => Ok(Progress { taken, ended: false }),
            code => Err(Error::new(code, self.doing, self.deflate.message())),
        }
    }
}

/// What a compressor does, in error texts.
pub const COMPRESSING: &str = "while compressing data";

/// What a compressor does that is flushed, in error texts.
pub const FLUSHING: &str = "while flushing";
