//! What the targets share: results of a core that writes to a sink, with every set of vector instructions.
#![forbid(unsafe_code)]

use std::fmt::Debug;
use std::mem::MaybeUninit;

use cpython_simd::{Level, Sink};

/// What a function writes into exactly this much room; the same with all vector instructions and with none.
pub fn written<E: Debug + PartialEq>(
    room: usize,
    write: impl Fn(&mut Sink<'_>) -> Result<(), E>,
) -> Result<Vec<u8>, E> {
    let mut results =
        ["scalar", "avx2", "avx512"].into_iter().filter_map(Level::named).map(|level| {
            Level::limit(level);
            let mut memory = vec![MaybeUninit::uninit(); room];
            let mut sink = Sink::new(&mut memory);
            write(&mut sink).map(|()| sink.filled().to_vec())
        });
    let Some(first) = results.next() else { panic!("there is always a scalar way") };
    for other in results {
        assert_eq!(first, other, "vector instructions give something else");
    }
    first
}
