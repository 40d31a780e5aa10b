//! Compression piece by piece: `compressobj()` and what it gives.
#![expect(non_snake_case, reason = "the names of parameters are Python's")]

use cpython_api::exception::{MemoryError, ValueError};
use cpython_api::types::PyBytes;
use cpython_api::{
    Bound, Buffer, Module, Py, PyAny, PyLock, PyResult, Room, ThreadState, class, function, methods,
};
use cpython_streaming::feed;
use zlib_core::{COMPRESSING, DeflateOptions, Encoder, Error, FLUSHING};

use crate::options::{fits, is_brief, refused};
use crate::state::{Failure, State};

/// Give an object that compresses data piece by piece.
///
///   level
///     How hard to try: 0 (not at all) to 9, or -1 for the default, which is 6.
///   method
///     The format of the data; there is DEFLATED only.
///   wbits
///     How far back to look, as a power of two from 9 to 15; negative without a header, 16 more
///     with the header of gzip.
///   memLevel
///     How much memory to use: 1 (little, slow) to 9.
///   strategy
///     What to look for: a constant that starts with Z_ and is named in the documentation.
///   zdict
///     Bytes that the data probably has pieces of; whoever decompresses it must have them too.
#[function(
    "compressobj(level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, \
     memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=<unrepresentable>)"
)]
pub(crate) fn compressobj<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    #[default(-1)] level: i32,
    #[default(8)] method: i32,
    #[default(15)] wbits: i32,
    #[default(8)] memLevel: i32,
    #[default(0)] strategy: i32,
    zdict: Option<Buffer<'_>>,
) -> PyResult<Bound<'py, Compress>> {
    if let Some(zdict) = &zdict {
        fits(ts, zdict.len())?;
    }
    let options =
        DeflateOptions { level, method, window_bits: wbits, mem_level: memLevel, strategy };
    let state = module.state()?;
    let encoder = match &zdict {
        None => Encoder::new(&state.deflates, &options, 0).map(Ok),
        Some(zdict) => Encoder::with_dictionary(&state.deflates, &options, zdict),
    };
    let encoder = encoder.map_err(|error| refused(ts, error, NO_MEMORY))?;
    let encoder = encoder.map_err(|_| ValueError::new(ts, "Invalid dictionary"))?;
    state.compress.instance(ts, Compress::new(encoder))
}

#[class("zlib.Compress", state = State)]
pub(crate) struct Compress {
    #[traverse(skip)]
    stream: PyLock<Stream>,
}

/// A stream, until it is finished; what it said last is part of later errors.
struct Stream {
    encoder: Option<Encoder>,
    message: Option<&'static str>,
}

#[methods]
impl Compress {
    /// Compress more data; gives as much as is ready.
    ///
    /// The rest is kept until more data comes, or until flush() asks for it.
    #[method("compress(data, /)")]
    fn compress(
        &self,
        ts: &mut ThreadState<'_>,
        module: &Module<'_, '_, State>,
        data: Buffer<'_>,
    ) -> PyResult<Py<PyBytes>> {
        let mut input = data.as_slice();
        let made = self.stream.hold(ts, |stream, inside| {
            let encoder = stream.encoder.as_mut();
            let encoder = encoder.ok_or_else(|| Error::over(COMPRESSING, stream.message))?;
            encoder.compress(data.len());
            let room = Room::UNLIMITED.brief(is_brief(input.len()));
            inside.grow(room, |out| Ok(feed(encoder, &mut input, out)?.flow()))
        })?;
        made.map_err(|failure: Failure| failure.raise(ts, module))
    }

    /// Give what is left of the compressed data.
    ///
    ///   mode
    ///     Z_FINISH ends the stream, and the object is of no use any more. The other modes, such
    ///     as Z_SYNC_FLUSH, only make sure that what there is can be decompressed.
    #[method("flush(mode=zlib.Z_FINISH, /)")]
    fn flush(
        &self,
        ts: &mut ThreadState<'_>,
        module: &Module<'_, '_, State>,
        #[default(FINISH)] mode: i32,
    ) -> PyResult<Py<PyBytes>> {
        if mode == NO_FLUSH {
            return Ok(PyBytes::new(ts, b"")?.unbind());
        }
        let made = self.stream.hold(ts, |stream, inside| {
            let encoder = stream.encoder.as_mut();
            let encoder = encoder.ok_or_else(|| Error::over(FLUSHING, stream.message))?;
            encoder.flush(mode)?;
            let room = Room::UNLIMITED.brief(is_brief(encoder.given()));
            let made = inside
                .grow(room, |out| Ok::<_, Failure>(feed(encoder, &mut &[][..], out)?.flow()))?;
            if mode == FINISH {
                stream.message = encoder.message();
                stream.encoder = None;
            }
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
            let encoder = stream.encoder.as_mut();
            encoder.map(|encoder| inside.detach(|| encoder.try_clone()))
        })?;
        let Some(copied) = copied else {
            return Err(ValueError::new(ts, "Inconsistent stream state"));
        };
        let encoder = copied.map_err(|_| MemoryError::new(ts, NO_MEMORY))?;
        module.state()?.compress.instance(ts, Self::new(encoder))
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
}

impl Compress {
    fn new(encoder: Encoder) -> Self {
        Self { stream: PyLock::new(Stream { encoder: Some(encoder), message: None }) }
    }
}

const NO_MEMORY: &str = "Can't allocate memory for compression object";

/// `Z_NO_FLUSH`
const NO_FLUSH: i32 = 0;

/// `Z_FINISH`
const FINISH: i32 = 4;
