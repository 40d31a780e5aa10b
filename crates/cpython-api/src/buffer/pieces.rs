//! The bytes of an argument as a stream: [`Pieces`].
use std::io::{self, BufRead, Read};
use std::mem::MaybeUninit;
use std::slice;

use super::export::Memory;
use super::stream::{PIECE, Source};

/// [`Chunks`](crate::Chunks) that are read from the front, each byte once: what codecs take their
/// input from.
///
/// Reading never fails. An exact `bytes` is lent whole; anything else is copied 16 KiB at a time,
/// so that what a reader sees does not change while it looks at it. May be used while detached.
///
/// ```no_run
/// use std::io::BufRead;
/// use cpython_api::Chunks;
/// fn first_line(data: Chunks<'_>) -> usize {
///     let mut line = Vec::new();
///     data.pieces().read_until(b'\n', &mut line).unwrap_or(0)
/// }
/// ```
pub struct Pieces<'h>(Kind<'h>);

#[expect(
    clippy::large_enum_variant,
    reason = "it stays on the stack of the call, where it is made"
)]
enum Kind<'h> {
    Lent(&'h [u8]),
    Copied(Copied<'h>),
}

/// # Invariants
/// `start <= end <= PIECE`, and the first `end` bytes of `piece` are initialised.
struct Copied<'h> {
    memory: &'h Memory,
    /// Where in `memory` the next piece begins.
    next: usize,
    piece: [MaybeUninit<u8>; PIECE],
    start: usize,
    end: usize,
}

impl<'h> Pieces<'h> {
    #[inline]
    pub(super) fn new(source: Source<'h>) -> Self {
        Self(match source {
            Source::Whole(bytes) => Kind::Lent(bytes),
            Source::Memory(memory) => {
                let piece = [MaybeUninit::uninit(); PIECE];
                Kind::Copied(Copied { memory, next: 0, piece, start: 0, end: 0 })
            }
        })
    }

    /// Leaves out the next `count` bytes, or all when there are fewer. ([`BufRead::consume`] is only
    /// about bytes that [`BufRead::fill_buf`] has shown.)
    pub fn skip(&mut self, count: usize) {
        match &mut self.0 {
            Kind::Lent(bytes) => *bytes = bytes.get(count..).unwrap_or_default(),
            Kind::Copied(copied) => {
                let shown = count.min(copied.end - copied.start);
                copied.start += shown;
                copied.next = copied.next.saturating_add(count - shown);
            }
        }
    }
}

impl BufRead for Pieces<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(match &mut self.0 {
            Kind::Lent(bytes) => bytes,
            Kind::Copied(copied) => copied.rest(),
        })
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        match &mut self.0 {
            Kind::Lent(bytes) => *bytes = bytes.get(count..).unwrap_or_default(),
            Kind::Copied(copied) => copied.start += count.min(copied.end - copied.start),
        }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(target)?;
        self.consume(count);
        Ok(count)
    }
}

impl Copied<'_> {
    /// What has not been consumed of the piece, or the next piece; empty at the end.
    fn rest(&mut self) -> &[u8] {
        if self.start == self.end {
            // INVARIANT: as many bytes as the call tells have been copied.
            // SAFETY: the piece can be written for its whole length.
            self.end =
                unsafe { self.memory.read(self.next, self.piece.as_mut_ptr().cast(), PIECE) };
            self.start = 0;
            self.next += self.end;
        }
        let rest = &self.piece[self.start..self.end];
        // SAFETY: initialised, by the invariant.
        unsafe { slice::from_raw_parts(rest.as_ptr().cast(), rest.len()) }
    }
}
