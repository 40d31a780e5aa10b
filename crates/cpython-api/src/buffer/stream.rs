//! Bytes of arguments too big to copy whole ([`Chunks`]), and bytes to write to ([`BufferMut`]).
use std::mem::MaybeUninit;
use std::slice;

use cpython_ffi::raw;

use super::bytes_of;
use super::export::{Export, Memory};
use super::pieces::Pieces;
use crate::arg::{Arg, FromArg};
use crate::error::PyResult;
use crate::types::{PyBytes, Typed};

/// The bytes of a bytes-like argument, read piece by piece: `Py_buffer` for functions that look at
/// each byte once, in order.
///
/// An exact `bytes` is one piece, uncopied. Anything else is copied 16 KiB at a time, which stays
/// in the processor's nearest cache. The object is exported meanwhile, so its size cannot change.
/// May be used while detached.
///
/// ```no_run
/// use cpython_api::Chunks;
/// fn adler(data: Chunks<'_>) -> u32 {
///     data.fold(1, |sum, piece| piece.iter().fold(sum, |sum, &byte| sum.wrapping_add(byte.into())))
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Chunks<'h>(Source<'h>);

#[derive(Clone, Copy)]
pub(super) enum Source<'h> {
    Whole(&'h [u8]),
    Memory(&'h Memory),
}

/// The bytes of an argument that the function writes to: `Py_buffer(accept={rwbuffer})`.
///
/// Bytes go in and out by copy: other threads may be writing, too. The object is exported
/// meanwhile, so its size cannot change. May be used while detached.
///
/// ```no_run
/// use cpython_api::BufferMut;
/// fn fill(target: BufferMut<'_>) -> usize {
///     target.write_at(0, b"0123456789")
/// }
/// ```
#[derive(Clone, Copy)]
pub struct BufferMut<'h>(&'h Memory);

/// What an export rests on: kept while a [`Chunks`] or [`BufferMut`] is used, given back after.
#[derive(Default)]
pub struct KeptExport<'py>(Export<'py>);

impl<'h, 'py: 'h> FromArg<'h, 'py> for Chunks<'h> {
    type Holder = KeptExport<'py>;

    #[inline(always)]
    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        let object = argument.object();
        if PyBytes::check_exact(&object) {
            // SAFETY: an exact `bytes`, counted for `'h`.
            return Ok(Self(Source::Whole(unsafe { bytes_of(object.reference()) })));
        }
        Ok(Self(Source::Memory(holder.0.open(&object, raw::PyBUF_SIMPLE as _)?)))
    }
}

impl<'h, 'py: 'h> FromArg<'h, 'py> for BufferMut<'h> {
    type Holder = KeptExport<'py>;

    fn from_arg(argument: Arg<'h, 'py>, holder: &'h mut Self::Holder) -> PyResult<Self> {
        match holder.0.open(&argument.object(), raw::PyBUF_WRITABLE as _) {
            // INVARIANT: opened for writing.
            Ok(memory) => Ok(Self(memory)),
            Err(_) => Err(argument.wrong_type("read-write bytes-like object")),
        }
    }
}

impl<'h> Chunks<'h> {
    /// How many bytes in all.
    #[inline]
    pub fn len(self) -> usize {
        match self.0 {
            Source::Whole(bytes) => bytes.len(),
            Source::Memory(memory) => memory.len(),
        }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Passes each piece to `step`, with what the step before has made of `start`.
    #[inline]
    pub fn fold<T>(self, start: T, mut step: impl FnMut(T, &[u8]) -> T) -> T {
        let folded = self.try_fold(start, |value, piece| Ok(step(value, piece)));
        let Ok::<_, std::convert::Infallible>(value) = folded;
        value
    }

    /// The same with steps that can fail.
    ///
    /// # Errors
    /// That of the first step that fails; the pieces behind it are not read.
    #[inline]
    pub fn try_fold<T, E>(
        self,
        start: T,
        mut step: impl FnMut(T, &[u8]) -> Result<T, E>,
    ) -> Result<T, E> {
        match self.0 {
            Source::Whole(bytes) => step(start, bytes),
            Source::Memory(memory) => copied_pieces(memory, start, step),
        }
    }

    /// All of the bytes, when they are lent and not copied. Cheaper than [`Self::pieces`], which takes a
    /// place for copies along.
    #[inline]
    pub fn whole(self) -> Option<&'h [u8]> {
        match self.0 {
            Source::Whole(bytes) => Some(bytes),
            Source::Memory(_) => None,
        }
    }

    /// The bytes as a stream, for readers that stop where they like and go on later.
    #[inline]
    pub fn pieces(self) -> Pieces<'h> {
        Pieces::new(self.0)
    }

    /// Copies bytes from `offset` on into `target`, as many as there are, and tells how many.
    pub fn read_at(self, offset: usize, target: &mut [u8]) -> usize {
        match self.0 {
            Source::Whole(bytes) => {
                let bytes = bytes.get(offset..).unwrap_or_default();
                let count = bytes.len().min(target.len());
                target[..count].copy_from_slice(&bytes[..count]);
                count
            }
            Source::Memory(memory) => read_into(memory, offset, target),
        }
    }
}

impl BufferMut<'_> {
    /// How many bytes.
    #[inline]
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Copies `source` to `offset`, as much as fits, and tells how much.
    pub fn write_at(self, offset: usize, source: &[u8]) -> usize {
        // SAFETY: opened for writing, as every `BufferMut`.
        unsafe { self.0.write(offset, source) }
    }

    /// Copies bytes from `offset` on into `target`, as many as there are, and tells how many.
    pub fn read_at(self, offset: usize, target: &mut [u8]) -> usize {
        read_into(self.0, offset, target)
    }
}

/// Runs `step` over copies of the pieces.
fn copied_pieces<T, E>(
    memory: &Memory,
    start: T,
    mut step: impl FnMut(T, &[u8]) -> Result<T, E>,
) -> Result<T, E> {
    let mut piece = [MaybeUninit::<u8>::uninit(); PIECE];
    let mut value = start;
    let mut offset = 0;
    while offset < memory.len() {
        // SAFETY: the piece can be written for its whole length, and the copied part is
        // initialised afterwards.
        let copied = unsafe {
            let count = memory.read(offset, piece.as_mut_ptr().cast(), PIECE);
            slice::from_raw_parts(piece.as_ptr().cast(), count)
        };
        value = step(value, copied)?;
        offset += copied.len();
    }
    Ok(value)
}

fn read_into(memory: &Memory, offset: usize, target: &mut [u8]) -> usize {
    // SAFETY: the target can be written for its whole length.
    unsafe { memory.read(offset, target.as_mut_ptr(), target.len()) }
}

/// The size of a piece.
pub(super) const PIECE: usize = 16 * 1024;
