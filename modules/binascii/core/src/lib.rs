//! The core of `binascii`: binary data as ASCII text and back, in nine encodings, and two checks.
//!
//! Each encoding is a module with the same shape: how long the result can get, and a function that
//! appends it to a [`Sink`] of that capacity. Options are named as the Python arguments are, and
//! their defaults are Python's. Decoders return an [`Error`] with the text of the exception.
#![forbid(unsafe_code)]

pub use cpython_simd::Sink;
pub use error::{Error, Kind};

pub mod alphabet;
pub mod ascii85;
pub mod base32;
pub mod base64;
pub mod base85;
pub mod crc;
mod error;
pub mod hex;
mod ignored;
mod lines;
mod padding;
pub mod qp;
pub mod uu;
