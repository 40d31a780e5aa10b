//! Decompression.
use cpython_simd::Sink;
use libbz2_rs_sys as bz;

use crate::stream::{Error, Stream};

/// A stream that decompresses.
///
/// # Invariants
/// `stream` is initialised for decompression.
pub struct Decompressor {
    stream: Stream,
    /// It has ended, or failed: going on after an error is not what the library is made for.
    over: bool,
}

impl Decompressor {
    /// A new stream. Most of its memory is asked for when it knows how much it needs.
    ///
    /// # Errors
    /// [`Error::NoMemory`].
    pub fn new() -> Result<Self, Error> {
        let mut stream = Stream::new()?;
        // SAFETY: a struct with nothing in it, which selects the allocator of the library.
        match unsafe { bz::BZ2_bzDecompressInit(stream.as_mut(), 0, 0) } {
            // INVARIANT: just initialised.
            bz::BZ_OK => Ok(Self { stream, over: false }),
            code => Err(Error::of(code)),
        }
    }

    /// Takes input from the front and appends output; tells how many bytes it has taken, and
    /// whether the stream has ended.
    ///
    /// # Errors
    /// [`Error::Data`]; [`Error::NoMemory`]; [`Error::Unusable`] after the end or an error.
    pub fn run(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<(usize, bool), Error> {
        if self.over {
            return Err(Error::Unusable);
        }
        // SAFETY: initialised for decompression, which this call is for.
        let (code, taken) =
            unsafe { self.stream.run(input, output, |stream| bz::BZ2_bzDecompress(stream)) };
        self.over = code != bz::BZ_OK;
        match code {
            bz::BZ_OK => Ok((taken, false)),
            bz::BZ_STREAM_END => Ok((taken, true)),
            code => Err(Error::of(code)),
        }
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        // SAFETY: initialised for decompression, and not used again.
        unsafe { bz::BZ2_bzDecompressEnd(self.stream.as_mut()) };
    }
}
