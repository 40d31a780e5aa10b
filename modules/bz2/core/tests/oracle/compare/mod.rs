//! One comparison of the streams with the naive decoder, steered by a byte string.

pub(crate) mod naive;
pub(crate) mod streams;

use naive::naive;
use streams::{compress, decompress};

/// Compresses the bytes as the first of them say, and takes them for a compressed stream.
///
/// # Panics
/// When the way matters, or something else comes out than the format says.
pub(crate) fn compare(data: &[u8]) {
    let [how, rest @ ..] = data else { return };
    let (piece, room) = (SIZES[usize::from(how & 7)], SIZES[usize::from(how >> 4 & 7)]);
    // A little of it many times gives blocks that are worth sorting.
    let text = rest.repeat(1 + usize::from(how >> 7) * 20);
    let stream = compress(1, &text, piece, room);
    assert_eq!(naive(&stream), text);
    assert_eq!(decompress(&stream, piece, room).as_ref(), Ok(&text));
    let whole = decompress(rest, usize::MAX, 1 << 16);
    let parts = decompress(rest, piece, room);
    match (&whole, &parts) {
        (Ok(whole), Ok(parts)) => assert_eq!(whole, parts),
        _ => assert_eq!(whole.is_err(), parts.is_err(), "{whole:?} {parts:?}"),
    }
}

const SIZES: [usize; 8] = [1, 2, 7, 100, 258, 300, 5000, 70_000];
