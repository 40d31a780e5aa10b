//! Decompression piece by piece: `decompressobj()` and what it gives.
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering};

use cpython_api::exception::{MemoryError, TypeError, ValueError};
use cpython_api::sync::Inside;
use cpython_api::types::PyBytes;
use cpython_api::{
    Bound, Chunks, Module, NonNegative, Py, PyAny, PyLock, PyResult, Room, ThreadState, Traverse,
    class, function, methods,
};
use cpython_streaming::{Stop, feed};
use zlib_core::{DECOMPRESSING, Decoder, Error, InflateFlush};

use crate::leftover::leftover;
use crate::options::{Dictionary, is_brief, refused, room};
use crate::state::{Failure, State};

/// Give an object that decompresses data piece by piece.
///
///   wbits
///     The size of the window, and the format: as for compressobj(), or 32 more for either header.
///   zdict
///     The bytes that the compressor was given under this name.
#[function("decompressobj(wbits=MAX_WBITS, zdict=b'')")]
pub(crate) fn decompressobj<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    #[default(15)] wbits: i32,
    zdict: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, Decompress>> {
    if zdict.is_some_and(|zdict| !zdict.is_buffer()) {
        return Err(TypeError::new(ts, "zdict argument must support the buffer protocol"));
    }
    let state = module.state()?;
    let decoder = Decoder::lazy(&state.inflates, wbits);
    let mut decoder = decoder.map_err(|error| refused(ts, error, NO_MEMORY))?;
    let dictionary = Dictionary::new(zdict);
    if wbits < 0
        && let Some(copy) = dictionary.copy(ts)?
    {
        let set = decoder.set_dictionary(&copy);
        set.map_err(|error| Failure::from(error).raise(ts, module))?;
    }
    let stream = Stream { decoder: Some(decoder), ..Stream::default() };
    state.decompress.instance(ts, Decompress::new(stream, dictionary, false))
}

#[class("zlib.Decompress", state = State)]
pub(crate) struct Decompress {
    stream: PyLock<Stream>,
    dictionary: Dictionary,
    #[member]
    eof: AtomicBool,
}

/// A stream, until it ends in a flush, and the input that it has not taken: behind its end, or
/// because of a limit.
#[derive(Default, Traverse)]
struct Stream {
    #[traverse(skip)]
    decoder: Option<Decoder>,
    message: Option<&'static str>,
    unused: Option<Py<PyBytes>>,
    tail: Option<Py<PyBytes>>,
}

#[methods]
impl Decompress {
    /// Give what more compressed data means.
    ///
    ///   max_length
    ///     The most bytes to give, unless it is 0. Data that is not needed for them is
    ///     unconsumed_tail afterwards, to be passed in again.
    #[method("decompress(data, /, max_length=0)")]
    fn decompress(
        &self,
        ts: &mut ThreadState<'_>,
        module: &Module<'_, '_, State>,
        data: Chunks<'_>,
        #[default(NonNegative(0))] max_length: NonNegative,
    ) -> PyResult<Py<PyBytes>> {
        let room = if max_length.0 == 0 { Room::UNLIMITED } else { Room::at_most(max_length.0) };
        let room = room.brief(is_brief(data.len()));
        let dictionary = self.dictionary.offer(ts);
        let made = self.stream.hold(ts, |stream, inside| {
            let Some(decoder) = &mut stream.decoder else {
                stream.keep(inside, data, 0, false)?;
                return Err(Failure::Zlib(Error::over(DECOMPRESSING, stream.message)));
            };
            if let Some(dictionary) = dictionary {
                decoder.offer(dictionary);
            }
            decoder.begin(data.len(), InflateFlush::SyncFlush);
            let (made, stop) = match data.whole() {
                Some(mut bytes) => unpacked(inside, room, decoder, &mut bytes),
                None => unpacked(inside, room, decoder, &mut data.pieces()),
            };
            let consumed = decoder.consumed();
            match &made {
                Err(Failure::Zlib(error)) if !error.is_about_data() => {}
                Err(Failure::Memory | Failure::Python(_)) => {}
                Ok(_) | Err(Failure::Zlib(_)) => {
                    stream.keep(inside, data, consumed, stop == Stop::End)?;
                    if stop == Stop::End {
                        self.eof.store(true, Ordering::Relaxed);
                    }
                }
            }
            made
        })?;
        made.map_err(|failure| self.dictionary.blame(ts, module, failure))
    }

