//! The streams of `libbz2-rs-sys` with a safe API.
//!
//! The crate `bzip2` has one, too, but it panics when memory is short, and goes on with a stream
//! that has failed. Here both are errors.
#![expect(unsafe_code, reason = "libbz2-rs-sys has the interface of the C library")]

mod compressor;
mod decompressor;
mod stream;

pub use compressor::{Compressor, Level};
pub use cpython_simd::Sink;
pub use decompressor::Decompressor;
pub use stream::Error;
