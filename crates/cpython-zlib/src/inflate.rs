//! Decompression: [`Inflate`].
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use cpython_simd::Sink;
use zlib_rs::c_api::{internal_state, z_stream};
use zlib_rs::inflate::{self, InflateStream};
use zlib_rs::{InflateConfig, InflateFlush, ReturnCode};

use crate::spare::Reusable;
use crate::stream::{NewError, Progress, Stream, lendable};

/// A stream that decompresses.
pub struct Inflate {
    stream: Stream,
    /// What was wrong first, where zlib-rs tells: see [`Inflate::message`].
    wrong: Option<&'static str>,
}

impl Inflate {
    /// A new stream. `window_bits` are those of `inflateInit2`: 8 to 15, negated without a header,
    /// 16 more for gzip, 32 more for either header; 0 and its kin take the window of the header.
    ///
    /// # Errors
    /// [`NewError`].
    pub fn new(window_bits: i32) -> Result<Self, NewError> {
        let mut raw = z_stream::default();
        NewError::check(inflate::init(&mut raw, InflateConfig { window_bits }))?;
        // INVARIANT: just initialised, with the allocator of `z_stream::default`, which is Rust's.
        Ok(Self { stream: Stream { raw }, wrong: None })
    }

    /// Whether a stream can have these `window_bits`.
    ///
    /// # Errors
    /// [`NewError::Invalid`].
    pub fn check(window_bits: i32) -> Result<(), NewError> {
        let size = match window_bits {
            -15..0 => -window_bits,
            0..48 => window_bits % 16,
            _ => return Err(NewError::Invalid),
        };
        if size == 0 || (8..=15).contains(&size) { Ok(()) } else { Err(NewError::Invalid) }
    }

    /// Decompresses from the start of `input` to the sink, as far as either goes.
    pub fn run(&mut self, input: &[u8], out: &mut Sink<'_>, flush: InflateFlush) -> Progress {
        // What does not fit C's counters is not the end yet.
        let whole = lendable(input) as usize == input.len();
        let flush = if whole { flush } else { InflateFlush::NoFlush };
        // SAFETY: one call of zlib-rs, on a stream of inflate by the invariant; input and output
        // are as long as the struct says.
        let progress =
            unsafe { self.stream.lend(input, out, |raw| inflate::inflate(stream_of(raw), flush)) };
        if progress.code == ReturnCode::DataError && self.wrong.is_none() {
            self.wrong = self.stream.message().filter(|&message| message != AGAIN);
        }
        progress
    }

    /// Gives the stream the dictionary that it asks for, or begins with it when there is no header.
    ///
    /// # Errors
    /// `DataError` when it is another one; `StreamError` when none is wanted.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), ReturnCode> {
        match inflate::set_dictionary(self.inner(), dictionary) {
            ReturnCode::Ok => Ok(()),
            code => Err(code),
        }
    }

    /// zlib's words for what was wrong.
    ///
    /// There are none when the fast loop of zlib-rs has found it, which then complains about its own
    /// mark. The fast loop runs where there is room for [`Inflate::FAST`] bytes.
    pub fn message(&self) -> Option<&'static str> {
        self.wrong.or_else(|| self.stream.message().filter(|&message| message != AGAIN))
    }

    /// With less room, decompression is slow and errors have words.
    pub const FAST: usize = 260;

    fn inner(&mut self) -> &mut InflateStream<'static> {
        // SAFETY: initialised by inflate, and live, by the invariant.
        unsafe { stream_of(&mut self.stream.raw) }
    }
}

impl Drop for Inflate {
    fn drop(&mut self) {
        inflate::end(self.inner());
    }
}

impl Reusable for Inflate {
    type Options = i32;

    fn into_state(self) -> Option<NonNull<internal_state>> {
        let kept = ManuallyDrop::new(self);
        NonNull::new(kept.stream.raw.state)
    }

    unsafe fn from_state(state: NonNull<internal_state>) -> Self {
        let raw = z_stream { state: state.as_ptr(), ..z_stream::default() };
        // INVARIANT: by the caller's word; the allocator is the same for all streams.
        Self { stream: Stream { raw }, wrong: None }
    }

    fn renew(mut self, &window_bits: &i32) -> Result<Self, NewError> {
        NewError::check(inflate::reset_with_config(self.inner(), InflateConfig { window_bits }))?;
        Ok(self)
    }

    fn fits(_: &i32) -> bool {
        true
    }

    fn copy(&mut self) -> Result<Self, NewError> {
        let mut raw = z_stream::default();
        let place = (&raw mut raw).cast();
        // zlib-rs copies no stream that has never had a place for output.
        self.stream.raw.next_out = NonNull::dangling().as_ptr();
        // SAFETY: `InflateStream` has the layout of `z_stream`, on which all of zlib-rs rests, and
        // a place that may be uninitialised takes anything. The copied state names input and output
        // of the last call; the next call replaces both before it looks at them.
        let code = unsafe { inflate::copy(&mut *place, self.inner()) };
        self.stream.raw.next_out = ptr::null_mut();
        raw.next_out = ptr::null_mut();
        // After a failure the copy is forgotten: it names this stream's state.
        NewError::check(code)?;
        // INVARIANT: the copy has a state of its own, from the same allocator.
        Ok(Self { stream: Stream { raw }, wrong: self.wrong })
    }

    fn make(&window_bits: &i32) -> Result<Self, NewError> {
        Self::new(window_bits)
    }
}

/// The struct as zlib-rs sees it.
///
/// # Safety
/// The struct is that of a live stream of inflate.
unsafe fn stream_of(raw: &mut z_stream) -> &mut InflateStream<'static> {
    // SAFETY: both have the same layout, on which all of zlib-rs rests; a live stream has a state
    // and an allocator. The memory of the state is on the heap until the stream ends.
    unsafe { &mut *ptr::from_mut(raw).cast() }
}

/// What zlib-rs says of a stream that has failed before.
const AGAIN: &str = "repeated call with bad state";
