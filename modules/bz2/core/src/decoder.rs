//! Decompression.
use cpython_bzip2::{Decompressor, Error};
use cpython_streaming::{Codec, Progress, Sink};

use crate::short;

/// Decompresses what it is fed.
///
/// The library has the stream from the first step on, if that is not all there is of it.
#[derive(Default)]
pub struct Decoder {
    stream: Stream,
}

#[derive(Default)]
enum Stream {
    #[default]
    New,
    /// It was short, and has ended.
    Over,
    Library(Decompressor),
}

impl Codec for Decoder {
    type Error = Error;
    const ROOM_FIRST: bool = false;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        if matches!(self.stream, Stream::New) && !input.is_empty() {
            if let Some(taken) = short::decompress(input, output) {
                self.stream = Stream::Over;
                return Ok(Progress { taken, ended: true });
            }
            self.stream = Stream::Library(Decompressor::new()?);
        }
        match &mut self.stream {
            Stream::New => Ok(Progress { taken: 0, ended: false }),
            Stream::Over => Err(Error::Unusable),
            Stream::Library(stream) => {
                let (taken, ended) = stream.run(input, output)?;
                Ok(Progress { taken, ended })
            }
        }
    }
}
