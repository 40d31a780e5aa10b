//! Reads a document: numbers, strings, structure, and where it is broken.
mod build;
mod error;
mod number;
mod read;
mod string;
mod unit;

pub use build::{Build, Constant, Container};
pub use error::{Broken, Error, Kind};
pub use number::{Number, NumberKind, read_number};
pub use read::read;
pub use string::{Body, Plain, Unescaped, read_plain_string, read_string};
pub use unit::{Unit, Units};
