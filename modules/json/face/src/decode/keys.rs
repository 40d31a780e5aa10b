//! The keys of a call: equal keys become the same `str`.
use cpython_api::types::{PyDict, PyStr, StrData};
use cpython_api::{Bound, PyErr, PyResult, ThreadState};
use json_core::decode::{Plain, Unit};

use super::text::data;

/// The keys that this call has seen.
///
/// A table finds most of them again by their characters, before there is a `str`. It is small, and
/// its hash is weak: a key that finds no place there is kept in a `dict`, as C keeps them all, whose
/// hash nobody can foresee. A key leaves its place only for that `dict`.
///
/// INVARIANT: a key that was seen is in one of its places of the table, or in `others`.
#[derive(Default)]
pub(super) struct Keys<'py> {
    /// The table of a small document, which needs no memory of its own.
    small: [Slot<'py>; SMALL],
    /// The table from then on.
    large: Vec<Slot<'py>>,
    used: usize,
    others: Option<Bound<'py, PyDict>>,
    /// The place of the key before, when that was one without escapes.
    last: Place,
    /// The place of the key that came behind that one before.
    expected: Place,
}

/// A place of the table; nothing there, for most.
type Slot<'py> = Option<Entry<'py>>;

/// A number of a place that may not exist.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place(u32);

impl Default for Place {
    fn default() -> Self {
        Self::NOWHERE
    }
}

impl Place {
    const NOWHERE: Self = Self(u32::MAX);
}

struct Entry<'py> {
    mark: Mark,
    key: Bound<'py, PyStr>,
    /// The place of the key that came behind this one the last time, both without escapes.
    next: Place,
}

/// What a key looks like: the same for the same characters, whatever width they are stored in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The length, and whether the two words are all there is to know.
    size: usize,
    /// The low bytes of the first eight characters.
    first: u64,
    /// Those of the next eight; of the last eight, when there are more.
    last: u64,
}

impl<'py> Keys<'py> {
    /// The key that came behind the last one before, when the text begins with it and a quote.
    ///
    /// It was found there by its characters as they are written, so that no escape and nothing else
    /// that would have to be looked at is among them.
    #[inline(always)]
    pub(super) fn expected<W: Unit>(&mut self, text: &[W]) -> Option<(Bound<'py, PyStr>, usize)> {
        let entry = self.table().get(self.expected.0 as usize)?.as_ref()?;
        let (bytes, len) = (low_bytes(text)?, entry.mark.len());
        let same = entry.mark.is_whole()
            && text.get(len).is_some_and(|unit| unit.ascii() == b'"')
            && Mark::of_bytes(&bytes, len) == entry.mark;
        if !same {
            return None;
        }
        let (key, next) = (entry.key.clone(), entry.next);
        self.last = self.expected;
        self.expected = next;
        Some((key, len))
    }

