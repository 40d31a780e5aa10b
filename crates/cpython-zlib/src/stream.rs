//! What both kinds of stream share: C's struct, lent input and output, results, messages.
use std::ffi::CStr;
use std::fmt;
use std::ptr;

use cpython_simd::Sink;
use zlib_rs::ReturnCode;
use zlib_rs::c_api::z_stream;

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes of the input were consumed.
    pub taken: usize,
    /// What zlib says.
    pub code: ReturnCode,
}

/// Why there is no new stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewError {
    /// An option is outside of what zlib allows.
    Invalid,
    /// There is no memory for the stream.
    NoMemory,
}

impl fmt::Display for NewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "Invalid initialization option",
            Self::NoMemory => "no memory for a stream",
        })
    }
}

impl std::error::Error for NewError {}

impl NewError {
    /// The error that zlib's refusal to make a stream is, if it is one.
    pub(crate) fn check(code: ReturnCode) -> Result<(), Self> {
        match code {
            ReturnCode::Ok => Ok(()),
            ReturnCode::MemError => Err(Self::NoMemory),
            _ => Err(Self::Invalid),
        }
    }
}

/// C's struct, of a stream that was initialised as one of deflate or of inflate.
///
/// # Invariants
/// `raw.state` is the state of a live stream of that kind, whose memory came from the Rust
/// allocator, and nobody else knows it. Input and output are lent only inside [`Self::lend`].
pub(crate) struct Stream {
    pub(crate) raw: z_stream,
}

// SAFETY: the state is memory that only this value refers to; zlib-rs has no thread-local or global
// state but what it knows of the processor, and declares its own stream types `Send` and `Sync`.
unsafe impl Send for Stream {}
// SAFETY: nothing is done with a shared reference but reading fields.
unsafe impl Sync for Stream {}

impl Stream {
    /// Puts input and output into the struct while `work` runs, and tells what came of it.
    ///
    /// More than C's 32-bit counters can say is lent in part; the caller sees it by what was taken.
    ///
    /// # Safety
    /// `work` calls zlib-rs on the struct at most, which writes to the output from its start, and
    /// says truthfully how much of it is left.
    #[inline]
    pub(crate) unsafe fn lend(
        &mut self,
        input: &[u8],
        out: &mut Sink<'_>,
        work: impl FnOnce(&mut z_stream) -> ReturnCode,
    ) -> Progress {
        let room = out.spare();
        let available = u32::try_from(room.len()).unwrap_or(u32::MAX);
        let given = lendable(input);
        self.raw.next_in = input.as_ptr();
        self.raw.avail_in = given;
        self.raw.next_out = room.as_mut_ptr().cast();
        self.raw.avail_out = available;
        let code = work(&mut self.raw);
        let taken = given.saturating_sub(self.raw.avail_in) as usize;
        let written = available.saturating_sub(self.raw.avail_out) as usize;
        self.raw.next_in = ptr::null();
        self.raw.avail_in = 0;
        self.raw.next_out = ptr::null_mut();
        self.raw.avail_out = 0;
        // SAFETY: zlib-rs has written that many bytes from the start of the room on: it never
        // counts a byte of the output that it has not written.
        unsafe { out.advance(written) };
        Progress { taken, code }
    }

    /// zlib's words for what was wrong last.
    pub(crate) fn message(&self) -> Option<&'static str> {
        if self.raw.msg.is_null() {
            return None;
        }
        // SAFETY: zlib-rs stores pointers to string constants that end with NUL, and nothing else.
        let text: &'static CStr = unsafe { CStr::from_ptr(self.raw.msg) };
        text.to_str().ok()
    }
}

/// How many bytes of `input` can be lent at once.
#[inline]
pub(crate) fn lendable(input: &[u8]) -> u32 {
    u32::try_from(input.len()).unwrap_or(u32::MAX)
}
