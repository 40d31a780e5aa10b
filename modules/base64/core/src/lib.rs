//! The core of `base64`.
#![forbid(unsafe_code)]
