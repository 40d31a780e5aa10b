//! The core of `statistics`.
#![forbid(unsafe_code)]
