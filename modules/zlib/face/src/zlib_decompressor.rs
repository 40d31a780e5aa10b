//! Decompression piece by piece, by an object that keeps its input: what `gzip` reads with.
use std::sync::atomic::{AtomicBool, Ordering};

use cpython_api::exception::EOFError;
use cpython_api::types::PyBytes;
use cpython_api::{
    Bound, Chunks, Module, Py, PyAny, PyLock, PyResult, Room, ThreadState, Traverse, class, methods,
};
use cpython_streaming::{Decompression, Stop};
use zlib_core::Decoder;

use crate::options::{Dictionary, is_brief, refused};
use crate::state::{Failure, State};

/// An object that decompresses data piece by piece.
///
///   wbits
///     The size of the window, and the format: as for decompressobj().
///   zdict
///     The bytes that the compressor was given under this name.
#[class("zlib._ZlibDecompressor", state = State)]
pub(crate) struct ZlibDecompressor {
    stream: PyLock<Stream>,
    dictionary: Dictionary,
    #[member("Whether the stream has ended.")]
    eof: AtomicBool,
    #[member("Whether there is nothing to be had without more data.")]
    needs_input: AtomicBool,
}

/// A stream, until it ends, and the data behind its end.
#[derive(Traverse)]
struct Stream {
    #[traverse(skip)]
    decompression: Option<Decompression<Decoder>>,
    unused: Option<Py<PyBytes>>,
}

#[methods]
impl ZlibDecompressor {
    #[new("_ZlibDecompressor(wbits=MAX_WBITS, zdict=b'')")]
    fn new<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        #[default(15)] wbits: i32,
        zdict: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let no_memory = "Can't allocate memory for decompression object";
        let decoder = Decoder::lazy(&module.state()?.inflates, wbits);
        let mut decoder = decoder.map_err(|error| refused(ts, error, no_memory))?;
        let dictionary = Dictionary::new(zdict);
        if wbits < 0
            && let Some(copy) = dictionary.copy(ts)?
        {
            let set = decoder.set_dictionary(&copy);
            set.map_err(|error| Failure::from(error).raise(ts, module))?;
        }
        let stream = Stream { decompression: Some(Decompression::new(decoder)), unused: None };
        Ok(Self {
            stream: PyLock::new(stream),
            dictionary,
            eof: AtomicBool::new(false),
            needs_input: AtomicBool::new(true),
        })
    }

    /// Give what more compressed data means.
    ///
    ///   data
    ///     Bytes that follow those of earlier calls; may be empty when needs_input is False.
    ///   max_length
    ///     The most bytes to give; negative for no limit. Data that is not needed for them is
    ///     kept, and there is more to be had as long as needs_input is False and eof, too.
    ///
    /// Behind the end of the stream this raises EOFError.
    #[method("decompress(data, max_length=-1)")]
    fn decompress(
        &self,
        ts: &mut ThreadState<'_>,
        module: &Module<'_, '_, State>,
        data: Chunks<'_>,
        #[default(-1)] max_length: isize,
    ) -> PyResult<Py<PyBytes>> {
        let room = usize::try_from(max_length).ok().filter(|&most| most < isize::MAX as usize);
        let room = match room {
            // Who asks for so much mostly gets it.
            Some(most) => Room::at_most(most).first(most.min(MOST_AT_ONCE)),
            None => Room::UNLIMITED.first(AT_FIRST),
        };
        let room = room.brief(is_brief(data.len()));
        let dictionary = self.dictionary.offer(ts);
        let made = self.stream.hold(ts, |stream, inside| {
            let Some(decompression) = &mut stream.decompression else { return Ok(None) };
            if let Some(dictionary) = dictionary {
                decompression.decoder().offer(dictionary);
            }
            let made = match data.whole() {
                Some(mut bytes) => {
                    decompression.run::<_, Failure>(&mut bytes, |step| inside.grow(room, step))?
                }
                None => decompression
                    .run::<_, Failure>(&mut data.pieces(), |step| inside.grow(room, step))?,
            };
            if decompression.stop() == Stop::End {
                let left = decompression.pending().as_slice();
                let unused = (!left.is_empty()).then(|| inside.join(b"", left));
                self.eof.store(true, Ordering::Relaxed);
                self.needs_input.store(false, Ordering::Relaxed);
                stream.decompression = None;
                stream.unused = unused.transpose()?;
            } else {
                let dry = decompression.pending().is_empty();
                self.needs_input.store(dry, Ordering::Relaxed);
            }
            Ok::<_, Failure>(Some(made))
        })?;
        match made {
            Ok(Some(made)) => Ok(made),
            Ok(None) => Err(EOFError::new(ts, "End of stream already reached")),
            Err(failure) => Err(self.dictionary.blame(ts, module, failure)),
        }
    }

    /// The data behind the end of the stream.
    #[getter("unused_data")]
    fn unused_data(&self, ts: &mut ThreadState<'_>) -> PyResult<Py<PyBytes>> {
        self.stream
            .hold(ts, |stream, inside| stream.unused.as_ref().map(|it| inside.another(it)))?
            .map_or_else(|| Ok(PyBytes::new(ts, b"")?.unbind()), Ok)
    }
}

/// How much room there is at first when there is no limit.
const AT_FIRST: usize = 16 * 1024;

/// How much room there is at first at most.
const MOST_AT_ONCE: usize = 16 * 1024 * 1024;
