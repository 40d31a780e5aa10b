//! The Python face of `base64`.
#![forbid(unsafe_code)]
