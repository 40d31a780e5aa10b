//! Keys that come again and again: what was written for them the last time.
use cpython_api::Bound;
use cpython_api::types::PyStr;
use json_core::encode::{Ascii, NEEDED, escape};

use super::output::{Separator, Short};

/// The keys of one call, with quotes and escapes and what stands behind them.
///
/// A key is found by its address, which no other object gets while it is counted here. There is no
/// table before there have been a few objects: most documents are small.
pub(super) struct Labels<'py> {
    /// In a place by its address, or in the one beside it.
    table: Vec<Option<Label<'py>>>,
    /// How many objects there have been, up to [`FEW`]; `None` for nothing to remember.
    objects: Option<u8>,
    separator: Short,
}

/// A key, and the ASCII characters that are written for it.
struct Label<'py> {
    key: Bound<'py, PyStr>,
    text: [u8; LABEL],
    len: u8,
}

impl<'py> Labels<'py> {
    /// No keys yet; none at all when strings or separators are made by calls.
    #[inline(always)]
    pub(super) fn new(is_ours: bool, separator: &Separator<'_, 'py>) -> Self {
        let (objects, separator) = match separator {
            Separator::Short(separator) if is_ours => (Some(0), *separator),
            _ => (None, Short::default()),
        };
        Self { table: Vec::new(), objects, separator }
    }

    /// One more object has been opened.
    #[inline(always)]
    pub(super) fn begin_object(&mut self) {
        if let Some(objects) = &mut self.objects {
            *objects += 1;
            if *objects == FEW {
                self.begin();
            }
        }
    }

    /// What is written for this key, when that is known.
    #[inline(always)]
    pub(super) fn get(&self, key: &Bound<'py, PyStr>) -> Option<(&[u8; LABEL], usize)> {
        let place = place_of(key);
        [place, place ^ 1].into_iter().find_map(|place| {
            let label = self.table.get(place)?.as_ref()?;
            label.key.is(key).then_some((&label.text, label.len.into()))
        })
    }

    /// Remembers what is written for this key, when that is short and ASCII.
    pub(super) fn add(&mut self, key: &Bound<'py, PyStr>) {
        let Some(label) = self.label(key) else { return };
        let place = place_of(key);
        let free = if matches!(self.table.get(place), Some(None)) { place } else { place ^ 1 };
        if let Some(place) = self.table.get_mut(free) {
            *place = Some(label);
        }
    }

    #[inline(never)]
    fn begin(&mut self) {
        self.objects = None;
        // Without memory for it, it is just slower.
        if self.table.try_reserve_exact(PLACES).is_ok() {
            self.table.extend(std::iter::repeat_with(|| None).take(PLACES));
        }
    }

    /// ASCII is written the same way in both modes but for DEL, which few keys have.
    fn label(&self, key: &Bound<'py, PyStr>) -> Option<Label<'py>> {
        if self.table.is_empty() {
            return None;
        }
        let ascii = key.as_ascii()?.as_bytes();
        if ascii.contains(&0x7f) {
            return None;
        }
        let mut text = [b'"'; LABEL + NEEDED];
        let step = escape::<Ascii, u8, u8>(ascii, &mut text[1..]);
        if step.read < ascii.len() {
            return None;
        }
        let end = 2 + step.written;
        *text.get_mut(end - 1)? = b'"';
        *text.get_mut(end..)?.first_chunk_mut()? = self.separator.text;
        let len = end + self.separator.len;
        let text = text.first_chunk().filter(|_| len <= LABEL)?;
        Some(Label { key: key.clone(), text: *text, len: len as u8 })
    }
}

#[inline(always)]
fn place_of(key: &Bound<'_, PyStr>) -> usize {
    let address = key.id();
    (address >> 4 ^ address >> 11) % PLACES
}

/// How long a label is at most.
const LABEL: usize = 32;
/// The size of the table, a power of two.
const PLACES: usize = 128;
/// It takes so many objects to make a table.
const FEW: u8 = 4;
