//! Building a `str` in place: [`StrBuilder`] lends its memory as plain slices.
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::slice;

use cpython_ffi::{Owned, calls, raw};

use crate::error::{PyErr, PyResult, owned_by};
use crate::handle::Bound;
use crate::thread::ThreadState;
use crate::types::{PyStr, StrData};

/// Builds a `str` of unknown length, for code that writes characters in bulk.
///
/// It begins in memory of the caller and goes on in that of the `str` to be, so that nothing is
/// copied at the end. It is as wide as the widest character that [`StrBuilder::widen`] has
/// announced: ASCII at first.
///
/// ```no_run
/// use cpython_api::{Bound, PyResult, StrBuilder, StrRoom, ThreadState, types::PyStr};
/// fn stars<'py>(ts: &ThreadState<'py>, count: usize) -> PyResult<Bound<'py, PyStr>> {
///     let mut first = [0; 64];
///     let mut out = StrBuilder::new(ts, &mut first);
///     for _ in 0..count {
///         if let StrRoom::Narrow(places) = out.room(2)? {
///             places[..2].copy_from_slice(b"* ");
///         }
///         out.advance(2);
///     }
///     out.finish()
/// }
/// ```
///
/// # Invariants
/// `start` is the memory of `first` or, when there is one, of `object`, which nobody else knows and
/// which was made for characters up to `largest`. It has places for `capacity` characters of the
/// width for `largest`; the first `ready` of them are initialised, and `len <= ready <= capacity`.
pub struct StrBuilder<'a, 'py> {
    start: NonNull<u8>,
    len: usize,
    ready: usize,
    capacity: usize,
    largest: u32,
    object: Option<Bound<'py, PyStr>>,
    /// The first `seen` characters are in `found`: below 65536 all their bits, above the largest.
    found: u32,
    seen: usize,
    ts: ThreadState<'py>,
    first: PhantomData<&'a mut [u8]>,
}

