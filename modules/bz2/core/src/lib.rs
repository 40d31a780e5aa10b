//! Streams of bzip2, for the frame that all streaming modules share.
#![forbid(unsafe_code)]

mod decoder;
mod encoder;
mod short;

pub use cpython_bzip2::{Error, Level};
pub use decoder::Decoder;
pub use encoder::Encoder;
