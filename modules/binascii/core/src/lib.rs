//! The core of `binascii`.
#![forbid(unsafe_code)]
