//! Attacks on the API, in safe code.
#![forbid(unsafe_code)]
