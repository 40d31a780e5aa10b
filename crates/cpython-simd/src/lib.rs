//! Vector kernels behind safe functions, and the sink they write to.
//!
//! Each kernel has a scalar form for every machine and vector forms that are chosen while running,
//! by [`Level`]. `SAFETY.md` says why the `unsafe` in this crate is sound.
#![expect(unsafe_code, reason = "vector kernels and uninitialised memory; argued in SAFETY.md")]

pub use level::Level;
pub use sink::{Full, Sink};

pub mod base32;
pub mod base64;
pub mod crc;
pub mod hex;
mod level;
pub mod mask;
mod sink;
#[cfg(target_arch = "x86_64")]
mod x86;
