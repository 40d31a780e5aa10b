//! The Python face of `bisect`.
#![forbid(unsafe_code)]
