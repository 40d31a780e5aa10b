//! The safe API that CPython's Rust modules use.
//!
//! Four ideas carry it:
//!
//! - [`ThreadState`] proves that this thread is attached, here and now. It never proves that no
//!   Python runs meanwhile, so nothing is ever lent on the strength of a borrowed one.
//! - [`Bound`] is an object and the thread state it is used on; [`Py`] is an object and the
//!   interpreter that owns it. Both are counted, both are checked on use and on drop.
//! - [`PyErr`] is an owned exception: nothing is pending while Rust code runs.
//! - A module is typed by its state, a class by its payload; both are `Send + Sync`.
//!
//! What this crate does not do: it has no names of C, no `cfg` of a Python version, no global
//! state beyond one small cell per interpreter, and no support for any Python but the one whose
//! headers it was built with.
#![expect(
    unsafe_code,
    reason = "the one crate that turns contracts into safe types; see docs/safety.md"
)]

mod allocate;
mod arg;
mod attach;
mod buffer;
mod bytes_growth;
mod bytes_writer;
mod convert;
mod ending;
mod error;
mod function;
mod gc;
mod guard;
mod handle;
mod interned;
mod interpreter;
mod message;
mod module;
mod os_error;
mod panic;
mod parameters;
mod recursion;
mod result;
mod service;
mod stack;
mod str_builder;
mod str_writer;
pub mod sync;
mod thread;
mod twin;

pub mod class;
pub mod exception;
pub mod export;
pub mod types;

/// What `tests/model` replaces by loom's.
mod atomic {
    pub(crate) use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};
}

pub(crate) use allocate::allocate;
pub use arg::{Arg, FromArg, Ignored};
pub use attach::Gone;
pub use buffer::{AsciiBuffer, Buffer, BufferMut, Chunks, Kept, KeptExport, Pieces, StrOrBuffer};
pub use bytes_growth::Room;
pub use bytes_writer::BytesBuilder;
pub use class::{Class, ClassFacts, ClassRef, MethodDef, Methods, OfClass, OfNothing, OfType};
pub use convert::{Byte, CodePoint, LongLong, Masked, NonNegative, SliceIndex, UnsignedLongLong};
pub use cpython_api_macros::{Traverse, class, function, methods, module};
pub use cpython_shared::Shared;
pub use cpython_simd::{Full, Sink};
pub use error::{PyErr, PyResult};
pub use export::Export;
pub use function::{Call, Convention, Function, FunctionDef, OfModule, PlacesOf, Receiver};
pub use gc::{Stop, Traverse, Visit};
pub use handle::{Borrowed, Bound, Py};
pub use module::{Definition, Facts, Functions, Module, ModuleState, Slots};
pub use parameters::Parameters;
pub use recursion::RecursionLevel;
pub use result::{IntoPy, Outcome, Return};
pub use str_builder::{StrBuilder, StrRoom};
pub use str_writer::StrWriter;
pub use sync::{PyLock, PyOnce};
pub use thread::ThreadState;
pub use twin::Twin;
pub use types::{PyAny, PyType};
