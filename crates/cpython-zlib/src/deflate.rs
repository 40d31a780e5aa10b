//! Compression: [`Deflate`].
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use cpython_simd::Sink;
use zlib_rs::c_api::{internal_state, z_stream};
use zlib_rs::deflate::{self, DeflateStream};
use zlib_rs::{DeflateConfig, DeflateFlush, Method, ReturnCode, Strategy};

use crate::spare::Reusable;
use crate::stream::{NewError, Progress, Stream, lendable};

/// What `deflateInit2` takes, unchecked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeflateOptions {
    /// 0 (none) to 9 (best); -1 is 6.
    pub level: i32,
    /// 8 is deflate, and there is no other.
    pub method: i32,
    /// 9 to 15: the size of the window as a power of two; negated without a header; 16 more with
    /// the header of gzip.
    pub window_bits: i32,
    /// 1 to 9: how much memory to use.
    pub mem_level: i32,
    /// 0 to 4.
    pub strategy: i32,
}

/// A stream that compresses.
pub struct Deflate {
    stream: Stream,
    strategy: Strategy,
    /// Level 1 with a header that is still to be written: see [`Deflate::run`].
    fastest: bool,
    /// The window, memory and header are those of [`DeflateOptions::default`].
    usual: bool,
}

impl Default for DeflateOptions {
    fn default() -> Self {
        Self { level: -1, method: 8, window_bits: 15, mem_level: 8, strategy: 0 }
    }
}

impl DeflateOptions {
    /// Whether a stream of these options differs from the usual one in level and strategy at most.
    fn are_usual(&self) -> bool {
        let usual = Self::default();
        self.window_bits == usual.window_bits && self.mem_level == usual.mem_level
    }

    /// What zlib-rs is asked for.
    fn config(&self) -> Result<DeflateConfig, NewError> {
        let method = Method::try_from(self.method).map_err(|()| NewError::Invalid)?;
        let strategy = Strategy::try_from(self.strategy).map_err(|()| NewError::Invalid)?;
        let &Self { level, window_bits, mem_level, .. } = self;
        Ok(DeflateConfig { level, method, window_bits, mem_level, strategy })
    }
}

impl Deflate {
    /// A new stream.
    ///
    /// # Errors
    /// [`NewError`].
    pub fn new(options: &DeflateOptions) -> Result<Self, NewError> {
        let config = options.config()?;
        let mut raw = z_stream::default();
        NewError::check(deflate::init(&mut raw, config))?;
        // INVARIANT: just initialised, with the allocator of `z_stream::default`, which is Rust's.
        let stream = Stream { raw };
        let mut made =
            Self { stream, strategy: config.strategy, fastest: false, usual: options.are_usual() };
        made.choose_method(config.level, options.window_bits < 0);
        Ok(made)
    }

    /// Compresses from the start of `input` to the sink, as far as either goes.
    ///
    /// Level 1 of zlib-rs knows fixed codes only, so that its output is a quarter larger than C's.
    /// Our level 1 is its level 2 with shorter searches. The header still says 1: it is written
    /// before the level changes.
    pub fn run(&mut self, input: &[u8], out: &mut Sink<'_>, flush: DeflateFlush) -> Progress {
        if self.fastest && out.remaining() > 0 {
            let begun = self.deflate(&[], out, DeflateFlush::NoFlush);
            self.search_shortly();
            self.fastest = false;
            if input.is_empty() && flush == DeflateFlush::NoFlush {
                return begun;
            }
        }
        // What does not fit C's counters is not the end yet.
        let whole = lendable(input) as usize == input.len();
        self.deflate(input, out, if whole { flush } else { DeflateFlush::NoFlush })
    }

