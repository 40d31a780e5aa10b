//! Writes a document: strings with escapes, numbers as Python prints them.
mod escape;
mod float;
mod integer;
mod short;
mod unit;

pub use escape::{Ascii, CHUNK, Mode, NEEDED, Step, Unicode, escape};
pub use float::write_float;
pub use integer::{digits_for, limbs_for, write_i64, write_long};
pub use short::{QUOTED, quote_short};
pub use unit::Unit;

/// What a float or an integer of 64 bits needs at most: `-1.7976931348623157e+308`, and some more.
pub const NUMBER: usize = 32;
