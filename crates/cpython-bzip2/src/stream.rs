//! What both directions have in common: the struct that the library works on, and its errors.
use std::error;
use std::ffi::{c_int, c_uint};
use std::fmt;
use std::ptr;

use cpython_simd::Sink;
use libbz2_rs_sys as bz;
use libbz2_rs_sys::bz_stream;

/// Why a stream cannot be made, or fails. The texts are those of CPython's `_bz2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is not enough memory.
    NoMemory,
    /// The input is no bzip2 stream, or a corrupt one.
    Data,
    /// The stream has failed before, or was finished.
    Unusable,
    /// The library says something that it should not say.
    Unexpected(c_int),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMemory => f.write_str("out of memory"),
            Self::Data => f.write_str("Invalid data stream"),
            Self::Unusable => f.write_str("Decompressor is unusable after a previous error"),
            Self::Unexpected(code) => write!(f, "Unrecognized error from libbzip2: {code}"),
        }
    }
}

impl error::Error for Error {}

impl Error {
    pub(crate) fn of(code: c_int) -> Self {
        match code {
            bz::BZ_MEM_ERROR => Self::NoMemory,
            bz::BZ_DATA_ERROR | bz::BZ_DATA_ERROR_MAGIC => Self::Data,
            code => Self::Unexpected(code),
        }
    }
}

/// A struct of the library.
///
/// It knows its own address, and must stay there.
///
/// # Invariants
/// `only` has one item, and never changes its capacity. Outside of calls the struct has no pointers
/// but those of the library to its own memory.
pub(crate) struct Stream {
    only: Vec<bz_stream>,
}

// SAFETY: the memory of the library comes from the global allocator and is reached through the
// struct alone; the library has no state of a thread.
unsafe impl Send for Stream {}
// SAFETY: a shared reference gives access to nothing.
unsafe impl Sync for Stream {}

impl Stream {
    /// A struct as the library wants it before it initialises it, with its own allocator.
    pub(crate) fn new() -> Result<Self, Error> {
        let mut only = Vec::new();
        only.try_reserve_exact(1).map_err(|_| Error::NoMemory)?;
        only.push(bz_stream::zeroed());
        Ok(Self { only })
    }

    pub(crate) fn as_mut(&mut self) -> &mut bz_stream {
        &mut self.only[0]
    }

    /// Runs a call of the library with this input and the room of this sink. Gives back what the
    /// call gives, and how many bytes of the input it has taken.
    ///
    /// # Safety
    /// `call` hands the struct to a function of the library that it was initialised for, which
    /// reads `avail_in` bytes at most and writes `avail_out` at most, without gaps, and counts what
    /// it has done.
    pub(crate) unsafe fn run(
        &mut self,
        input: &[u8],
        output: &mut Sink<'_>,
        call: impl FnOnce(&mut bz_stream) -> c_int,
    ) -> (c_int, usize) {
        let stream = self.as_mut();
        let room = output.spare();
        let (given, wanted) = (at_most_u32(input.len()), at_most_u32(room.len()));
        stream.next_in = input.as_ptr().cast();
        stream.avail_in = given;
        stream.next_out = room.as_mut_ptr().cast();
        stream.avail_out = wanted;
        let code = call(stream);
        let (taken, made) = (given - stream.avail_in, wanted - stream.avail_out);
        // INVARIANT: the pointers to what was lent end with the call.
        stream.next_in = ptr::null();
        stream.next_out = ptr::null_mut();
        (stream.avail_in, stream.avail_out) = (0, 0);
        // SAFETY: the call has written as many bytes to the start of the room.
        unsafe { output.advance(made as usize) };
        (code, taken as usize)
    }
}

/// The library counts in 32 bits: of more it gets the first part.
fn at_most_u32(len: usize) -> c_uint {
    c_uint::try_from(len).unwrap_or(c_uint::MAX)
}
