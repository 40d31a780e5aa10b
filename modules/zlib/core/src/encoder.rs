//! Compression as a codec: [`Encoder`].
use cpython_shared::Shared;
use cpython_streaming::{Codec, Progress, Sink};
use cpython_zlib::{Deflate, DeflateFlush, DeflateOptions, Leased, NewError, ReturnCode, Spare};

use crate::error::Error;
use crate::waiting::{Step, Waiting};

/// A stream that compresses, run by run.
pub struct Encoder {
    stream: Stream,
    given: usize,
    left: usize,
    flush: DeflateFlush,
    doing: &'static str,
    /// What zlib would have said before the stream began.
    said: Option<&'static str>,
}

enum Stream {
    /// All input is kept, as long as there is little of it: nothing else is needed then.
    Waiting(Waiting),
    Begun(Begun),
}

struct Begun {
    deflate: Leased<Deflate>,
    /// Input from before the beginning, and how much of it has been compressed.
    before: Vec<u8>,
    taken: usize,
}

impl Encoder {
    /// A codec of these options, for one run that ends it. Its stream comes from this home.
    ///
    /// # Errors
    /// [`NewError`].
    pub fn new(
        home: &Shared<Spare<Deflate>>,
        options: &DeflateOptions,
        len: usize,
    ) -> Result<Self, NewError> {
        let stream = match Waiting::new(home, options, None)? {
            Some(waiting) => Stream::Waiting(waiting),
            None => Stream::Begun(Begun::new(Spare::lease(home, options)?)),
        };
        let flush = DeflateFlush::Finish;
        Ok(Self { stream, given: len, left: len, flush, doing: COMPRESSING, said: None })
    }

    /// A codec that begins with a dictionary.
    ///
    /// # Errors
    /// zlib refuses the options, or the dictionary.
    pub fn with_dictionary(
        home: &Shared<Spare<Deflate>>,
        options: &DeflateOptions,
        dictionary: &[u8],
    ) -> Result<Result<Self, ReturnCode>, NewError> {
        let stream = match Waiting::new(home, options, Some(dictionary))? {
            Some(waiting) => Ok(Stream::Waiting(waiting)),
            None => {
                let mut deflate = Spare::lease(home, options)?;
                let set = deflate.set_dictionary(dictionary);
                set.map(|()| Stream::Begun(Begun::new(deflate)))
            }
        };
        let (flush, doing, said) = (DeflateFlush::Finish, COMPRESSING, None);
        Ok(stream.map(|stream| Self { stream, given: 0, left: 0, flush, doing, said }))
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
        let stream = match &mut self.stream {
            Stream::Waiting(waiting) => Stream::Waiting(waiting.try_clone()?),
            Stream::Begun(begun) => Stream::Begun(begun.try_clone()?),
        };
        Ok(Self { stream, ..*self })
    }

    /// What zlib said last.
    pub fn message(&self) -> Option<&'static str> {
        match &self.stream {
            Stream::Waiting(_) => self.said,
            Stream::Begun(begun) => begun.deflate.message().or(self.said),
        }
    }
}

impl Begun {
    fn new(deflate: Leased<Deflate>) -> Self {
        Self { deflate, before: Vec::new(), taken: 0 }
    }

    /// Compresses what is left of the input from before; tells whether that is nothing any more.
    fn catch_up(&mut self, output: &mut Sink<'_>) -> bool {
        while let Some(rest) = self.before.get(self.taken..).filter(|rest| !rest.is_empty()) {
            let taken = self.deflate.run(rest, output, DeflateFlush::NoFlush).taken;
            self.taken += taken;
            if taken == 0 {
                return false;
            }
        }
        self.before = Vec::new();
        true
    }

    fn try_clone(&mut self) -> Result<Self, NewError> {
        let mut before = Vec::new();
        before.try_reserve_exact(self.before.len()).map_err(|_| NewError::NoMemory)?;
        before.extend_from_slice(&self.before);
        Ok(Self { deflate: self.deflate.try_clone()?, before, taken: self.taken })
    }
}

impl Codec for Encoder {
    type Error = Error;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        let flush = if input.len() >= self.left { self.flush } else { DeflateFlush::NoFlush };
        if let Stream::Waiting(waiting) = &mut self.stream {
            if waiting.is_open() && input.is_empty() && flush == DeflateFlush::NoFlush {
                // To ask again for nothing is an error, which is no matter but stays in its memory.
                self.said = Some("buffer error");
            }
            let step = waiting.step(input, flush, output);
            match step.map_err(|_| Error::no_memory(self.doing))? {
                Step::Made(progress) => {
                    self.left = self.left.saturating_sub(progress.taken);
                    return Ok(progress);
                }
                Step::Begun(deflate, before) => {
                    self.stream = Stream::Begun(Begun { deflate, before, taken: 0 });
                }
            }
        }
        let Stream::Begun(begun) = &mut self.stream else {
            return Ok(Progress { taken: 0, ended: false });
        };
        if !begun.catch_up(output) {
            // There was no more room.
            return Ok(Progress { taken: 0, ended: false });
        }
        let deflate = &mut begun.deflate;
        let room = output.remaining();
        let progress = deflate.run(input, output, flush);
        let taken = progress.taken;
        self.left = self.left.saturating_sub(taken);
        let stuck = room > 0 && !input.is_empty() && taken == 0;
        match progress.code {
            ReturnCode::StreamEnd => Ok(Progress { taken, ended: true }),
            ReturnCode::Ok => Ok(Progress { taken, ended: false }),
            // There was nothing left to flush.
            ReturnCode::BufError if !stuck => Ok(Progress { taken, ended: false }),
            code => Err(Error::new(code, self.doing, deflate.message())),
        }
    }
}

/// What a compressor does, in error texts.
pub const COMPRESSING: &str = "while compressing data";

/// What a compressor does that is flushed, in error texts.
pub const FLUSHING: &str = "while flushing";