/// Places for the next characters, in the width that the `str` has so far.
#[derive(Debug)]
pub enum StrRoom<'b> {
    /// For ASCII, or for Latin-1 when that was announced.
    Narrow(&'b mut [u8]),
    /// For characters below 65536.
    Ucs2(&'b mut [u16]),
    /// For any character.
    Ucs4(&'b mut [u32]),
}

impl<'a, 'py> StrBuilder<'a, 'py> {
    /// An empty builder that begins in `first`.
    #[inline]
    pub fn new(ts: &ThreadState<'py>, first: &'a mut [u8]) -> Self {
        let state = ts.raw();
        Self {
            start: NonNull::from(&mut *first).cast(),
            len: 0,
            ready: first.len(),
            capacity: first.len(),
            largest: ASCII,
            object: None,
            found: 0,
            seen: 0,
            // SAFETY: the same thread state, for the same `'py`; there is no `Send`.
            ts: unsafe { ThreadState::from_raw(state) },
            first: PhantomData,
        }
    }

    /// How many characters have been written.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been written.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// At least `count` places for the next characters. Write to the first of them, then say so
    /// with [`StrBuilder::advance`].
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline(always)]
    pub fn room(&mut self, count: usize) -> PyResult<StrRoom<'_>> {
        if self.ready - self.len < count {
            self.make_room(count)?;
        }
        // SAFETY: in this width the places from `len` to `ready` exist and are initialised, by
        // the invariant; they are lent mutably with `self`, and are aligned as a `str`'s are.
        unsafe {
            let count = self.ready - self.len;
            Ok(match self.largest {
                0..=LATIN1 => StrRoom::Narrow(self.places(count)),
                0x100..=UCS2 => StrRoom::Ucs2(self.places(count)),
                _ => StrRoom::Ucs4(self.places(count)),
            })
        }
    }

    /// Sees to it that `count` more characters need no other memory.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn reserve(&mut self, count: usize) -> PyResult<()> {
        match self.len.checked_add(count) {
            Some(wanted) if wanted <= self.capacity => Ok(()),
            Some(wanted) => self.grow(wanted),
            None => Err(PyErr::no_memory(&self.ts)),
        }
    }

    /// Counts the next characters as written: at most as many as there was room for.
    #[inline(always)]
    pub fn advance(&mut self, count: usize) {
        // INVARIANT: never beyond `ready`.
        self.len += count.min(self.ready - self.len);
    }

    /// Makes the builder wide enough for characters up to `largest`; never narrower.
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline(always)]
    pub fn widen(&mut self, largest: u32) -> PyResult<()> {
        if largest > self.largest { self.make_wider(class_of(largest)) } else { Ok(()) }
    }

    /// The `str`, as narrow as its characters allow.
    ///
    /// # Errors
    /// `MemoryError`; `ValueError` for a number above 1114111.
    pub fn finish(mut self) -> PyResult<Bound<'py, PyStr>> {
        self.look();
        let wanted = if self.found > LAST { u32::MAX } else { class_of(self.found) };
        // C shares the `str`s of one Latin-1 character.
        if wanted != self.largest || self.object.is_none() || self.len < 2 {
            return PyStr::from_data(&self.ts, self.data());
        }
        if self.len < COPIED && self.capacity - self.len > self.len / 8 {
            self.move_to(self.len, self.largest)?;
        }
        match self.object.take() {
            Some(text) if self.len < self.capacity => resized(text, self.len),
            Some(text) => Ok(text),
            None => PyStr::from_data(&self.ts, self.data()),
        }
    }

    /// What has been written.
    fn data(&self) -> StrData<'_> {
        // SAFETY: as in `room`, for the places up to `len`; nothing is written while they are lent.
        unsafe {
            match self.largest {
                0..=LATIN1 => StrData::Latin1(slice::from_raw_parts(self.start.as_ptr(), self.len)),
                0x100..=UCS2 => {
                    StrData::Ucs2(slice::from_raw_parts(self.start.cast().as_ptr(), self.len))
                }
                _ => StrData::Ucs4(slice::from_raw_parts(self.start.cast().as_ptr(), self.len)),
            }
        }
    }

    /// The next `count` places.
    ///
    /// # Safety
    /// `T` has the width for `largest`, and the places exist and are initialised.
    #[inline(always)]
    unsafe fn places<T>(&mut self, count: usize) -> &mut [T] {
        // SAFETY: by the caller's word.
        unsafe { slice::from_raw_parts_mut(self.start.cast::<T>().as_ptr().add(self.len), count) }
    }

    /// Makes `count` more places ready.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, count: usize) -> PyResult<()> {
        self.look();
        self.reserve(count)?;
        let ready = self.len.saturating_add(count.max(WINDOW)).clamp(self.ready, self.capacity);
        let width = width_of(self.largest);
        // SAFETY: these places exist, and nobody else knows them.
        unsafe {
            let start = self.start.as_ptr().add(self.ready * width);
            start.write_bytes(0, (ready - self.ready) * width);
        }
        // INVARIANT: zero is a value of each width.
        self.ready = ready;
        Ok(())
    }

    /// Moves to memory for `wanted` characters and more.
    fn grow(&mut self, wanted: usize) -> PyResult<()> {
        let more = match wanted {
            // Whoever knows beforehand how much it will be gets just that.
            _ if self.len == 0 => 0,
            ..LARGE => wanted,
            _ => wanted / 8,
        };
        let capacity = wanted.saturating_add(more).max(LEAST);
        let Some(object) = self.object.take() else { return self.move_to(capacity, self.largest) };
        match resized(object, capacity) {
            Ok(object) => {
                // INVARIANT: resizing keeps the characters and their width.
                (self.start, self.capacity) = (memory_of(&object), capacity);
                self.object = Some(object);
                Ok(())
            }
            Err(no_memory) => {
                self.forget();
                Err(no_memory)
            }
        }
    }

    /// Moves to a new `str` for characters up to `largest`.
    fn move_to(&mut self, capacity: usize, largest: u32) -> PyResult<()> {
        let Ok(size) = isize::try_from(capacity) else { return Err(PyErr::no_memory(&self.ts)) };
        self.ts.raw();
        // SAFETY: attached; the call returns a `str`, which nobody sees before it is filled.
        let object: Bound<'py, PyStr> =
            unsafe { owned_by(&self.ts, calls::PyUnicode_New(size, largest)) }?;
        let (start, len) = (memory_of(&object), self.len);
        // SAFETY: the new memory has at least `len` places of its width, and nobody else knows it.
        unsafe {
            match (self.data(), width_of(largest)) {
                (StrData::Latin1(data), 1) => copy(data, start),
                (StrData::Ucs2(data), 2) => copy(data, start),
                (StrData::Ucs4(data), 4) => copy(data, start),
                (data, 2) => fill(zeroed::<u16>(start, len), data, |c| c as u16),
                (data, 4) => fill(zeroed::<u32>(start, len), data, |c| c),
                (data, _) => fill(zeroed::<u8>(start, len), data, |c| c as u8),
            }
        }
        // INVARIANT: a new `str` has so many places for characters up to `largest`.
        (self.start, self.capacity, self.largest) = (start, capacity, largest);
        self.ready = self.len;
        self.object = Some(object);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn make_wider(&mut self, largest: u32) -> PyResult<()> {
        self.look();
        if self.object.is_none() && largest == LATIN1 {
            // INVARIANT: memory of the caller has no width but that of bytes.
            self.largest = largest;
            return Ok(());
        }
        self.move_to(self.capacity.max(LEAST), largest)
    }

    /// C has taken the memory: no places, no characters.
    fn forget(&mut self) {
        // INVARIANT: no places at all, of the width of bytes.
        self.start = NonNull::dangling();
        (self.len, self.ready, self.capacity, self.seen) = (0, 0, 0, 0);
        self.largest = ASCII;
    }

    /// Looks at what was written since it last did, while that is still in the cache.
    fn look(&mut self) {
        let found = match self.data() {
            StrData::Latin1(data) => all_bits(data.get(self.seen..)),
            StrData::Ucs2(data) => all_bits(data.get(self.seen..)),
            StrData::Ucs4(data) => {
                data.get(self.seen..).into_iter().flatten().copied().max().unwrap_or(0)
            }
        };
        self.found = self.found.max(found);
        self.seen = self.len;
    }
}

