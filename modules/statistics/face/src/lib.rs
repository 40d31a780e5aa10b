//! The Python face of `statistics`.
#![forbid(unsafe_code)]
