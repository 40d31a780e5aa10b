//! The core of `_json`: reading and writing JSON, generic over the width of a `str`'s characters.
#![forbid(unsafe_code)]
#![no_std]

#[cfg(test)]
extern crate std;

pub mod decode;
pub mod encode;
