//! The safe API on a small model of CPython in Rust: `c` defines the C functions that the API calls, as far as handles,
//! modules, classes, the collector, locks and the queue of dropped objects need them; the other files are the tests.
//!
//! Everything here is Rust, so that Miri can run it: `cargo +nightly miri test --package objects`. The layouts are those
//! of the headers. What is modelled is CPython with a GIL for each interpreter; forks are not.
#![cfg_attr(test, expect(unsafe_code, reason = "the model is what C would be; see `c`"))]

#[cfg(test)]
mod c;
#[cfg(test)]
mod classes;
#[cfg(test)]
mod collector;
#[cfg(test)]
mod handles;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod modules;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod subject;
