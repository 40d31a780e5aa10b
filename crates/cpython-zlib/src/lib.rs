//! A fenced cellar: deflate and inflate streams of `zlib-rs` that can be copied and reused.
//!
//! The crate's own safe interface cannot copy a live stream, and panics where memory is short.
//! What can do both is public behind its feature `__internal-api`, in terms of C's `z_stream`.
//! This crate makes safe types of it again: [`Deflate`] and [`Inflate`] own a stream, [`Spare`]
//! keeps one for the next who needs it. No Python.
#![expect(unsafe_code, reason = "the streams are reached through C's z_stream; see SAFETY.md")]

mod deflate;
mod inflate;
mod spare;
mod stream;

pub use deflate::{Deflate, DeflateOptions};
pub use inflate::Inflate;
pub use spare::{Leased, Spare};
pub use stream::{NewError, Progress};
pub use zlib_rs::adler32::{adler32, adler32_combine};
pub use zlib_rs::crc32::{crc32, crc32_combine};
pub use zlib_rs::{DeflateFlush, InflateFlush, ReturnCode};
