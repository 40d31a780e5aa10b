//! Vector kernels behind safe functions, and the sink they write to.
#![expect(unsafe_code, reason = "vector kernels and uninitialised memory; argued in SAFETY.md")]

pub use sink::{Full, Sink};

mod sink;
