//! An append-only cursor over uninitialised memory of fixed capacity.

use std::error::Error;
use std::fmt;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::slice;

/// A place to write bytes to, one after the other, into memory that nobody has initialised yet.
///
/// It never grows and never reads what it has not written. Writing more than fits is an error
/// and writes nothing.
///
/// An owner that lends a `&mut Sink` to safe code and later trusts the number of bytes written
/// must ask [`Sink::len_over`], not [`Sink::len`]: safe code may have swapped two sinks.
///
/// # Invariants
///
/// The first `len` bytes of `memory` are initialised, and `len <= memory.len()`.
pub struct Sink<'a> {
    memory: &'a mut [MaybeUninit<u8>],
    len: usize,
}

/// More was written to a [`Sink`] than it has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl<'a> Sink<'a> {
    /// An empty sink over `memory`.
    #[inline]
    pub fn new(memory: &'a mut [MaybeUninit<u8>]) -> Self {
        Self { memory, len: 0 }
    }

    /// An empty sink over `capacity` bytes at `start`.
    ///
    /// # Safety
    ///
    /// For the lifetime `'a` the memory is valid for writes of `capacity` bytes, is reached
    /// through nothing but this sink, and `capacity` is at most `isize::MAX`.
    #[inline]
    pub unsafe fn from_raw(start: NonNull<u8>, capacity: usize) -> Self {
        // SAFETY: the caller vouches for the memory; `MaybeUninit<u8>` may hold anything and has
        // no alignment to keep.
        Self::new(unsafe { slice::from_raw_parts_mut(start.as_ptr().cast(), capacity) })
    }

    /// How many bytes fit in all.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.memory.len()
    }

    /// How many bytes have been written.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been written.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many more bytes fit.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.memory.len() - self.len
    }

    /// How many bytes have been written to the `capacity` bytes at `start`; `None` when this
    /// sink is over other memory.
    #[inline]
    pub fn len_over(&self, start: NonNull<u8>, capacity: usize) -> Option<usize> {
        let same = self.memory.as_ptr().cast() == start.as_ptr().cast_const();
        (same && self.memory.len() == capacity).then_some(self.len)
    }

    /// Appends one byte.
    ///
    /// # Errors
    ///
    /// [`Full`] when nothing more fits.
    #[inline]
    pub fn push(&mut self, byte: u8) -> Result<(), Full> {
        self.memory.get_mut(self.len).ok_or(Full)?.write(byte);
        // INVARIANT: the byte at `len` exists and has just been written.
        self.len += 1;
        Ok(())
    }

    /// Appends `N` bytes after one check for room.
    ///
    /// # Errors
    ///
    /// [`Full`] when they do not all fit; then none is written.
    #[inline]
    pub fn push_array<const N: usize>(&mut self, bytes: [u8; N]) -> Result<(), Full> {
        *self.spare().first_chunk_mut::<N>().ok_or(Full)? = bytes.map(MaybeUninit::new);
        // INVARIANT: the `N` bytes from `len` on exist and have just been written.
        self.len += N;
        Ok(())
    }

    /// Appends all of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Full`] when they do not all fit; then none is written.
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let places = self.spare().get_mut(..bytes.len()).ok_or(Full)?;
        for (place, &byte) in places.iter_mut().zip(bytes) {
            place.write(byte);
        }
        // INVARIANT: the bytes from `len` on exist and have just been written.
        self.len += bytes.len();
        Ok(())
    }

    /// Appends `byte` `count` times.
    ///
    /// # Errors
    ///
    /// [`Full`] when they do not all fit; then none is written.
    #[inline]
    pub fn fill(&mut self, byte: u8, count: usize) -> Result<(), Full> {
        self.spare().get_mut(..count).ok_or(Full)?.fill(MaybeUninit::new(byte));
        // INVARIANT: the `count` bytes from `len` on exist and have just been written.
        self.len += count;
        Ok(())
    }

    /// Appends what `encode` makes of each group, after one check for room. It is given `OUT` zeros
    /// to write over.
    ///
    /// # Errors
    ///
    /// [`Full`] when the results do not all fit; then none is written.
    #[inline]
    pub fn extend_groups<const IN: usize, const OUT: usize>(
        &mut self,
        groups: &[[u8; IN]],
        mut encode: impl FnMut(&[u8; IN], &mut [u8; OUT]),
    ) -> Result<(), Full> {
        let (places, _) = self.spare().as_chunks_mut::<OUT>();
        let places = places.get_mut(..groups.len()).ok_or(Full)?;
        for (group, place) in groups.iter().zip(places) {
            encode(group, zeroed(place));
        }
        // INVARIANT: all places of `OUT` bytes from `len` on exist and have been written.
        self.len += groups.len() * OUT;
        Ok(())
    }

    /// Appends what `decode` makes of each group until it gives `None`, and returns how many
    /// groups it took.
    ///
    /// # Errors
    ///
    /// [`Full`] when the results of all groups would not fit; then none is written.
    #[inline]
    pub fn extend_groups_while<const IN: usize, const OUT: usize>(
        &mut self,
        groups: &[[u8; IN]],
        mut decode: impl FnMut(&[u8; IN]) -> Option<[u8; OUT]>,
    ) -> Result<usize, Full> {
        let (places, _) = self.spare().as_chunks_mut::<OUT>();
        let places = places.get_mut(..groups.len()).ok_or(Full)?;
        let mut done = 0;
        for (group, place) in groups.iter().zip(places) {
            let Some(bytes) = decode(group) else { break };
            *place = bytes.map(MaybeUninit::new);
            done += 1;
        }
        // INVARIANT: the first `done` places of `OUT` bytes from `len` on have been written.
        self.len += done * OUT;
        Ok(done)
    }

    /// The bytes written so far.
    #[inline]
    pub fn filled(&self) -> &[u8] {
        // SAFETY: the first `len` bytes exist and are initialised (invariant of the type).
        unsafe { slice::from_raw_parts(self.memory.as_ptr().cast(), self.len) }
    }

    /// The bytes written so far, to be changed in place.
    #[inline]
    pub fn filled_mut(&mut self) -> &mut [u8] {
        // SAFETY: the first `len` bytes exist and are initialised (invariant of the type); they are
        // borrowed from `self` mutably, and a `&mut [u8]` cannot make them uninitialised again.
        unsafe { slice::from_raw_parts_mut(self.memory.as_mut_ptr().cast(), self.len) }
    }

    /// Forgets all but the first `len` bytes written; does nothing when fewer have been.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        // INVARIANT: fewer of the bytes already initialised.
        self.len = self.len.min(len);
    }

    /// The memory not yet written to. Write to a start of it, then say so with [`Sink::advance`].
    #[inline]
    pub fn spare(&mut self) -> &mut [MaybeUninit<u8>] {
        &mut self.memory[self.len..]
    }

    /// Counts the next `count` bytes as written.
    ///
    /// # Safety
    ///
    /// The first `count` bytes of [`Sink::spare`] exist and are initialised.
    #[inline]
    pub unsafe fn advance(&mut self, count: usize) {
        debug_assert!(count <= self.remaining());
        // INVARIANT: the caller has initialised them.
        self.len += count;
    }
}

