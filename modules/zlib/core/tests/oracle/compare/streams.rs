//! Streams run in pieces, with room for a few bytes at a time.
use std::mem::MaybeUninit;

use cpython_shared::Shared;
use zlib_core::{
    Codec, Decoder, Deflate, DeflateOptions, Encoder, Error, Inflate, InflateFlush, Sink, Spare,
    Stop, feed,
};

/// Memory for a sink.
pub(crate) struct Memory(Vec<MaybeUninit<u8>>);

impl Memory {
    pub(crate) fn new(size: usize) -> Self {
        Self(vec![MaybeUninit::uninit(); size])
    }

    pub(crate) fn sink(&mut self) -> Sink<'_> {
        Sink::new(&mut self.0)
    }
}

/// Appends what a run makes, `room` bytes at a time.
pub(crate) fn grow(
    bytes: &mut Vec<u8>,
    room: usize,
    mut run: impl FnMut(&mut Sink<'_>) -> Result<Stop, Error>,
) -> Result<Stop, Error> {
    loop {
        let mut memory = Memory::new(room);
        let mut sink = memory.sink();
        let stop = run(&mut sink)?;
        bytes.extend_from_slice(sink.filled());
        if stop != Stop::Full {
            return Ok(stop);
        }
    }
}

/// Appends what a codec makes of the input.
pub(crate) fn append(
    bytes: &mut Vec<u8>,
    mut input: &[u8],
    codec: &mut impl Codec<Error = Error>,
) -> Stop {
    grow(bytes, 1000, |out| feed(codec, &mut input, out)).unwrap()
}

/// The data, compressed from pieces of this size.
pub(crate) fn packed(
    spare: &Shared<Spare<Deflate>>,
    options: &DeflateOptions,
    data: &[u8],
    size: usize,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let whole = size >= data.len();
    let mut encoder = Encoder::new(spare, options, data.len()).unwrap();
    for piece in data.chunks(size) {
        if !whole {
            encoder.compress(piece.len());
        }
        append(&mut bytes, piece, &mut encoder);
    }
    if !whole || data.is_empty() {
        encoder.flush(4).unwrap();
        assert_eq!(append(&mut bytes, b"", &mut encoder), Stop::End);
    }
    bytes
}

/// What pieces of this size mean, and how it stopped.
pub(crate) fn unpacked(
    spare: &Shared<Spare<Inflate>>,
    window_bits: i32,
    packed: &[u8],
    size: usize,
    room: usize,
) -> Result<(Vec<u8>, Stop), Error> {
    let mut decoder = Decoder::new(Spare::lease(spare, &window_bits).unwrap());
    decoder.begin(packed.len(), InflateFlush::Finish);
    let (mut bytes, mut stop) = (Vec::new(), Stop::Dry);
    for piece in packed.chunks(size) {
        let mut input = piece;
        stop = grow(&mut bytes, room, |out| feed(&mut decoder, &mut input, out))?;
    }
    Ok((bytes, stop))
}

pub(crate) fn shared<T>(value: T) -> Shared<T> {
    Shared::new(value).ok().expect("memory")
}
