//! The core of `zlib`: streams of `zlib-rs` as codecs, their errors in C's words, and two checks.
#![forbid(unsafe_code)]

mod checks;
mod decoder;
mod encoder;
mod error;
mod guess;
mod short;
mod waiting;

pub use checks::{adler32, adler32_combine, crc32, crc32_combine};
pub use cpython_streaming::{Codec, Decompression, Pending, Sink, Stop, feed};
pub use cpython_zlib::{Deflate, DeflateOptions, Inflate, InflateFlush, Leased, NewError, Spare};
pub use decoder::{DECOMPRESSING, Decoder};
pub use encoder::{COMPRESSING, Encoder, FLUSHING};
pub use error::Error;
pub use guess::Guess;
