//! Compression.
use std::ops::ControlFlow;

use cpython_bzip2::{Compressor, Error, Level};
use cpython_streaming::{Codec, Progress, Sink};

use crate::short;

/// Compresses what it is fed.
///
/// The library takes, and clears, eight bytes of memory for each byte of a block: up to 7.2 MB.
/// So input waits here until there is too much of it for the smallest block. When there never is,
/// such a block holds it all, and the stream is the same but for the digit in its head that tells
/// the size. Very little input is compressed without the library.
pub struct Encoder {
    level: Level,
    stream: Option<Compressor>,
    /// The first input, and how many bytes of it the stream has taken; or, when `is_whole`, all output
    /// and how many bytes of it have been given.
    start: Vec<u8>,
    taken: usize,
    is_whole: bool,
    /// How many bytes the stream has given.
    given: usize,
    is_finished: bool,
}

impl Encoder {
    /// A new stream.
    pub fn new(level: Level) -> Self {
        let (start, taken, given) = (Vec::new(), 0, 0);
        Self { level, stream: None, start, taken, is_whole: false, given, is_finished: false }
    }

    /// Whether somebody has begun to end the stream.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Appends what ends the stream; `Continue` when more room is needed for it.
    ///
    /// # Errors
    /// [`Error::NoMemory`]; others of the library.
    pub fn finish(&mut self, output: &mut Sink<'_>) -> Result<ControlFlow<()>, Error> {
        if !self.is_finished
            && self.stream.is_none()
            && let Some(made) = short::compress(self.level, &self.start)?
        {
            (self.start, self.is_whole) = (made, true);
        }
        self.is_finished = true;
        if self.is_whole {
            return self.give(output);
        }
        let before = output.len();
        let is_over = match self.begun(Level::SMALLEST, output)? {
            Some(stream) => stream.finish(output)?,
            None => false,
        };
        self.count(before, output);
        Ok(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Appends as much of the whole output as there is room for.
    fn give(&mut self, output: &mut Sink<'_>) -> Result<ControlFlow<()>, Error> {
        let rest = self.start.get(self.taken..).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or(Error::Unusable)?;
        let next = rest.get(..output.remaining()).unwrap_or(rest);
        // As much as there is room for.
        let _ = output.extend(next);
        self.taken += next.len();
        let is_over = self.taken == self.start.len();
        Ok(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// The stream, made with blocks of this level when there is none yet, once it has taken the
    /// first input; `None` when there is no room for that.
    fn begun(
        &mut self,
        level: Level,
        output: &mut Sink<'_>,
    ) -> Result<Option<&mut Compressor>, Error> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(Compressor::new(level)?),
        };
        if let Some(rest) = self.start.get(self.taken..).filter(|rest| !rest.is_empty()) {
            self.taken += stream.run(rest, output)?;
            if self.taken < self.start.len() {
                return Ok(None);
            }
            self.start = Vec::new();
            self.taken = 0;
        }
        Ok(Some(stream))
    }

    /// Counts what has been appended, and writes the level where the head tells it.
    fn count(&mut self, before: usize, output: &mut Sink<'_>) {
        let made = output.len() - before;
        let digit = LEVEL_AT.checked_sub(self.given).map(|at| before + at);
        if let Some(place) = digit.and_then(|at| output.filled_mut().get_mut(at)) {
            *place = self.level.digit();
        }
        self.given += made;
    }
}

impl Codec for Encoder {
    type Error = Error;
    const ROOM_FIRST: bool = false;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        if self.stream.is_none() && input.len() <= SHORT - self.start.len() {
            self.start.try_reserve(input.len()).map_err(|_| Error::NoMemory)?;
            self.start.extend_from_slice(input);
            return Ok(Progress { taken: input.len(), ended: false });
        }
        let before = output.len();
        let taken = match self.begun(self.level, output)? {
            Some(stream) => stream.run(input, output)?,
            None => 0,
        };
        self.count(before, output);
        Ok(Progress { taken, ended: false })
    }
}

/// Where the level stands in a stream.
const LEVEL_AT: usize = 3;

/// So much fits the smallest block, even if the format's first step makes five bytes of each four.
const SHORT: usize = 79_000;