    /// Give what is left of the decompressed data.
    ///
    ///   length
    ///     How much room to make for it at first.
    #[method("flush(length=zlib.DEF_BUF_SIZE, /)")]
    fn flush(
        &self,
        ts: &mut ThreadState<'_>,
        module: &Module<'_, '_, State>,
        #[default(16 * 1024)] length: isize,
    ) -> PyResult<Py<PyBytes>> {
        let Some(length) = usize::try_from(length).ok().filter(|&length| length > 0) else {
            return Err(ValueError::new(ts, "length must be greater than zero"));
        };
        let room = room(ts, length)?;
        let made = self.stream.hold(ts, |stream, inside| {
            let Some(decoder) = &mut stream.decoder else {
                return Ok(inside.join(b"", b"")?);
            };
            let data = stream.tail.as_ref().map_or(&b""[..], |tail| inside.slice(tail));
            decoder.begin(data.len(), InflateFlush::Finish);
            let (mut input, mut stop) = (data, Stop::Dry);
            let made = inside.grow(room.brief(is_brief(data.len())), |out| {
                // What was wrong is not told: the result is what there was before it.
                stop = feed(decoder, &mut input, out).unwrap_or(Stop::Dry);
                Ok::<_, Failure>(stop.flow())
            })?;
            let left = data.get(decoder.consumed()..).unwrap_or_default();
            let tail = (!left.is_empty()).then(|| inside.join(b"", left)).transpose()?;
            if stop == Stop::End {
                if !left.is_empty() {
                    let unused = stream.unused.as_ref();
                    let unused = unused.map_or(&b""[..], |unused| inside.slice(unused));
                    stream.unused = Some(inside.join(unused, left)?);
                }
                stream.message = decoder.message();
                stream.decoder = None;
                self.eof.store(true, Ordering::Relaxed);
            }
            stream.tail = tail;
            Ok(made)
        })?;
        made.map_err(|failure: Failure| failure.raise(ts, module))
    }

    /// Give a second object that goes on where this one is.
    #[method("copy()")]
    fn copy<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        module: &Module<'_, 'py, State>,
    ) -> PyResult<Bound<'py, Self>> {
        let copied = self.stream.hold(ts, |stream, inside| {
            let decoder = stream.decoder.as_mut()?.try_clone();
            Some(decoder.map(|decoder| Stream {
                decoder: Some(decoder),
                message: stream.message,
                unused: stream.unused.as_ref().map(|unused| inside.another(unused)),
                tail: stream.tail.as_ref().map(|tail| inside.another(tail)),
            }))
        })?;
        let Some(copied) = copied else {
            return Err(ValueError::new(ts, "Inconsistent stream state"));
        };
        let stream = copied.map_err(|_| MemoryError::new(ts, NO_MEMORY))?;
        let eof = self.eof.load(Ordering::Relaxed);
        let copy = Self::new(stream, self.dictionary.clone_ref(ts), eof);
        module.state()?.decompress.instance(ts, copy)
    }

    #[method("__copy__()")]
    fn dunder_copy<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        module: &Module<'_, 'py, State>,
    ) -> PyResult<Bound<'py, Self>> {
        self.copy(ts, module)
    }

    #[method("__deepcopy__(memo, /)")]
    fn dunder_deepcopy<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        memo: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        let _ = memo;
        self.copy(ts, module)
    }

    #[getter("unused_data")]
    fn unused_data(&self, ts: &mut ThreadState<'_>) -> PyResult<Py<PyBytes>> {
        self.stream
            .hold(ts, |stream, inside| stream.unused.as_ref().map(|it| inside.another(it)))?
            .map_or_else(|| Ok(PyBytes::new(ts, b"")?.unbind()), Ok)
    }

    #[getter("unconsumed_tail")]
    fn unconsumed_tail(&self, ts: &mut ThreadState<'_>) -> PyResult<Py<PyBytes>> {
        self.stream
            .hold(ts, |stream, inside| stream.tail.as_ref().map(|it| inside.another(it)))?
            .map_or_else(|| Ok(PyBytes::new(ts, b"")?.unbind()), Ok)
    }
}

impl Decompress {
    fn new(stream: Stream, dictionary: Dictionary, eof: bool) -> Self {
        Self { stream: PyLock::new(stream), dictionary, eof: AtomicBool::new(eof) }
    }
}

impl Stream {
    /// Keeps the input from `consumed` on: behind the end of the stream as unused data, and as
    /// the tail; but the end leaves an empty tail empty.
    fn keep(
        &mut self,
        inside: &Inside<'_, '_>,
        data: Chunks<'_>,
        consumed: usize,
        ended: bool,
    ) -> Result<(), Failure> {
        if consumed == data.len() {
            self.tail = None;
            return Ok(());
        }
        if ended {
            let unused = self.unused.as_ref();
            let unused = unused.map_or(&b""[..], |unused| inside.slice(unused));
            self.unused = Some(leftover(data, consumed, |left| inside.join(unused, left))?);
        }
        if !ended || self.tail.is_some() {
            self.tail = Some(leftover(data, consumed, |left| inside.join(b"", left))?);
        }
        Ok(())
    }
}

/// What more of a stream means, and why it goes no further.
fn unpacked(
    inside: &mut Inside<'_, '_>,
    room: Room,
    decoder: &mut Decoder,
    input: &mut (impl BufRead + Send),
) -> (Result<Py<PyBytes>, Failure>, Stop) {
    let mut stop = Stop::Dry;
    let made = inside.grow(room, |out| {
        stop = feed(decoder, input, out)?;
        Ok(stop.flow())
    });
    (made, stop)
}

const NO_MEMORY: &str = "Can't allocate memory for decompression object";
