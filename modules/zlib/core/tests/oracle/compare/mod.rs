//! One comparison of the streams with definitions, steered by a byte string.

pub(crate) mod inflated;
pub(crate) mod streams;

use inflated::inflated;
use streams::{packed, shared, unpacked};
use zlib_core::{DeflateOptions, Spare, Stop};

/// Compresses the bytes as the first of them say, and takes them for a compressed stream.
///
/// # Panics
/// When the way matters, or something else comes out than the format says.
pub(crate) fn compare(data: &[u8]) {
    let [how, strategy, size, rest @ ..] = data else { return };
    let (size, room) = (SIZES[usize::from(size & 7)], SIZES[usize::from(size >> 4 & 7)]);
    let options = DeflateOptions {
        level: i32::from(how & 15).min(10) - 1,
        window_bits: [15, -15, 31, 9, -9, 25, 12, -12][usize::from(how >> 4 & 7)],
        mem_level: i32::from(strategy >> 4) % 9 + 1,
        strategy: i32::from(strategy & 15) % 5,
        ..DeflateOptions::default()
    };
    let (deflates, inflates) = (shared(Spare::new()), shared(Spare::new()));
    let stream = packed(&deflates, &options, rest, size);
    if options.window_bits < 0 {
        assert_eq!(inflated(&stream), rest, "{options:?}");
    }
    let back = unpacked(&inflates, options.window_bits, &stream, size, room).expect("our own");
    assert_eq!(back, (rest.to_vec(), Stop::End), "{options:?}");
    let whole = unpacked(&inflates, options.window_bits, rest, usize::MAX, 1 << 16);
    let parts = unpacked(&inflates, options.window_bits, rest, size, room);
    match (whole, parts) {
        (Ok(whole), Ok(parts)) => {
            assert_eq!(whole, parts, "{options:?}");
            if whole.1 == Stop::End && options.window_bits < 0 {
                assert_eq!(inflated(rest), whole.0);
            }
        }
        (whole, parts) => assert_eq!(whole.is_err(), parts.is_err(), "{whole:?} {parts:?}"),
    }
}

const SIZES: [usize; 8] = [1, 2, 7, 100, 258, 300, 5000, 70_000];