    /// The key with these characters, when the table has it; `written` as they are.
    #[inline(always)]
    pub(super) fn find<W: Unit>(
        &mut self,
        text: Plain<'_, W>,
        mark: Mark,
        written: bool,
    ) -> Option<Bound<'py, PyStr>> {
        let table = self.table();
        for place in mark.places(table.len()) {
            let entry = table.get(place)?.as_ref()?;
            if entry.mark == mark && (mark.is_whole() || same(text.text(), entry.key.data())) {
                let (key, next) = (entry.key.clone(), entry.next);
                self.follow(if written { Place(place as u32) } else { Place::NOWHERE }, next);
                return Some(key);
            }
        }
        None
    }

    /// A key that the table does not have, or the equal one that was seen before.
    ///
    /// Part of its caller, as `put` is: a mark that goes through memory is written in three parts
    /// and read in two, for which a processor waits.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        ts: &ThreadState<'py>,
        mark: Mark,
        key: Bound<'py, PyStr>,
        written: bool,
    ) -> PyResult<Bound<'py, PyStr>> {
        // Once some are in `others`, an equal one may be there.
        let place = if self.others.is_none() { self.put(mark, &key) } else { None };
        let Some(place) = place else { return self.add_slowly(ts, &mark, key, written) };
        self.follow(if written { place } else { Place::NOWHERE }, Place::NOWHERE);
        Ok(key)
    }

    #[inline(never)]
    fn add_slowly(
        &mut self,
        ts: &ThreadState<'py>,
        mark: &Mark,
        key: Bound<'py, PyStr>,
        written: bool,
    ) -> PyResult<Bound<'py, PyStr>> {
        if let Some(others) = &self.others {
            self.last = Place::NOWHERE;
            self.expected = Place::NOWHERE;
            return seen(others, &key);
        }
        let mut place = None;
        while place.is_none() && self.grow(ts)? {
            place = self.put(*mark, &key);
        }
        if place.is_none() {
            self.put_aside(ts, &key)?;
        }
        let place = place.filter(|_| written).unwrap_or(Place::NOWHERE);
        self.follow(place, Place::NOWHERE);
        Ok(key)
    }

    /// Notes that the key in this place came behind the last one.
    #[inline(always)]
    fn follow(&mut self, place: Place, next: Place) {
        let last = self.last.0 as usize;
        let table = if self.large.is_empty() { &mut self.small[..] } else { &mut self.large[..] };
        if let Some(Some(entry)) = table.get_mut(last) {
            entry.next = place;
        }
        self.last = place;
        self.expected = next;
    }

    #[inline(always)]
    fn table(&self) -> &[Slot<'py>] {
        if self.large.is_empty() { &self.small } else { &self.large }
    }

    /// Puts a key into the table, where there is a place and not too many are taken.
    #[inline(always)]
    fn put(&mut self, mark: Mark, key: &Bound<'py, PyStr>) -> Option<Place> {
        let table = if self.large.is_empty() { &mut self.small[..] } else { &mut self.large[..] };
        if self.used >= table.len() / 4 * 3 {
            return None;
        }
        for place in mark.places(table.len()) {
            if let Some(slot @ None) = table.get_mut(place) {
                *slot = Some(Entry { mark, key: key.clone(), next: Place::NOWHERE });
                self.used += 1;
                return Some(Place(place as u32));
            }
        }
        None
    }

    /// Puts a key into `others`.
    fn put_aside(&mut self, ts: &ThreadState<'py>, key: &Bound<'py, PyStr>) -> PyResult<()> {
        match &self.others {
            Some(others) => seen(others, key).map(drop),
            None => seen(self.others.insert(PyDict::new(ts)?), key).map(drop),
        }
    }

    /// A larger table, up to the limit; whether there is one. Nothing follows anything any more.
    fn grow(&mut self, ts: &ThreadState<'py>) -> PyResult<bool> {
        let size = 16 * self.large.len().max(SMALL);
        if size > LARGEST {
            return Ok(false);
        }
        let mut table = Vec::new();
        if table.try_reserve_exact(size).is_err() {
            return Err(PyErr::no_memory(ts));
        }
        table.extend(std::iter::repeat_with(|| None).take(size));
        let small = std::mem::take(&mut self.small);
        let large = std::mem::replace(&mut self.large, table);
        self.used = 0;
        self.last = Place::NOWHERE;
        self.expected = Place::NOWHERE;
        for Entry { mark, key, .. } in small.into_iter().chain(large).flatten() {
            if self.put(mark, &key).is_none() {
                self.put_aside(ts, &key)?;
            }
        }
        Ok(true)
    }
}

/// The key in the `dict` that equals this one, which is put there when there is none.
fn seen<'py>(others: &Bound<'py, PyDict>, key: &Bound<'py, PyStr>) -> PyResult<Bound<'py, PyStr>> {
    others.set_default(key, key)?.0.into_cast()
}

#[inline(never)]
fn same<W: Unit>(text: &[W], key: StrData<'_>) -> bool {
    match (data(text), key) {
        (StrData::Latin1(text), StrData::Latin1(key)) => text == key,
        (_, StrData::Latin1(key)) => alike(text, key),
        (_, StrData::Ucs2(key)) => alike(text, key),
        (_, StrData::Ucs4(key)) => alike(text, key),
    }
}