    /// Begins the stream with a dictionary.
    ///
    /// # Errors
    /// `StreamError` where a dictionary cannot be: with gzip, or after the beginning.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), ReturnCode> {
        match deflate::set_dictionary(self.inner(), dictionary) {
            ReturnCode::Ok => Ok(()),
            code => Err(code),
        }
    }

    /// zlib's words for what was wrong last.
    pub fn message(&self) -> Option<&'static str> {
        self.stream.message()
    }

    fn deflate(&mut self, input: &[u8], out: &mut Sink<'_>, flush: DeflateFlush) -> Progress {
        // SAFETY: one call of zlib-rs, on a stream of deflate by the invariant.
        unsafe { self.stream.lend(input, out, |raw| deflate::deflate(stream_of(raw), flush)) }
    }

    /// What levels 1 (as soon as its header is written) and 6 are; nothing at other levels.
    fn choose_method(&mut self, level: i32, headless: bool) {
        let searches = !matches!(self.strategy, Strategy::HuffmanOnly | Strategy::Rle);
        self.fastest = level == 1 && searches && !headless;
        match level {
            1 if searches && headless => self.search_shortly(),
            // With chains of 128, as they are else, what is made is 0.5 % shorter, in 1.3 times as long.
            -1 | 6 => {
                deflate::tune(self.inner(), 8, 16, 128, 48);
            }
            _ => {}
        }
    }

    /// Level 2 with half as long chains.
    fn search_shortly(&mut self) {
        let strategy = self.strategy;
        let mut nothing = [];
        let stream = &mut self.stream;
        // The stream has its header at most, so that there is nothing to flush, nor room for it.
        // SAFETY: calls of zlib-rs, on a stream of deflate by the invariant.
        unsafe {
            stream.lend(&[], &mut Sink::new(&mut nothing), |raw| {
                deflate::params(stream_of(raw), 2, strategy);
                deflate::tune(stream_of(raw), 4, 4, 8, 2)
            });
        }
        // It complains of having nothing to do.
        self.stream.raw.msg = ptr::null_mut();
    }

    fn inner(&mut self) -> &mut DeflateStream<'static> {
        // SAFETY: initialised by deflate, and live, by the invariant.
        unsafe { stream_of(&mut self.stream.raw) }
    }
}

impl Reusable for Deflate {
    type Options = DeflateOptions;

    fn into_state(self) -> Option<NonNull<internal_state>> {
        if !self.usual {
            return None;
        }
        let kept = ManuallyDrop::new(self);
        NonNull::new(kept.stream.raw.state)
    }

    unsafe fn from_state(state: NonNull<internal_state>) -> Self {
        let raw = z_stream { state: state.as_ptr(), ..z_stream::default() };
        // INVARIANT: by the caller's word; the allocator is the same for all streams.
        let stream = Stream { raw };
        Self { stream, strategy: Strategy::Default, fastest: false, usual: true }
    }

    fn renew(mut self, options: &DeflateOptions) -> Result<Self, NewError> {
        let config = options.config()?;
        let stream = self.inner();
        deflate::reset(stream);
        // Nothing has been compressed since the reset, so that nothing is flushed.
        NewError::check(deflate::params(stream, config.level, config.strategy))?;
        self.strategy = config.strategy;
        self.choose_method(config.level, false);
        Ok(self)
    }

    fn fits(options: &DeflateOptions) -> bool {
        options.are_usual()
    }

    fn copy(&mut self) -> Result<Self, NewError> {
        let mut raw = z_stream::default();
        let place = (&raw mut raw).cast();
        // SAFETY: `DeflateStream` has the layout of `z_stream`, on which all of zlib-rs rests, and
        // a place that may be uninitialised takes anything.
        let code = deflate::copy(unsafe { &mut *place }, self.inner());
        // After a failure the copy is forgotten: it names this stream's state.
        NewError::check(code)?;
        // INVARIANT: the copy has a state of its own, from the same allocator.
        Ok(Self { stream: Stream { raw }, ..*self })
    }

    fn make(options: &DeflateOptions) -> Result<Self, NewError> {
        Self::new(options)
    }
}

impl Drop for Deflate {
    fn drop(&mut self) {
        // What was not written yet is thrown away on purpose.
        let _ = deflate::end(self.inner());
    }
}

/// The struct as zlib-rs sees it.
///
/// # Safety
/// The struct is that of a live stream of deflate.
unsafe fn stream_of(raw: &mut z_stream) -> &mut DeflateStream<'static> {
    // SAFETY: both have the same layout, on which all of zlib-rs rests; a live stream has a state
    // and an allocator. The memory of the state is on the heap until the stream ends.
    unsafe { &mut *ptr::from_mut(raw).cast() }
}
