//! The core of `_zoneinfo`: TZif files, the time zone rules of POSIX, and what they say of a moment.
//!
//! No count in a file is believed: memory is asked for what has been read, and each index is
//! compared with what it points into.
#![forbid(unsafe_code)]

mod calendar;
mod error;
mod footer;
mod fuzz;
mod quote;
mod rule;
mod source;
mod tzif;
mod years;
mod zone;

pub use calendar::{ordinal, timestamp};
pub use error::{Error, Kind};
pub use footer::Fault;
pub use fuzz::fuzz;
pub use source::{Bytes, Source};
pub use zone::{Period, Zone};
