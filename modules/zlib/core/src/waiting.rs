//! A stream that has not begun: [`Waiting`] keeps its input until there is too much of it.
use std::mem::{self, MaybeUninit};

use cpython_shared::Shared;
use cpython_streaming::{Progress, Sink};
use cpython_zlib::{Deflate, DeflateFlush, DeflateOptions, Leased, NewError, Spare};

use crate::short::{self, Wrapper};

/// The input of a stream, as long as there is little of it. When it ends so, it is compressed at once,
/// without zlib-rs.
pub(crate) struct Waiting {
    home: Shared<Spare<Deflate>>,
    options: DeflateOptions,
    wrapper: Wrapper,
    input: Vec<u8>,
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
    /// A stream that waits, if it can with these options.
    pub(crate) fn new(home: &Shared<Spare<Deflate>>, options: &DeflateOptions) -> Option<Self> {
        let wrapper = Wrapper::of(options)?;
        let (home, input, output) = (home.clone(), Vec::new(), Vec::new());
        Some(Self { home, options: *options, wrapper, input, output, given: 0, state: State::New })
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
        let level = self.options.level;
        if self.state == State::New {
            self.wrapper.begin(level, &mut self.output).map_err(|_| NewError::NoMemory)?;
            self.state = State::Open;
        }
        let mut taken = 0;
        if self.state == State::Open {
            let ends = flush == DeflateFlush::Finish;
            let fits = input.len() <= short::MOST - self.input.len();
            if !fits || !(ends || flush == DeflateFlush::NoFlush) {
                return self.begin(output);
            }
            if !(ends && self.input.is_empty()) {
                self.input.try_reserve(input.len()).map_err(|_| NewError::NoMemory)?;
                self.input.extend_from_slice(input);
            }
            taken = input.len();
            if ends {
                let data = if self.input.is_empty() { input } else { &self.input };
                let made = self.wrapper.finish(level, data, &mut self.output);
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
            if self.wrapper != Wrapper::None {
                // What comes before the data has been given.
                let mut memory = [MaybeUninit::uninit(); 32];
                deflate.run(&[], &mut Sink::new(&mut memory), DeflateFlush::NoFlush);
            }
            return Ok(Step::Begun(deflate, mem::take(&mut self.input)));
        }
        Ok(Step::Made(Progress { taken: 0, ended: false }))
    }

    /// A copy of the stream as it is.
    ///
    /// # Errors
    /// [`NewError::NoMemory`].
    pub(crate) fn try_clone(&self) -> Result<Self, NewError> {
        let copy = |bytes: &[u8]| {
            let mut copy = Vec::new();
            copy.try_reserve_exact(bytes.len()).map_err(|_| NewError::NoMemory)?;
            copy.extend_from_slice(bytes);
            Ok(copy)
        };
        let (input, output) = (copy(&self.input)?, copy(&self.output)?);
        Ok(Self { home: self.home.clone(), input, output, ..*self })
    }
}
