//! Input that a stream has not taken.
use std::io::BufRead;

use cpython_api::{Chunks, PyResult};
use cpython_streaming::Pending;

use crate::state::Failure;

/// What `make` makes of the input from `start` on.
pub(crate) fn leftover<T>(
    data: Chunks<'_>,
    start: usize,
    make: impl FnOnce(&[u8]) -> PyResult<T>,
) -> Result<T, Failure> {
    let mut pieces = data.pieces();
    pieces.skip(start);
    let count = data.len().saturating_sub(start);
    if let Ok(piece) = pieces.fill_buf()
        && piece.len() == count
    {
        return Ok(make(piece)?);
    }
    let mut all = Pending::default();
    all.append(&mut pieces)?;
    Ok(make(all.as_slice())?)
}