const ASCII: u32 = 0x7f;
const LATIN1: u32 = 0xff;
const UCS2: u32 = 0xffff;
const LAST: u32 = 0x10_ffff;

/// What a builder grows to at least.
const LEAST: usize = 1024;
/// Up to here a builder doubles; beyond, the allocator moves pages and not bytes.
const LARGE: usize = 32 << 20;
/// Up to here a `str` that is much too large is copied at the end. An allocator that gets back
/// memory of the size that was asked for has it at hand for the next one; what was cut off, it
/// would get from the kernel each time, page by page.
const COPIED: usize = 4 << 20;
/// How many places are made ready at a time: what stays in the cache until it is written to.
const WINDOW: usize = 16 << 10;

/// The largest character of those that C stores like this one.
const fn class_of(c: u32) -> u32 {
    match c {
        0..=ASCII => ASCII,
        0x80..=LATIN1 => LATIN1,
        0x100..=UCS2 => UCS2,
        _ => LAST,
    }
}

/// How many bytes a character takes where `largest` is the largest.
const fn width_of(largest: u32) -> usize {
    match largest {
        0..=LATIN1 => 1,
        0x100..=UCS2 => 2,
        _ => 4,
    }
}

/// All bits that are set in any of the characters.
fn all_bits<T: Copy + Into<u32> + Default + std::ops::BitOr<Output = T>>(
    data: Option<&[T]>,
) -> u32 {
    data.into_iter().flatten().fold(T::default(), |bits, &c| bits | c).into()
}

/// Copies characters to places of another width.
fn fill<T>(places: &mut [T], data: StrData<'_>, convert: impl Fn(u32) -> T) {
    for (place, c) in places.iter_mut().zip(data.iter()) {
        *place = convert(c);
    }
}

/// Copies characters to places of the same width.
///
/// # Safety
/// As many places for `T` are there, aligned, and nobody else knows them.
unsafe fn copy<T>(data: &[T], start: NonNull<u8>) {
    // SAFETY: by the caller's word.
    unsafe { start.cast::<T>().as_ptr().copy_from_nonoverlapping(data.as_ptr(), data.len()) }
}

/// New places, as zeros.
///
/// # Safety
/// `len` places for `T` are there, aligned, and nobody else knows them for as long as they are lent.
unsafe fn zeroed<'m, T>(start: NonNull<u8>, len: usize) -> &'m mut [T] {
    let start = start.cast::<T>().as_ptr();
    // SAFETY: by the caller's word; it is called for integers, for which zero is a value.
    unsafe {
        start.write_bytes(0, len);
        slice::from_raw_parts_mut(start, len)
    }
}

/// The characters of a `str`.
fn memory_of(text: &Bound<'_, PyStr>) -> NonNull<u8> {
    // SAFETY: a live `str`; its characters are not at null.
    unsafe { NonNull::new_unchecked(raw::PyUnicode_DATA(text.checked().as_ptr()).cast()) }
}

/// Moves a `str` that nobody else knows to a memory of another size.
pub(crate) fn resized<'py>(text: Bound<'py, PyStr>, len: usize) -> PyResult<Bound<'py, PyStr>> {
    let ts = text.token();
    let Ok(len) = isize::try_from(len) else { return Err(PyErr::no_memory(&ts)) };
    let mut object = text.into_owned().into_ptr();
    // SAFETY: attached, as the token shows; the only reference; the call replaces it by another,
    // or leaves it with an exception, and then it is released.
    unsafe {
        let status = calls::PyUnicode_Resize(&mut object, len);
        let text = owned_by(&ts, Owned::from_ptr(object))?;
        if status.failed() { Err(PyErr::fetch(&ts)) } else { Ok(text) }
    }
}
