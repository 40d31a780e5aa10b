//! The API in real interpreters, and attacks on it: modules of test functions, in safe code.
#![forbid(unsafe_code)]

pub mod arguments;
pub mod buffers;
pub mod builders;
pub mod careless;
pub mod classes;
pub mod clinic;
pub mod containers;
pub mod conventions;
pub mod dates;
pub mod handles;
pub mod holes;
pub mod hygiene;
pub mod locks;
pub mod modules;
pub mod nothing;
pub mod panics;
pub mod services;
pub mod streams;
pub mod tokens;

mod smuggled;
