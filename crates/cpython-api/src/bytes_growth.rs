//! Making `bytes` in steps that run detached, where nobody knows the size before: [`PyBytes::grow`].
use std::mem::MaybeUninit;
use std::ops::ControlFlow;
use std::ptr::NonNull;
use std::slice;

use cpython_simd::Sink;

use crate::bytes_writer::{fill, memory_of, resized, size_of, uninitialised};
use crate::error::{PyErr, PyResult};
use crate::exception::{MemoryError, SystemError};
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::PyBytes;

/// How much room the steps of [`PyBytes::grow`] get.
///
/// It comes in blocks that grow from 32 KiB to 256 MiB, as C's codecs get it: a short result does
/// not cost much, a long one is not moved often, and none reserves much more than it needs.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    first: usize,
    most: usize,
    brief: bool,
}

impl Room {
    /// As much as it takes.
    pub const UNLIMITED: Self = Self { first: BLOCKS[0], most: usize::MAX, brief: false };

    /// No more than `most` bytes.
    pub const fn at_most(most: usize) -> Self {
        Self { most, ..Self::UNLIMITED }
    }

    /// The same with `size` bytes at first.
    pub const fn first(self, size: usize) -> Self {
        Self { first: size, ..self }
    }

    /// The same for a first step that is over soon: it runs attached, and has a little room on the
    /// stack. Detaching, and making room that is not needed, would cost more than the work.
    pub const fn brief(self, brief: bool) -> Self {
        Self { brief, ..self }
    }

    /// As C's codecs read a `max_length`: negative means no limit.
    pub fn max_length(length: isize) -> Self {
        usize::try_from(length).map_or(Self::UNLIMITED, Self::at_most)
    }
}

impl PyBytes {
    /// A new `bytes` of what `step` appends to the sinks it is given, one run after the other.
    ///
    /// Each run is detached. `Continue` asks for another: when the sink is full it has more room
    /// then, and when there may be no more room the result is what there is. An error drops
    /// everything. For a step that works on a value behind a [`PyLock`](crate::PyLock) there is
    /// [`Inside::grow`](crate::sync::Inside::grow).
    ///
    /// ```no_run
    /// use std::ops::ControlFlow::{Break, Continue};
    /// use cpython_api::{Bound, Buffer, PyErr, PyResult, Room, ThreadState, types::PyBytes};
    /// /// Each byte as often as it says.
    /// fn unpack<'py>(ts: &mut ThreadState<'py>, data: Buffer<'_>) -> PyResult<Bound<'py, PyBytes>> {
    ///     let (mut bytes, mut left) = (data.iter(), (0, 0));
    ///     PyBytes::grow(ts, Room::UNLIMITED, |out| loop {
    ///         let (byte, count) = left;
    ///         let fits = out.remaining().min(count);
    ///         let _ = out.fill(byte, fits);
    ///         left.1 -= fits;
    ///         if left.1 > 0 {
    ///             return Ok::<_, PyErr>(Continue(()));
    ///         }
    ///         let Some(&byte) = bytes.next() else { return Ok(Break(())) };
    ///         left = (byte, byte.into());
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// What `step` gives; `MemoryError`; `SystemError` when `step` has put another sink into the
    /// place of its own.
    pub fn grow<'py, E: From<PyErr> + Send>(
        ts: &mut ThreadState<'py>,
        room: Room,
        mut step: impl FnMut(&mut Sink<'_>) -> Result<ControlFlow<()>, E> + Send,
    ) -> Result<Bound<'py, Self>, E> {
        let mut memory = [const { MaybeUninit::<u8>::uninit() }; BRIEF];
        let mut written = &[][..];
        if room.brief {
            let (start, size) = (NonNull::from(&mut memory).cast(), BRIEF.min(room.most));
            // SAFETY: the memory has as many bytes, and nothing else uses it while it is written to.
            let (len, flow) = unsafe { fill(ts, start, size, &mut step)? };
            // SAFETY: as many bytes have been written to its start.
            written = unsafe { slice::from_raw_parts(memory.as_ptr().cast(), len) };
            if flow.is_break() || len == room.most {
                return Ok(Self::new(ts, written)?);
            }
        }
        let mut blocks = Blocks::new(ts, room, written)?;
        loop {
            let flow = blocks.fill(|sink| ts.detach(|| step(sink)))?;
            if flow.is_break() || blocks.is_full() && !blocks.grow()? {
                return Ok(blocks.finish()?);
            }
        }
    }
}