fn alike<W: Unit, K: Unit>(text: &[W], key: &[K]) -> bool {
    let as_u32 = |(&a, &b): (&W, &K)| -> bool { Into::<u32>::into(a) == b.into() };
    text.len() == key.len() && text.iter().zip(key).all(as_u32)
}

impl Mark {
    /// What these characters look like.
    #[inline(always)]
    pub(super) fn of<W: Unit>(text: Plain<'_, W>) -> Self {
        let (Some(bytes), len) = (low_bytes(text.with_rest()), text.len()) else {
            return Self::of_units(text.text());
        };
        let mark = Self::of_bytes(&bytes, len);
        if len <= WHOLE {
            return mark;
        }
        Self { size: len << 1, last: word(text.text().iter().skip(len - 8)), ..mark }
    }

    /// The mark of the first `len` of these bytes, when those are all. Keys are of all lengths:
    /// sixteen bytes at once, without a branch for each.
    #[inline(always)]
    fn of_bytes(bytes: &[u8; WHOLE + 1], len: usize) -> Self {
        let [bytes @ .., _] = bytes;
        let both = u128::from_le_bytes(*bytes);
        let first = both as u64 & LOWEST[len.min(8)];
        let last = (both >> 64) as u64 & LOWEST[len.saturating_sub(8).min(8)];
        Self { size: len << 1 | 1, first, last }
    }

    #[inline(never)]
    fn of_units<W: Unit>(text: &[W]) -> Self {
        let whole = text.len() <= WHOLE && text.iter().all(|&unit| unit.into() < 256);
        let second = if text.len() <= WHOLE { 8.min(text.len()) } else { text.len() - 8 };
        Self {
            size: text.len() << 1 | usize::from(whole),
            first: word(text.iter().take(8)),
            last: word(text.iter().skip(second)),
        }
    }

    #[inline(always)]
    fn len(self) -> usize {
        self.size >> 1
    }

    /// Whether two keys that look like this are equal.
    #[inline(always)]
    fn is_whole(self) -> bool {
        self.size & 1 == 1
    }

    /// Where a key that looks like this may be in a table of this size. The first free place ends
    /// the search, since no place becomes free again.
    #[inline(always)]
    fn places(self, size: usize) -> impl Iterator<Item = usize> {
        let mixed = (self.first ^ self.last.rotate_left(29) ^ self.size as u64).wrapping_mul(MIX);
        let first = (mixed >> 40) as usize;
        (0..PROBES).map(move |step| (first + step) & size.wrapping_sub(1))
    }
}

/// The first characters as bytes, when there are so many, all of them below 256.
#[inline(always)]
fn low_bytes<W: Unit>(text: &[W]) -> Option<[u8; WHOLE + 1]> {
    let units = text.first_chunk()?;
    let any = units.iter().fold(0, |any, &unit| any | unit.into());
    (any < 256).then(|| units.map(|unit| unit.into() as u8))
}

/// The low bytes of up to eight characters, the first one lowest.
#[inline(always)]
fn word<'a, W: Unit>(units: impl Iterator<Item = &'a W>) -> u64 {
    units
        .zip(0..8)
        .fold(0, |word, (&unit, place)| word | u64::from(unit.into() as u8) << (8 * place))
}

/// The bits of so many bytes.
const LOWEST: [u64; 9] = {
    let mut bits = [u64::MAX; 9];
    let mut bytes = 0;
    while bytes < 8 {
        bits[bytes] = (1 << (8 * bytes)) - 1;
        bytes += 1;
    }
    bits
};

/// Up to how many characters two words hold all of them.
const WHOLE: usize = 16;
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// How many places a key may be in.
const PROBES: usize = 4;
/// Sizes of the table: powers of two.
const SMALL: usize = 16;
const LARGEST: usize = 256;
