//! The core of `bisect`.
#![forbid(unsafe_code)]
