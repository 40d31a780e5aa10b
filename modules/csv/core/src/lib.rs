//! The core of `_csv`: lines to fields and fields to rows, for text of any width.
//!
//! [`Parser`] takes lines and gives the fields of one row; [`Row`] takes fields and gives a line.
//! Both follow a [`Dialect`]. Text is what Python's `str` stores: code points, surrogates among
//! them, in units of one, two or four bytes.
#![forbid(unsafe_code)]

mod buffer;
mod dialect;
mod error;
mod marks;
mod reader;
mod text;
mod writer;

pub use buffer::Buffer;
pub use dialect::{Dialect, Quoting};
pub use error::Error;
pub use reader::{Fields, Parser};
pub use text::{Text, Unit};
pub use writer::Row;
