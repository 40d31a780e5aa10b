//! Raw bindings to CPython 3.15: what `Python.h` declares, under the names that C uses.
//!
//! The declarations are generated at build time from the headers of the interpreter being built
//! for, so the three build kinds (with the GIL, free-threaded, debug) each get their own layout.
//! Macros and static inline functions have no symbol to bind; those that are on a hot path are
//! written again here, and `tests/` compares each one with C.
//!
//! Nothing here checks anything. Layers above take [`GIL_DISABLED`] and [`DEBUG`] as constants, so
//! that `cfg(Py_...)` stays in this crate.
#![expect(unsafe_code, reason = "these are the raw bindings")]
#![expect(nonstandard_style, reason = "the names are those of C")]
#![no_std]

mod bindings;
mod call;
mod check;
mod collections;
mod datetime;
mod module;
mod mutex;
mod number;
mod object;
mod refcount;
mod string;
mod thread;

pub use bindings::*;
pub use call::*;
pub use check::*;
pub use collections::*;
pub use datetime::*;
pub use module::*;
pub use number::*;
pub use object::*;
pub use refcount::*;
pub use string::*;
pub use thread::*;

// CPython exports these as functions too; as in C, the inline one hides the exported one.
pub use call::PyVectorcall_NARGS;
pub use mutex::{PyMutex_IsLocked, PyMutex_Lock, PyMutex_Unlock};
pub use number::{PyUnstable_Long_CompactValue, PyUnstable_Long_IsCompact};
pub use object::{
    Py_IS_TYPE, Py_Is, Py_IsFalse, Py_IsNone, Py_IsTrue, Py_SET_SIZE, Py_SIZE, Py_TYPE,
};
pub use refcount::{Py_NewRef, Py_REFCNT, Py_XNewRef};
pub use string::{PyUnicode_DATA, PyUnicode_KIND};

/// Whether the interpreter being built for is free-threaded (`Py_GIL_DISABLED`).
pub const GIL_DISABLED: bool = cfg!(Py_GIL_DISABLED);

/// Whether the interpreter being built for is a debug build (`Py_DEBUG`).
pub const DEBUG: bool = cfg!(Py_DEBUG);