/// A `bytes` that grows block by block.
///
/// It reserves a quarter more than the blocks need, so that the sizes in memory are those of C's
/// writer, and so is the most that is in use while one memory is copied to the next.
///
/// # Invariants
/// Nobody else knows `bytes`, except when it is the empty one. Its first `len` bytes have been
/// written, and it has `allowed` bytes at least.
struct Blocks<'py> {
    bytes: Bound<'py, PyBytes>,
    len: usize,
    allowed: usize,
    count: usize,
    most: usize,
}

impl<'py> Blocks<'py> {
    /// Room for a first block, which begins with what is written already.
    fn new(ts: &ThreadState<'py>, room: Room, written: &[u8]) -> PyResult<Self> {
        let first = room.first.max(written.len()).min(room.most);
        let bytes = uninitialised(ts, first)?;
        let mut made = Self { bytes, len: 0, allowed: first, count: 1, most: room.most };
        if !written.is_empty() {
            made.fill(|sink| sink.extend(written).map_err(|full| SystemError::new(ts, full)))?;
        }
        Ok(made)
    }

    /// Runs `write` on a sink over the room that is left.
    fn fill<R, E: From<PyErr>>(
        &mut self,
        write: impl FnOnce(&mut Sink<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let ts = self.bytes.token();
        let (start, room) = (memory_of(&self.bytes), self.allowed - self.len);
        // SAFETY: there is room behind the `len` bytes, and nobody else knows the object.
        let (count, result) = unsafe { fill(&ts, start.add(self.len), room, write)? };
        // INVARIANT: as many have been written behind the others.
        self.len += count;
        Ok(result)
    }

    fn is_full(&self) -> bool {
        self.len == self.allowed
    }

    /// Allows another block; `false` when no more may be allowed.
    fn grow(&mut self) -> PyResult<bool> {
        let block = BLOCKS[self.count.min(BLOCKS.len() - 1)];
        let allowed = self.allowed.saturating_add(block).min(self.most);
        if allowed == self.allowed {
            return Ok(false);
        }
        if allowed > size_of(&self.bytes) {
            let ts = self.bytes.token();
            let failed = |_| MemoryError::new(&ts, "Unable to allocate output buffer.");
            // An empty `bytes` takes the place of the one that is handed to C to be moved.
            let empty = uninitialised(&ts, 0)?;
            let (bytes, len) = (std::mem::replace(&mut self.bytes, empty), self.len);
            (self.len, self.allowed) = (0, 0);
            // INVARIANT: growing keeps the bytes that were written.
            self.bytes = resized(bytes, allowed.saturating_add(allowed / 4)).map_err(failed)?;
            self.len = len;
        }
        self.allowed = allowed;
        self.count += 1;
        Ok(true)
    }

    fn finish(self) -> PyResult<Bound<'py, PyBytes>> {
        if self.len == size_of(&self.bytes) {
            Ok(self.bytes)
        } else {
            resized(self.bytes, self.len)
        }
    }
}

/// How much room there is on the stack.
const BRIEF: usize = 512;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The sizes of the blocks; the last is that of all further ones.
const BLOCKS: [usize; 17] = [
    32 * KIB,
    64 * KIB,
    256 * KIB,
    MIB,
    4 * MIB,
    8 * MIB,
    16 * MIB,
    16 * MIB,
    32 * MIB,
    32 * MIB,
    32 * MIB,
    32 * MIB,
    64 * MIB,
    64 * MIB,
    128 * MIB,
    128 * MIB,
    256 * MIB,
];
