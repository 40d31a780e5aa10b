//! Compression and decompression of all data at once.
use std::io::BufRead;

use cpython_api::exception::MemoryError;
use cpython_api::types::PyBytes;
use cpython_api::{
    Bound, Buffer, Chunks, Module, NonNegative, PyResult, Room, ThreadState, function,
};
use zlib_core::{
    DECOMPRESSING, Decoder, DeflateOptions, Encoder, Error, InflateFlush, NewError, Spare, Stop,
    feed,
};

use crate::options::{is_brief, room};
use crate::state::{Failure, State, zlib_error};

/// Give the data in compressed form.
///
///   data
///     Bytes to compress.
///   level
///     How hard to try: 0 (not at all) to 9, or -1 for the default, which is 6.
///   wbits
///     How far back to look, as a power of two from 9 to 15; negative without a header, 16 more
///     with the header of gzip.
#[function("compress(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)")]
pub(crate) fn compress<'py>(
    ts: &mut ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Buffer<'_>,
    #[default(-1)] level: i32,
    #[default(15)] wbits: i32,
) -> PyResult<Bound<'py, PyBytes>> {
    let spare = &module.state()?.deflates;
    let options = DeflateOptions { level, window_bits: wbits, ..DeflateOptions::default() };
    let encoder = Encoder::new(spare, &options, data.len());
    let mut encoder = encoder.map_err(|error| match error {
        NewError::Invalid => zlib_error(ts, module, "Bad compression level"),
        NewError::NoMemory => MemoryError::new(ts, "Out of memory while compressing data"),
    })?;
    let mut input = data.as_slice();
    let made = PyBytes::grow(ts, Room::UNLIMITED.brief(is_brief(data.len())), |out| {
        Ok::<_, Failure>(feed(&mut encoder, &mut input, out)?.flow())
    });
    made.map_err(|failure| failure.raise(ts, module))
}

/// Give the data that was compressed.
///
///   data
///     Compressed bytes, all of them.
///   wbits
///     The size of the window, and the format: as for compress(), or 32 more for either header.
///   bufsize
///     How much room to make for the result at first.
#[function("decompress(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)")]
pub(crate) fn decompress<'py>(
    ts: &mut ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    data: Chunks<'_>,
    #[default(15)] wbits: i32,
    #[default(NonNegative(16 * 1024))] bufsize: NonNegative,
) -> PyResult<Bound<'py, PyBytes>> {
    let State { inflates: spare, guess, .. } = module.state()?;
    let room = room(ts, bufsize.0.max(guess.of(data.len())).max(1))?.brief(is_brief(data.len()));
    let inflate = Spare::lease(spare, &wbits).map_err(|error| match error {
        NewError::Invalid => {
            zlib_error(ts, module, Error::over("while preparing to decompress data", None))
        }
        NewError::NoMemory => MemoryError::new(ts, "Out of memory while decompressing data"),
    })?;
    let mut decoder = Decoder::new(inflate);
    decoder.begin(data.len(), InflateFlush::Finish);
    let made = match data.whole() {
        Some(mut bytes) => unpacked(ts, room, &mut decoder, &mut bytes),
        None => unpacked(ts, room, &mut decoder, &mut data.pieces()),
    };
    if let Ok(made) = &made {
        guess.learn(data.len(), made.as_slice().len());
    }
    made.map_err(|failure| match failure {
        Failure::Zlib(error) if error.is_vague() => match Spare::lease(spare, &wbits) {
            Ok(again) => {
                let mut pieces = data.pieces();
                let error = ts.detach(|| Decoder::new(again).explain(&mut pieces, error));
                zlib_error(ts, module, error)
            }
            Err(_) => zlib_error(ts, module, error),
        },
        failure => failure.raise(ts, module),
    })
}

/// What a stream means that must end with its input.
fn unpacked<'py>(
    ts: &mut ThreadState<'py>,
    room: Room,
    decoder: &mut Decoder,
    input: &mut (impl BufRead + Send),
) -> Result<Bound<'py, PyBytes>, Failure> {
    PyBytes::grow(ts, room, |out| match feed(decoder, input, out)? {
        Stop::Dry => Err(Failure::Zlib(Error::truncated(DECOMPRESSING))),
        stop => Ok(stop.flow()),
    })
}
