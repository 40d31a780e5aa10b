//! CPython's C calls with typed contracts: the level between raw bindings and the safe API.
//!
//! The symbols are C's own, declared a second time with types that say what the header says in
//! prose: [`Ref`] is a borrowed pointer, [`Owned`] a reference the holder must give up, and
//! `Option` of either is a pointer that may be null. All of them are one pointer wide, so a call
//! compiles to the instructions of the raw call. The `contracts!` macro proves at compile time
//! that each declaration agrees with the bindings generated from the headers.
//!
//! What this crate does not do: it checks no attachment, converts no error and frees nothing by
//! itself. `SAFETY.md` in this folder defines the vocabulary that the contracts use.
#![expect(unsafe_code, reason = "declares and calls C; see SAFETY.md")]

#[macro_use]
mod contracts;
mod refs;

pub mod calls;
pub mod datetime;
pub mod dynamic;
pub mod fast;
pub mod fork;

pub use contracts::Raw;
pub use cpython_sys as raw;
pub use refs::{Owned, Ref, Status};
