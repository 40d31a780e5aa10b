//! A stream that has not begun: [`Waiting`] keeps its input until there is too much of it.
use std::mem::{self, MaybeUninit};

use cpython_shared::Shared;
use cpython_streaming::{Progress, Sink};
use cpython_zlib::{Deflate, DeflateFlush, DeflateOptions, Leased, NewError, Spare};

use crate::short::{self, Format};

/// The input of a stream, as long as there is little of it. When it ends so, it is compressed at once,
/// without zlib-rs.
pub(crate) struct Waiting {
    home: Shared<Spare<Deflate>>,
    options: DeflateOptions,
    format: Format,
    /// The dictionary, and the input.
    all: Vec<u8>,
    start: usize,
    /// What is to be given, and how much of it has been.
    output: Vec<u8>,
    given: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// What comes before the data is in the output.
    Open,
    /// All is in the output.
    Ended,
}

/// What a step has come to.
pub(crate) enum Step {
    Made(Progress),
    /// The stream is this from now on, and is to be given this first.
    Begun(Leased<Deflate>, Vec<u8>),
}

impl Waiting {
    /// A stream that waits, if it can with these options and this dictionary.
    pub(crate) fn new(
        home: &Shared<Spare<Deflate>>,
        options: &DeflateOptions,
        dictionary: Option<&[u8]>,
    ) -> Result<Option<Self>, NewError> {
        let Some(format) = Format::of(options) else { return Ok(None) };
        if dictionary.is_some() && !format.takes_dictionary() {
            return Ok(None);
        }
        let dictionary = dictionary.unwrap_or_default();
        let start = dictionary.len();
        if start > short::MOST {
            return Ok(None);
        }
        let (home, all, output) = (home.clone(), copy(dictionary)?, Vec::new());
        let (options, state) = (*options, State::New);
        Ok(Some(Self { home, options, format, all, start, output, given: 0, state }))
    }

    /// Whether it has been asked for something.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Takes input, and gives what there is; begins the stream when it can wait no longer.
    pub(crate) fn step(
        &mut self,
        input: &[u8],
        flush: DeflateFlush,
        output: &mut Sink<'_>,
    ) -> Result<Step, NewError> {
        if self.state == State::New {
            let begun = self.format.begin(&self.all, &mut self.output);
            begun.map_err(|_| NewError::NoMemory)?;
            self.state = State::Open;
        }
        let mut taken = 0;
        if self.state == State::Open {
            let ends = flush == DeflateFlush::Finish;
            let fits = input.len() <= short::MOST + self.start - self.all.len();
            if !fits || !(ends || flush == DeflateFlush::NoFlush) {
                return self.begin(output);
            }
            if !(ends && self.all.is_empty()) {
                self.all.try_reserve(input.len()).map_err(|_| NewError::NoMemory)?;
                self.all.extend_from_slice(input);
            }
            taken = input.len();
            if ends {
                let all = if self.all.is_empty() { input } else { &self.all };
                let made = self.format.finish(all, self.start, &mut self.output);
                made.map_err(|_| NewError::NoMemory)?;
                self.state = State::Ended;
            }
        }
        let ended = self.give(output) && self.state == State::Ended;
        Ok(Step::Made(Progress { taken, ended }))
    }

    /// Gives what there is; tells whether that is all.
    fn give(&mut self, output: &mut Sink<'_>) -> bool {
        let rest = self.output.get(self.given..).unwrap_or_default();
        let next = rest.get(..output.remaining()).unwrap_or(rest);
        let is_all = next.len() == rest.len();
        self.given += next.len();
        // As much as there is room for.
        let _ = output.extend(next);
        is_all
    }

    /// Begins the stream with what was kept.
    fn begin(&mut self, output: &mut Sink<'_>) -> Result<Step, NewError> {
        if self.give(output) {
            let mut deflate = Spare::lease(&self.home, &self.options)?;
            if let Some(dictionary) = self.all.get(..self.start).filter(|it| !it.is_empty()) {
                deflate.set_dictionary(dictionary).map_err(|_| NewError::Invalid)?;
            }
            if self.format.has_header() {
                // It has been given.
                let mut memory = [MaybeUninit::uninit(); 32];
                deflate.run(&[], &mut Sink::new(&mut memory), DeflateFlush::NoFlush);
            }
            let mut input = mem::take(&mut self.all);
            input.drain(..self.start);
            return Ok(Step::Begun(deflate, input));
        }
        Ok(Step::Made(Progress { taken: 0, ended: false }))
    }

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    pub(crate) fn try_clone(&self) -> Result<Self, NewError> {
        let (all, output) = (copy(&self.all)?, copy(&self.output)?);
        Ok(Self { home: self.home.clone(), all, output, ..*self })
    }
}

fn copy(bytes: &[u8]) -> Result<Vec<u8>, NewError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| NewError::NoMemory)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}
