//! Compression.
use cpython_simd::Sink;
use libbz2_rs_sys as bz;

use crate::stream::{Error, Stream};

/// How much is compressed at a time: 1 to 9 times 100 000 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(u8);

impl Level {
    /// Level 1.
    pub const SMALLEST: Self = Self(1);

    /// The level of this number, from 1 to 9.
    pub fn new(number: i32) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        (1..=9).contains(&number).then_some(Self(number))
    }

    /// How a stream tells its level.
    pub fn digit(self) -> u8 {
        b'0' + self.0
    }
}

/// A stream that compresses.
///
/// # Invariants
/// `stream` is initialised for compression.
pub struct Compressor {
    stream: Stream,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Finishing,
    /// Finished, or failed.
    Over,
}

impl Compressor {
    /// A new stream.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn new(level: Level) -> Result<Self, Error> {
        let mut stream = Stream::new()?;
        // SAFETY: a struct with nothing in it, which selects the allocator of the library.
        match unsafe { bz::BZ2_bzCompressInit(stream.as_mut(), level.0.into(), 0, 0) } {
            // INVARIANT: just initialised.
            bz::BZ_OK => Ok(Self { stream, state: State::Running }),
            code => Err(Error::of(code)),
        }
    }

    /// Takes input from the front and appends output; tells how many bytes it has taken.
    ///
    /// # Errors
    /// [`Error::Unusable`] after [`Self::finish`] or an error.
    pub fn run(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<usize, Error> {
        if self.state != State::Running {
            return Err(Error::Unusable);
        }
        if input.is_empty() || output.remaining() == 0 {
            // No progress is an error for the library.
            return Ok(0);
        }
        match self.call(input, output, bz::BZ_RUN) {
            (bz::BZ_RUN_OK, taken) => Ok(taken),
            (code, _) => Err(self.failed(code)),
        }
    }

    /// Ends the stream; tells whether all output has been appended. If not, it is called again with
    /// more room.
    ///
    /// # Errors
    /// [`Error::Unusable`] when all has been appended, and after an error.
    pub fn finish(&mut self, output: &mut Sink<'_>) -> Result<bool, Error> {
        if self.state == State::Over {
            return Err(Error::Unusable);
        }
        if output.remaining() == 0 {
            return Ok(false);
        }
        self.state = State::Finishing;
        match self.call(&[], output, bz::BZ_FINISH) {
            (bz::BZ_FINISH_OK, _) => Ok(false),
            (bz::BZ_STREAM_END, _) => {
                self.state = State::Over;
                Ok(true)
            }
            (code, _) => Err(self.failed(code)),
        }
    }

    fn call(&mut self, input: &[u8], output: &mut Sink<'_>, action: i32) -> (i32, usize) {
        // SAFETY: initialised for compression, which this call is for.
        unsafe { self.stream.run(input, output, |stream| bz::BZ2_bzCompress(stream, action)) }
    }

    fn failed(&mut self, code: i32) -> Error {
        self.state = State::Over;
        Error::of(code)
    }
}

impl Drop for Compressor {
    fn drop(&mut self) {
        // SAFETY: initialised for compression, and not used again.
        unsafe { bz::BZ2_bzCompressEnd(self.stream.as_mut()) };
    }
}
