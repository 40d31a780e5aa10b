//! Decompression.
use cpython_bzip2::{Decompressor, Error};
use cpython_streaming::{Codec, Progress, Sink};

/// Decompresses what it is fed.
pub struct Decoder {
    stream: Decompressor,
}

impl Decoder {
    /// A new stream.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn new() -> Result<Self, Error> {
        Ok(Self { stream: Decompressor::new()? })
    }
}

impl Codec for Decoder {
    type Error = Error;
    const ROOM_FIRST: bool = false;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        let (taken, ended) = self.stream.run(input, output)?;
        Ok(Progress { taken, ended })
    }
}
