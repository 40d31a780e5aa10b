//! The API in real interpreters, and attacks on it: modules of test functions, in safe code.
#![forbid(unsafe_code)]

pub mod buffers;
pub mod classes;
pub mod clinic;
pub mod locks;
pub mod conventions;
pub mod hygiene;
pub mod nothing;
