//! What the streaming modules (`zlib`, `_bz2`, later `_lzma` and `_zstd`) have in common and is no
//! Python: how a codec is fed, and what becomes of input that it has not taken.
//!
//! A module's core implements [`Codec`] for its streams. Its face puts them behind a lock, and runs
//! [`feed`] or [`Decompression::run`] in the API's `Inside::grow`, which makes room and detaches.
//! Input is any [`BufRead`](std::io::BufRead) that never fails, such as the API's `Pieces`.
#![forbid(unsafe_code)]

mod codec;
mod decompression;
mod pending;

pub use codec::{Codec, Progress, Stop, feed};
pub use cpython_simd::Sink;
pub use decompression::{Decompression, Step};
pub use pending::{NoMemory, Pending};
