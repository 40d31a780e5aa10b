//! Memory that a class lends to consumers of buffers, who may read and write it at any time.
use std::ffi::{CStr, c_int, c_long, c_longlong};
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use cpython_shared::Shared;

use crate::error::{PyErr, PyResult};
use crate::gc::{Stop, Traverse, Visit};
use crate::thread::ThreadState;

/// Bytes that never move, shared between the payload of a class and those it lends them to.
///
/// A consumer (a `memoryview`, a socket) writes when it likes, from any thread. So Rust code never
/// gets a slice of them: it copies bytes in and out, each byte by itself.
///
/// To resize, a payload makes a new memory. Consumers of the old one keep it alive and see it no
/// more change; most classes refuse to resize while there are any ([`Memory::is_lent`]).
#[derive(Debug)]
pub struct Memory {
    bytes: Box<[AtomicU8]>,
    lent: AtomicUsize,
}

impl Memory {
    /// Zeroed memory.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn new(ts: &ThreadState<'_>, length: usize) -> PyResult<Shared<Self>> {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(length).is_err() {
            return Err(PyErr::no_memory(ts));
        }
        bytes.resize_with(length, || AtomicU8::new(0));
        let memory = Self { bytes: bytes.into_boxed_slice(), lent: AtomicUsize::new(0) };
        Shared::new(memory).map_err(|_| PyErr::no_memory(ts))
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether a consumer has not given them back yet.
    pub fn is_lent(&self) -> bool {
        self.lent.load(Ordering::Acquire) != 0
    }

    /// Copies bytes out, from `start` on; says how many there were.
    pub fn read(&self, start: usize, target: &mut [u8]) -> usize {
        let bytes = self.bytes.get(start..).unwrap_or_default();
        for (to, from) in target.iter_mut().zip(bytes) {
            *to = from.load(Ordering::Relaxed);
        }
        target.len().min(bytes.len())
    }

    /// Copies bytes in, from `start` on; says for how many there was room.
    pub fn write(&self, start: usize, source: &[u8]) -> usize {
        let bytes = self.bytes.get(start..).unwrap_or_default();
        for (to, from) in bytes.iter().zip(source) {
            to.store(*from, Ordering::Relaxed);
        }
        source.len().min(bytes.len())
    }

    /// Counts one consumer less.
    pub(super) fn end(&self) {
        self.lent.fetch_sub(1, Ordering::AcqRel);
    }
}

// SAFETY: no references at all.
unsafe impl Traverse for Shared<Memory> {
    const HAS_REFERENCES: bool = false;

    fn traverse(&self, _visit: &mut Visit<'_>) -> ControlFlow<Stop> {
        ControlFlow::Continue(())
    }
}

/// What a class lends: a range of a memory, and what its items are.
#[derive(Debug)]
pub struct Lent {
    pub(super) memory: Shared<Memory>,
    pub(super) range: Range<usize>,
    pub(super) readonly: bool,
    pub(super) format: &'static CStr,
    pub(super) item_size: usize,
}

impl Lent {
    /// All of a memory, as bytes that can be written.
    pub fn all(memory: &Shared<Memory>) -> Self {
        Self {
            memory: memory.clone(),
            range: 0..memory.len(),
            readonly: false,
            format: c"B",
            item_size: 1,
        }
    }

    /// Only these bytes; the range is cut off at the end of the memory.
    #[must_use]
    pub fn range(self, range: Range<usize>) -> Self {
        let end = range.end.min(self.memory.len());
        Self { range: range.start.min(end)..end, ..self }
    }

    /// Not to be written.
    #[must_use]
    pub fn readonly(self) -> Self {
        Self { readonly: true, ..self }
    }

    /// As items of this size, in a format of the `struct` module.
    ///
    /// A format of one native character says the size itself. What does not fill an item is not
    /// lent.
    #[must_use]
    pub fn items(self, format: &'static CStr, size: usize) -> Self {
        // Consumers read an item as its format says, and trust that it is as large.
        let item_size = native_size(format).unwrap_or(size).max(1);
        Self { format, item_size, ..self }
    }

    /// Where the bytes are, and how many: whole items.
    pub(super) fn place(&self) -> (*mut u8, usize) {
        let bytes = self.memory.bytes.get(self.range.clone()).unwrap_or_default();
        // Atomics may be written through a shared reference.
        (bytes.as_ptr().cast::<u8>().cast_mut(), bytes.len() - bytes.len() % self.item_size)
    }

    /// Counts a consumer.
    pub(super) fn begin(&self) {
        self.memory.lent.fetch_add(1, Ordering::AcqRel);
    }
}

/// The size of an item of a format that `memoryview` reads by itself: one native character.
fn native_size(format: &CStr) -> Option<usize> {
    let format = format.to_bytes();
    Some(match format.strip_prefix(b"@").unwrap_or(format) {
        b"c" | b"b" | b"B" | b"?" => 1,
        b"h" | b"H" | b"e" => 2,
        b"i" | b"I" => size_of::<c_int>(),
        b"l" | b"L" => size_of::<c_long>(),
        b"q" | b"Q" => size_of::<c_longlong>(),
        b"n" | b"N" => size_of::<isize>(),
        b"P" => size_of::<*const ()>(),
        b"f" => size_of::<f32>(),
        b"d" => size_of::<f64>(),
        b"Zf" => size_of::<[f32; 2]>(),
        b"Zd" => size_of::<[f64; 2]>(),
        _ => return None,
    })
}
