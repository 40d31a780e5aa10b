//! Streams run in pieces, with room for a few bytes at a time.
use std::mem::MaybeUninit;

use bz2_core::{Decoder, Encoder, Error, Level};
use cpython_streaming::{Sink, Stop, feed};

/// Compresses in pieces, with room for a few bytes at a time.
pub(crate) fn compress(level: i32, data: &[u8], piece: usize, room: usize) -> Vec<u8> {
    let mut encoder = Encoder::new(Level::new(level).unwrap());
    let mut made = Vec::new();
    for mut part in data.chunks(piece) {
        while pour(&mut made, room, |out| feed(&mut encoder, &mut part, out)).unwrap() == Stop::Full
        {
        }
    }
    while pour(&mut made, room, |out| encoder.finish(out)).unwrap().is_continue() {}
    assert!(encoder.is_finished());
    made
}

pub(crate) fn decompress(data: &[u8], piece: usize, room: usize) -> Result<Vec<u8>, Error> {
    let mut decoder = Decoder::default();
    let mut made = Vec::new();
    for mut part in data.chunks(piece) {
        loop {
            match pour(&mut made, room, |out| feed(&mut decoder, &mut part, out))? {
                Stop::Full => {}
                Stop::Dry => break,
                Stop::End => return Ok(made),
            }
        }
    }
    Ok(made)
}

pub(crate) fn pour<T>(made: &mut Vec<u8>, room: usize, run: impl FnOnce(&mut Sink<'_>) -> T) -> T {
    let mut memory = vec![MaybeUninit::uninit(); room];
    let mut sink = Sink::new(&mut memory);
    let result = run(&mut sink);
    made.extend_from_slice(sink.filled());
    result
}
