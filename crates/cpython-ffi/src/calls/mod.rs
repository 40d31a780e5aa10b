//! The calls, one file per family of headers.
mod bytes;
mod container;
mod error;
mod memory;
mod module;
mod number;
mod object;
mod service;
mod text;
mod thread;

pub use bytes::*;
pub use container::*;
pub use error::*;
pub use memory::*;
pub use module::*;
pub use number::*;
pub use object::*;
pub use service::*;
pub use text::*;
pub use thread::*;
