//! Decompression as a codec: [`Decoder`].
use std::io::BufRead;
use std::mem::MaybeUninit;

use cpython_shared::Shared;
use cpython_streaming::{Codec, Progress, Sink, Stop, feed};
use cpython_zlib::{Inflate, InflateFlush, Leased, NewError, ReturnCode, Spare};

use crate::error::Error;

/// A stream that decompresses, run by run, and the dictionary that it may ask for.
pub struct Decoder {
    source: Source,
    dictionary: Option<Shared<Vec<u8>>>,
    left: usize,
    consumed: usize,
    flush: InflateFlush,
}

/// Where a stream comes from when there is something to decompress.
enum Source {
    Home(Shared<Spare<Inflate>>, i32),
    Begun(Leased<Inflate>),
}

impl Source {
    /// The stream, which begins with the first call.
    fn begun(&mut self) -> Result<&mut Leased<Inflate>, NewError> {
        if let Self::Home(home, window_bits) = self {
            *self = Self::Begun(Spare::lease(home, window_bits)?);
        }
        match self {
            Self::Begun(inflate) => Ok(inflate),
            Self::Home(..) => Err(NewError::Invalid),
        }
    }
}

impl Decoder {
    /// A codec of this stream that gives all output there is.
    pub fn new(inflate: Leased<Inflate>) -> Self {
        Self::of(Source::Begun(inflate))
    }

    /// A codec that takes its stream from this home when it needs it.
    ///
    /// # Errors
    /// [`NewError::Invalid`].
    pub fn lazy(home: &Shared<Spare<Inflate>>, window_bits: i32) -> Result<Self, NewError> {
        Inflate::check(window_bits)?;
        Ok(Self::of(Source::Home(home.clone(), window_bits)))
    }

    fn of(source: Source) -> Self {
        Self { source, dictionary: None, left: 0, consumed: 0, flush: InflateFlush::SyncFlush }
    }

    /// Begins the stream with a dictionary: one without a header never asks for it.
    ///
    /// # Errors
    /// zlib refuses it.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), Error> {
        let inflate = self.source.begun().map_err(|_| Error::no_memory(DECOMPRESSING))?;
        let set = inflate.set_dictionary(dictionary);
        set.map_err(|code| Error::new(code, "while setting zdict", inflate.message()))
    }

    /// Has a dictionary ready for when the stream asks for one.
    pub fn offer(&mut self, dictionary: Shared<Vec<u8>>) {
        self.dictionary = Some(dictionary);
    }

    /// What is wrong with `input` in this stream, from its beginning on, when an error does not say:
    /// slowly, and in words.
    pub fn explain(&mut self, input: &mut impl BufRead, vague: Error) -> Error {
        loop {
            let mut memory = [MaybeUninit::uninit(); Inflate::FAST - 1];
            match feed(self, input, &mut Sink::new(&mut memory)) {
                Ok(Stop::Full) => {}
                Ok(_) => return vague,
                Err(error) => return error,
            }
        }
    }

    /// Begins a run over `len` bytes more; `flush` is for the last of them.
    pub fn begin(&mut self, len: usize, flush: InflateFlush) {
        (self.left, self.consumed, self.flush) = (len, 0, flush);
    }

    /// How many bytes of the run were taken, by a step that failed, too.
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    pub fn try_clone(&mut self) -> Result<Self, NewError> {
        let source = match &mut self.source {
            Source::Home(home, window_bits) => Source::Home(home.clone(), *window_bits),
            Source::Begun(inflate) => Source::Begun(inflate.try_clone()?),
        };
        Ok(Self { source, dictionary: self.dictionary.clone(), ..*self })
    }

    /// What zlib said last.
    pub fn message(&self) -> Option<&'static str> {
        match &self.source {
            Source::Home(..) => None,
            Source::Begun(inflate) => inflate.message(),
        }
    }

    /// One call of zlib; tells what it said.
    fn call(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<(usize, ReturnCode), Error> {
        if input.is_empty() && matches!(self.source, Source::Home(..)) {
            return Ok((0, ReturnCode::BufError));
        }
        let flush = if input.len() >= self.left { self.flush } else { InflateFlush::NoFlush };
        let inflate = self.source.begun().map_err(|_| Error::no_memory(DECOMPRESSING))?;
        let progress = inflate.run(input, output, flush);
        self.left = self.left.saturating_sub(progress.taken);
        self.consumed += progress.taken;
        Ok((progress.taken, progress.code))
    }
}

impl Codec for Decoder {
    type Error = Error;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Error> {
        let room = output.remaining();
        let (mut taken, mut code) = self.call(input, output)?;
        if code == ReturnCode::NeedDict
            && let Some(dictionary) = self.dictionary.clone()
        {
            self.set_dictionary(&dictionary)?;
            let (more, next) = self.call(input.get(taken..).unwrap_or_default(), output)?;
            (taken, code) = (taken + more, next);
        }
        let stuck = taken == 0 && !input.is_empty() && output.remaining() == room && room > 0;
        match code {
            ReturnCode::StreamEnd => Ok(Progress { taken, ended: true }),
            ReturnCode::Ok => Ok(Progress { taken, ended: false }),
            // There was no more input, or no more room.
            ReturnCode::BufError if !stuck => Ok(Progress { taken, ended: false }),
            code => Err(Error::new(code, DECOMPRESSING, self.message())),
        }
    }
}

/// What a decompressor does, in error texts.
pub const DECOMPRESSING: &str = "while decompressing data";