/// The place as bytes. Writing zeros costs nothing where they are written over.
#[inline]
fn zeroed<const N: usize>(place: &mut [MaybeUninit<u8>; N]) -> &mut [u8; N] {
    *place = [MaybeUninit::new(0); N];
    // SAFETY: an array of initialised `MaybeUninit<u8>` is laid out as one of `u8`, and through
    // what is returned nothing but bytes can be written to it.
    unsafe { &mut *std::ptr::from_mut(place).cast() }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink")
            .field("filled", &self.filled())
            .field("capacity", &self.capacity())
            .finish()
    }
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more bytes were produced than there is room for")
    }
}

impl Error for Full {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_in_order() {
        let mut memory = [MaybeUninit::uninit(); 12];
        let mut sink = Sink::new(&mut memory);
        sink.push(b'a').unwrap();
        sink.push_array(*b"bc").unwrap();
        sink.extend(b"def").unwrap();
        sink.fill(b'-', 2).unwrap();
        sink.extend_groups(&[*b"gh", *b"ij"], |&[a, b], place| *place = [b, a]).unwrap();
        assert_eq!(sink.filled(), b"abcdef--hgji");
        assert_eq!((sink.len(), sink.remaining(), sink.capacity()), (12, 0, 12));
    }

    #[test]
    fn what_does_not_fit_is_refused_whole() {
        let mut memory = [MaybeUninit::uninit(); 3];
        let mut sink = Sink::new(&mut memory);
        sink.extend(b"ab").unwrap();
        assert_eq!(sink.extend(b"cd"), Err(Full));
        assert_eq!(sink.push_array(*b"cd"), Err(Full));
        assert_eq!(sink.fill(0, 2), Err(Full));
        assert_eq!(sink.fill(0, usize::MAX), Err(Full));
        assert_eq!(sink.extend_groups(&[[0], [1]], |&byte, place| *place = byte), Err(Full));
        assert_eq!(sink.filled(), b"ab");
        sink.push(b'c').unwrap();
        assert_eq!(sink.push(b'd'), Err(Full));
        assert_eq!(sink.filled(), b"abc");
    }

    #[test]
    fn groups_stop_at_the_first_refusal() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut sink = Sink::new(&mut memory);
        let taken = sink.extend_groups_while(&[[1], [2], [0], [3]], |&[n]| (n != 0).then_some([n]));
        assert_eq!(taken, Ok(2));
        assert_eq!(sink.filled(), [1, 2]);
    }

    #[test]
    fn truncates_and_changes_in_place() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut sink = Sink::new(&mut memory);
        sink.extend(b"abcd").unwrap();
        sink.filled_mut()[0] = b'x';
        sink.truncate(9);
        assert_eq!(sink.filled(), b"xbcd");
        sink.truncate(1);
        sink.push(b'y').unwrap();
        assert_eq!(sink.filled(), b"xy");
    }

    #[test]
    fn a_swapped_sink_is_noticed() {
        let (mut one, mut other) = ([MaybeUninit::<u8>::uninit(); 4], [MaybeUninit::uninit(); 4]);
        let start = NonNull::from(&mut one).cast();
        // SAFETY: `one` is four bytes that nothing else touches while the sink lives.
        let mut sink = unsafe { Sink::from_raw(start, 4) };
        sink.push(b'a').unwrap();
        assert_eq!(sink.len_over(start, 4), Some(1));
        let mut mine = Sink::new(&mut other);
        mine.extend(b"abcd").unwrap();
        std::mem::swap(&mut sink, &mut mine);
        assert_eq!(sink.len_over(start, 4), None);
    }
}
