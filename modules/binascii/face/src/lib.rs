//! The Python face of `binascii`.
#![forbid(unsafe_code)]
