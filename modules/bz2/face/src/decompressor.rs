//! `BZ2Decompressor`.
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bz2_core::Decoder;
use cpython_api::types::PyBytes;
use cpython_api::{Bound, Chunks, Py, PyLock, PyOnce, PyResult, Room, ThreadState, class, methods};
use cpython_streaming::{Decompression, Stop};

use crate::State;
use crate::failure::Failure;

/// Decompresses data piece by piece.
///
/// To decompress all at once there is bz2.decompress().
#[class("_bz2.BZ2Decompressor", state = State, uncollected)]
pub(crate) struct Decompressor {
    #[traverse(skip)]
    stream: PyLock<Decompression<Decoder>>,
    #[member("Whether the end of the stream has been reached.")]
    eof: AtomicBool,
    #[member("Whether more input is needed for more output.")]
    needs_input: AtomicBool,
    /// What came behind the end, when that has been reached. No cycle goes through a `bytes`.
    #[traverse(skip)]
    unused: PyOnce<Py<PyBytes>>,
}

#[methods]
impl Decompressor {
    #[new("BZ2Decompressor()")]
    fn new() -> PyResult<Self> {
        Ok(Self {
            stream: PyLock::new(Decompression::new(Decoder::default())),
            eof: AtomicBool::new(false),
            needs_input: AtomicBool::new(true),
            unused: PyOnce::new(),
        })
    }

    /// Decompress more data.
    ///
    /// When max_length is not negative, the result has no more bytes than that. Input that is left
    /// then is kept, and needs_input is False: the next call gives more, even for b"".
    ///
    /// After the end of the stream, which eof tells, this is an EOFError; input behind the end is
    /// in unused_data.
    #[method("decompress(data, max_length=-1)")]
    fn decompress(
        &self,
        ts: &mut ThreadState<'_>,
        data: Chunks<'_>,
        max_length: isize,
    ) -> PyResult<Py<PyBytes>> {
        let mut input = data.pieces();
        let made = self.stream.hold(ts, |stream, inside| {
            if stream.stop() == Stop::End {
                return Err(Failure::Ended);
            }
            let room = Room::max_length(max_length);
            let made = stream.run(&mut input, |step| inside.grow(room, step));
            match made {
                Ok(_) => self.needs_input.store(stream.stop() == Stop::Dry, Relaxed),
                Err(Failure::Stream(_)) => self.needs_input.store(false, Relaxed),
                Err(_) => {}
            }
            if stream.stop() != Stop::End {
                return made;
            }
            self.needs_input.store(false, Relaxed);
            self.eof.store(true, Relaxed);
            if !stream.pending().is_empty() {
                self.unused.get_or_try_init(|| inside.bytes(stream.pending().as_slice()))?;
                stream.pending().free();
            }
            made
        })?;
        made.map_err(|failure: Failure| failure.into_error(ts))
    }

    /// What came behind the end of the stream.
    #[getter("unused_data")]
    fn unused_data<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.unused.get().map_or_else(|| PyBytes::new(ts, b""), |unused| Ok(unused.bind(ts)))
    }
}
