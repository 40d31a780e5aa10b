//! Making `bytes`: of a bounded size in one go ([`PyBytes::build`]), or growing ([`BytesBuilder`]).
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use std::slice;

use cpython_ffi::{Owned, calls, raw};
use cpython_simd::Sink;

use crate::error::{PyErr, PyResult, owned_by};
use crate::exception::SystemError;
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::PyBytes;

impl PyBytes {
    /// A new `bytes` of what `write` puts into the sink, which has room for `size` bytes.
    ///
    /// The memory is written once: nothing is zeroed before, and nothing but what was written can
    /// be seen. When less than `size` is written the rest is given back; where that is the rule
    /// rather than the exception, use [`PyBytes::build_at_most`].
    ///
    /// ```no_run
    /// use cpython_api::{Bound, PyResult, Sink, ThreadState, exception::ValueError};
    /// use cpython_api::types::PyBytes;
    ///
    /// struct Odd;
    /// fn swap_pairs(text: &[u8], out: &mut Sink<'_>) -> Result<(), Odd> {
    ///     let (pairs, []) = text.as_chunks::<2>() else { return Err(Odd) };
    ///     pairs.iter().try_for_each(|&[a, b]| out.push_array([b, a])).map_err(|_| Odd)
    /// }
    ///
    /// fn swapped<'py>(ts: &ThreadState<'py>, text: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    ///     PyBytes::build(ts, text.len(), |out| {
    ///         swap_pairs(text, out).map_err(|Odd| ValueError::new(ts, "odd length"))
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// What `write` raises; `MemoryError`. `SystemError` when `write` has put another sink into the
    /// place of its own.
    #[inline(always)]
    pub fn build<'py>(
        ts: &ThreadState<'py>,
        size: usize,
        write: impl FnOnce(&mut Sink<'_>) -> PyResult<()>,
    ) -> PyResult<Bound<'py, Self>> {
        // C shares the empty `bytes` and those of one byte.
        Self::build_beyond::<1>(ts, size, write)
    }

    /// The same for `write`s that mostly need less than `most` bytes.
    ///
    /// # Errors
    /// As for [`PyBytes::build`].
    #[inline(always)]
    pub fn build_at_most<'py>(
        ts: &ThreadState<'py>,
        most: usize,
        write: impl FnOnce(&mut Sink<'_>) -> PyResult<()>,
    ) -> PyResult<Bound<'py, Self>> {
        Self::build_beyond::<SMALL>(ts, most, write)
    }

    /// Up to `N` bytes are written to the stack and then copied, more are written in place.
    #[inline(always)]
    fn build_beyond<'py, const N: usize>(
        ts: &ThreadState<'py>,
        size: usize,
        write: impl FnOnce(&mut Sink<'_>) -> PyResult<()>,
    ) -> PyResult<Bound<'py, Self>> {
        let mut memory = [const { MaybeUninit::<u8>::uninit() }; N];
        let bytes = if size > N { Some(uninitialised(ts, size)?) } else { None };
        let start = bytes.as_ref().map_or(NonNull::from(&mut memory).cast(), memory_of);
        // SAFETY: the object has `size` bytes, and this handle is all that knows it; the memory on
        // this stack has at least as many, and nothing else uses it.
        let (len, ()) = unsafe { fill(ts, start, size, write)? };
        match bytes {
            Some(bytes) if len == size => Ok(bytes),
            Some(bytes) => resized(bytes, len),
            // SAFETY: as many bytes have been written to the sink over this memory.
            None => Self::new(ts, unsafe { written(&memory, len) }),
        }
    }
}

/// Makes a `bytes` whose size is not known before.
///
/// It grows by a quarter more than asked for, so that appending is linear in all. Nothing in
/// it is ever copied but by the allocator.
///
/// ```no_run
/// use cpython_api::{Bound, BytesBuilder, PyResult, ThreadState, types::PyBytes};
/// fn doubled<'py>(ts: &ThreadState<'py>, data: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
///     let mut out = BytesBuilder::new(ts, data.len())?;
///     for byte in data {
///         out.extend(&[*byte, *byte])?;
///     }
///     out.finish()
/// }
/// ```
///
/// # Invariants
/// Nobody else knows `bytes`, except when it is the empty one; its first `len` bytes have been
/// written.
pub struct BytesBuilder<'py> {
    bytes: Bound<'py, PyBytes>,
    len: usize,
}

