//! `BZ2Compressor`.
use bz2_core::{Encoder, Level};
use cpython_api::exception::ValueError;
use cpython_api::types::PyBytes;
use cpython_api::{Chunks, Py, PyLock, PyResult, Room, ThreadState, class, methods};
use cpython_streaming::feed;

use crate::State;
use crate::failure::Failure;

/// Compresses data piece by piece.
///
/// compresslevel is a number from 1 to 9: how many hundreds of kilobytes are compressed at a time.
///
/// To compress all at once there is bz2.compress().
#[class("_bz2.BZ2Compressor", state = State, uncollected)]
pub(crate) struct Compressor {
    #[traverse(skip)]
    stream: PyLock<Encoder>,
}

#[methods]
impl Compressor {
    #[new("BZ2Compressor(compresslevel=9, /)")]
    fn new(ts: &ThreadState<'_>, compresslevel: i32) -> PyResult<Self> {
        let Some(level) = Level::new(compresslevel) else {
            return Err(ValueError::new(ts, "compresslevel must be between 1 and 9"));
        };
        Ok(Self { stream: PyLock::new(Encoder::new(level)) })
    }

    /// Compress more data.
    ///
    /// Gives what is ready, which may be nothing. At the end, flush() gives the rest.
    #[method("compress(data, /)")]
    fn compress(&self, ts: &mut ThreadState<'_>, data: Chunks<'_>) -> PyResult<Py<PyBytes>> {
        let mut input = data.pieces();
        let made = self.stream.hold(ts, |encoder, inside| {
            if encoder.is_finished() {
                return Err(Failure::TooLate("Compressor has been flushed"));
            }
            inside.grow(Room::UNLIMITED, |out| Ok(feed(encoder, &mut input, out)?.flow()))
        })?;
        made.map_err(|failure| failure.into_error(ts))
    }

    /// Finish the stream and give what is left of it.
    ///
    /// The compressor cannot be used afterwards.
    #[method("flush()")]
    fn flush(&self, ts: &mut ThreadState<'_>) -> PyResult<Py<PyBytes>> {
        let made = self.stream.hold(ts, |encoder, inside| {
            if encoder.is_finished() {
                return Err(Failure::TooLate("Repeated call to flush()"));
            }
            inside.grow(Room::UNLIMITED, |out| Ok::<_, Failure>(encoder.finish(out)?))
        })?;
        made.map_err(|failure| failure.into_error(ts))
    }
}
