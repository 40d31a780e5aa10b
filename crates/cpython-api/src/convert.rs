//! Argument Clinic's converters: from an argument to a Rust value, with C's checks and texts.
//!
//! Buffers convert in [`buffer`](crate::Buffer); objects by type in [`arg`](crate::FromArg).
mod float;
mod index;
mod integer;
mod masked;
mod text;

pub use index::{NonNegative, SliceIndex};
pub use integer::{LongLong, UnsignedLongLong};
pub use masked::Masked;
pub use text::{Byte, CodePoint};
