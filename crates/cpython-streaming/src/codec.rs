//! A codec, and how it is fed.
use std::io::BufRead;
use std::ops::ControlFlow;

use cpython_simd::Sink;

/// A stream that turns input into output, step by step.
pub trait Codec {
    /// Why a step fails.
    type Error;

    /// When a step has taken all input and filled all room, some codecs are asked for the output
    /// that may be left before they are given more input (zlib, liblzma, libzstd), others only
    /// afterwards (libbz2).
    const ROOM_FIRST: bool = true;

    /// Takes input from the front and appends output, as much of both as it can. There may be no
    /// input, and no room.
    ///
    /// # Errors
    /// The stream is broken, or memory is short.
    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Self::Error>;
}

/// What a step has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes of the input it has taken.
    pub taken: usize,
    /// Whether the stream has ended.
    pub ended: bool,
}

/// Why [`feed`] has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The stream has ended.
    End,
    /// All input has been taken.
    Dry,
    /// All room has been filled.
    Full,
}

impl Stop {
    /// Whether to go on with more room.
    pub fn flow(self) -> ControlFlow<()> {
        if self == Self::Full { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Runs steps until the stream ends, the input is used up or the room is filled.
///
/// It makes one step at least, so that a codec can end its stream without more input.
///
/// # Errors
/// Those of the steps.
pub fn feed<C: Codec>(
    codec: &mut C,
    input: &mut impl BufRead,
    output: &mut Sink<'_>,
) -> Result<Stop, C::Error> {
    loop {
        let piece = rest(input);
        let given = piece.len();
        let Progress { taken, ended } = codec.step(piece, output)?;
        input.consume(taken);
        if ended {
            return Ok(Stop::End);
        }
        match (rest(input).is_empty(), output.remaining() == 0) {
            (true, true) if C::ROOM_FIRST => return Ok(Stop::Full),
            (true, _) => return Ok(Stop::Dry),
            // With all its input in one piece it might have taken more without more room.
            (false, true) if taken < given => return Ok(Stop::Full),
            _ => {}
        }
    }
}

/// The next bytes of the input; none at its end.
pub(crate) fn rest(input: &mut impl BufRead) -> &[u8] {
    input.fill_buf().unwrap_or_default()
}
