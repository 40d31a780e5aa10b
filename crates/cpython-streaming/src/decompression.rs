//! A decompressor that keeps the input which `max_length` has not let it take.
use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use cpython_simd::Sink;

use crate::codec::{Codec, Stop, feed};
use crate::pending::{NoMemory, Pending};

/// A decoder and the input that it has not taken: `BZ2Decompressor`, `_ZlibDecompressor`,
/// `LZMADecompressor` and `ZstdDecompressor` without their Python.
#[derive(Debug)]
pub struct Decompression<D> {
    decoder: D,
    pending: Pending,
    stop: Stop,
}

/// A step of [`Decompression::run`]: appends to the sink, and tells whether it wants more room.
pub type Step<'a, E> = dyn FnMut(&mut Sink<'_>) -> Result<ControlFlow<()>, E> + Send + 'a;

impl<D: Codec + Send> Decompression<D> {
    /// A decompressor that has seen nothing yet.
    pub fn new(decoder: D) -> Self {
        Self { decoder, pending: Pending::default(), stop: Stop::Dry }
    }

    /// Decompresses what is pending and then `input`; `make` makes the output of steps.
    ///
    /// What is not taken is pending afterwards, behind the end of the stream, too. After an error
    /// nothing is.
    ///
    /// # Errors
    /// Those of the decoder and of `make`; [`NoMemory`] when the input cannot be kept.
    pub fn run<B, E: From<D::Error> + From<NoMemory>>(
        &mut self,
        input: &mut (impl BufRead + Send),
        make: impl FnOnce(&mut Step<'_, E>) -> Result<B, E>,
    ) -> Result<B, E> {
        let Self { decoder, pending, stop } = self;
        let mut all = pending.by_ref().chain(input.by_ref());
        let made = make(&mut |sink| {
            *stop = feed(decoder, &mut all, sink)?;
            Ok(stop.flow())
        });
        let kept = made.and_then(|made| pending.append(input).map(|()| made).map_err(E::from));
        if kept.is_err() {
            pending.free();
        }
        kept
    }

    /// The decoder.
    pub fn decoder(&mut self) -> &mut D {
        &mut self.decoder
    }

    /// What made the last run stop; [`Stop::Full`] when its room was limited.
    pub fn stop(&self) -> Stop {
        self.stop
    }

    /// The input that has not been taken.
    pub fn pending(&mut self) -> &mut Pending {
        &mut self.pending
    }
}