impl<'py> BytesBuilder<'py> {
    /// An empty builder with room for `capacity` bytes.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new(ts: &ThreadState<'py>, capacity: usize) -> PyResult<Self> {
        Ok(Self { bytes: uninitialised(ts, capacity)?, len: 0 })
    }

    /// How many bytes have been written.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes written so far.
    pub fn filled(&self) -> &[u8] {
        // SAFETY: written, by the invariant; changed only through `&mut self`.
        unsafe { slice::from_raw_parts(memory_of(&self.bytes).as_ptr(), self.len) }
    }

    /// Makes room for `additional` more bytes.
    ///
    /// # Errors
    /// `MemoryError`; then the builder is empty.
    pub fn reserve(&mut self, additional: usize) -> PyResult<()> {
        if additional <= self.capacity() - self.len {
            return Ok(());
        }
        let wanted = self.len.checked_add(additional).filter(|&size| size <= MOST);
        let Some(wanted) = wanted else { return Err(PyErr::no_memory(&self.bytes.token())) };
        let size = wanted.saturating_add(wanted / 4).clamp(LEAST, MOST);
        // An empty `bytes` takes the place of the one that is handed to C to be moved.
        let empty = uninitialised(&self.bytes.token(), 0)?;
        let (bytes, len) = (std::mem::replace(&mut self.bytes, empty), self.len);
        self.len = 0;
        // INVARIANT: growing keeps the bytes that were written.
        self.bytes = resized(bytes, size)?;
        self.len = len;
        Ok(())
    }

    /// Appends one byte.
    ///
    /// # Errors
    /// `MemoryError`; then the builder is empty.
    #[inline]
    pub fn push(&mut self, byte: u8) -> PyResult<()> {
        self.extend(&[byte])
    }

    /// Appends all of `data`.
    ///
    /// # Errors
    /// `MemoryError`; then the builder is empty.
    #[inline]
    pub fn extend(&mut self, data: &[u8]) -> PyResult<()> {
        self.reserve(data.len())?;
        // SAFETY: there is room behind the `len` bytes, and nobody else knows the object.
        unsafe {
            let end = memory_of(&self.bytes).as_ptr().add(self.len);
            ptr::copy_nonoverlapping(data.as_ptr(), end, data.len());
        }
        // INVARIANT: just written.
        self.len += data.len();
        Ok(())
    }

    /// Appends what `write` puts into the sink, which has room for `most` bytes at least.
    ///
    /// # Errors
    /// As for [`PyBytes::build`]; after a `MemoryError` the builder is empty.
    pub fn append(
        &mut self,
        most: usize,
        write: impl FnOnce(&mut Sink<'_>) -> PyResult<()>,
    ) -> PyResult<()> {
        self.reserve(most)?;
        let room = self.capacity() - self.len;
        let ts = self.bytes.token();
        // SAFETY: that much room is behind the `len` bytes, and nobody else knows the object.
        let (count, ()) = unsafe { fill(&ts, memory_of(&self.bytes).add(self.len), room, write)? };
        // INVARIANT: as many have been written behind the others.
        self.len += count;
        Ok(())
    }

    /// Forgets all but the first `len` bytes; does nothing when there are fewer.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// The `bytes`.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn finish(self) -> PyResult<Bound<'py, PyBytes>> {
        match self.len {
            // C shares the `bytes` of one byte.
            1 => PyBytes::new(&self.bytes.token(), self.filled()),
            len if len == self.capacity() => Ok(self.bytes),
            len => resized(self.bytes, len),
        }
    }

    fn capacity(&self) -> usize {
        size_of(&self.bytes)
    }
}

/// Up to this size, bytes that may be fewer are written to the stack and then copied: cheaper than
/// giving memory back.
const SMALL: usize = 256;

/// What a builder grows to at least.
const LEAST: usize = 64;

/// No `bytes` is longer; the last page is left to the object's header.
const MOST: usize = isize::MAX as usize - 4096;

/// Runs `write` on a sink over the memory, and tells how many bytes it has written.
///
/// # Safety
/// As for [`Sink::from_raw`].
#[inline(always)]
pub(crate) unsafe fn fill<R, E: From<PyErr>>(
    ts: &ThreadState<'_>,
    start: NonNull<u8>,
    capacity: usize,
    write: impl FnOnce(&mut Sink<'_>) -> Result<R, E>,
) -> Result<(usize, R), E> {
    // SAFETY: by the caller's word.
    let mut sink = unsafe { Sink::from_raw(start, capacity) };
    let result = write(&mut sink)?;
    let len = sink.len_over(start, capacity).ok_or_else(|| swapped(ts))?;
    Ok((len, result))
}

/// The start of some memory.
///
/// # Safety
/// The first `len` bytes exist and have been written.
#[inline(always)]
unsafe fn written(memory: &[MaybeUninit<u8>], len: usize) -> &[u8] {
    // SAFETY: by the caller's word.
    unsafe { slice::from_raw_parts(memory.as_ptr().cast(), len) }
}

/// A `bytes` that nobody has written to yet. It must not be shown to anybody like this.
#[inline]
pub(crate) fn uninitialised<'py>(
    ts: &ThreadState<'py>,
    size: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    if size > MOST {
        return Err(PyErr::no_memory(ts));
    }
    ts.raw();
    // SAFETY: attached; the size fits `isize`; the call returns `bytes`.
    unsafe { owned_by(ts, calls::PyBytes_FromStringAndSize(ptr::null(), size as isize)) }
}

/// Moves a `bytes` that nobody else knows to a memory of another size.
pub(crate) fn resized<'py>(
    bytes: Bound<'py, PyBytes>,
    size: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let ts = bytes.token();
    if size > MOST {
        return Err(PyErr::no_memory(&ts));
    }
    let mut object = bytes.into_owned().into_ptr();
    // SAFETY: attached, as the token shows; the only reference; the call replaces it by another,
    // or by null with an exception.
    unsafe {
        let _ = calls::_PyBytes_Resize(&mut object, size as isize);
        owned_by(&ts, Owned::from_ptr(object))
    }
}

/// The memory of a `bytes`.
#[inline(always)]
pub(crate) fn memory_of(bytes: &Bound<'_, PyBytes>) -> NonNull<u8> {
    // SAFETY: a live `bytes`; its memory is not at null.
    unsafe { NonNull::new_unchecked(raw::PyBytes_AS_STRING(bytes.checked().as_ptr()).cast()) }
}

/// How many bytes a `bytes` has, written or not.
#[inline(always)]
pub(crate) fn size_of(bytes: &Bound<'_, PyBytes>) -> usize {
    // SAFETY: a live `bytes`.
    unsafe { raw::PyBytes_GET_SIZE(bytes.reference().as_ptr()) as usize }
}

#[cold]
fn swapped(ts: &ThreadState<'_>) -> PyErr {
    SystemError::new(ts, "a function wrote to another sink than the one it was given")
}
