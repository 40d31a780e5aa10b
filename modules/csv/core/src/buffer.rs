//! Text that grows, and becomes wider when it must: [`Buffer`].
use crate::Error;
use crate::text::{Text, Unit};

/// Text that pieces of any width are appended to.
#[derive(Clone, Debug)]
pub struct Buffer(Units);

/// The text so far, in the width that it has needed.
#[derive(Clone, Debug)]
enum Units {
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Buffer {
    /// No text, in no memory.
    #[inline]
    pub const fn new() -> Self {
        Self(Units::Latin1(Vec::new()))
    }

    /// The text.
    #[inline]
    pub fn text(&self) -> Text<'_> {
        match &self.0 {
            Units::Latin1(units) => Text::Latin1(units),
            Units::Ucs2(units) => Text::Ucs2(units),
            Units::Ucs4(units) => Text::Ucs4(units),
        }
    }

    /// How many code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.text().len()
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets the text and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        match &mut self.0 {
            Units::Latin1(units) => units.clear(),
            // What comes next is likely narrow again.
            Units::Ucs2(_) | Units::Ucs4(_) => *self = Self::new(),
        }
    }

    /// Appends a text.
    ///
    /// # Errors
    /// [`Error::Memory`]; the text so far stays.
    #[inline]
    pub fn extend(&mut self, text: Text<'_>) -> Result<(), Error> {
        match (&mut self.0, text) {
            (Units::Latin1(units), Text::Latin1(text)) => append(units, text),
            (_, text) => self.extend_wide(text),
        }
    }

    /// Appends a text, and a code point before it when there is one.
    ///
    /// # Errors
    /// [`Error::Memory`]; part of it may be there.
    #[inline]
    pub(crate) fn extend_behind(
        &mut self,
        first: Option<u32>,
        text: Text<'_>,
    ) -> Result<(), Error> {
        match (&mut self.0, first.map(u8::from_code_point), text) {
            (Units::Latin1(units), Some(Some(first)), Text::Latin1(text)) => {
                if units.capacity() - units.len() <= text.len() {
                    grow(units, text.len() + 1)?;
                }
                units.push(first);
                units.extend_from_slice(text);
                Ok(())
            }
            _ => {
                if let Some(first) = first {
                    self.push(first)?;
                }
                self.extend(text)
            }
        }
    }

    /// Appends a code point.
    ///
    /// # Errors
    /// [`Error::Memory`]; the text so far stays.
    #[inline]
    pub fn push(&mut self, c: u32) -> Result<(), Error> {
        match (&mut self.0, u8::from_code_point(c)) {
            (Units::Latin1(units), Some(c)) => append(units, &[c]),
            _ => self.extend_wide(Text::Ucs4(&[c])),
        }
    }

    #[inline(never)]
    fn extend_wide(&mut self, text: Text<'_>) -> Result<(), Error> {
        let fits = |widest: u32| match text {
            Text::Ucs4(units) => units.iter().all(|&c| c <= widest),
            Text::Ucs2(_) => widest >= u16::MAX.into(),
            Text::Latin1(_) => true,
        };
        match &self.0 {
            Units::Latin1(units) if !fits(u8::MAX.into()) => {
                self.0 = if fits(u16::MAX.into()) {
                    Units::Ucs2(widened(units, text.len())?)
                } else {
                    Units::Ucs4(widened(units, text.len())?)
                };
            }
            Units::Ucs2(units) if !fits(u16::MAX.into()) => {
                self.0 = Units::Ucs4(widened(units, text.len())?);
            }
            _ => {}
        }
        match &mut self.0 {
            Units::Latin1(units) => append_converted(units, text),
            Units::Ucs2(units) => append_converted(units, text),
            Units::Ucs4(units) => append_converted(units, text),
        }
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::new()
    }
}

#[inline]
fn append<U: Copy>(units: &mut Vec<U>, more: &[U]) -> Result<(), Error> {
    if units.capacity() - units.len() < more.len() {
        grow(units, more.len())?;
    }
    units.extend_from_slice(more);
    Ok(())
}

#[cold]
fn grow<U>(units: &mut Vec<U>, more: usize) -> Result<(), Error> {
    units.try_reserve(more.max(LEAST)).map_err(|_| Error::Memory)
}

/// The same text in wider units, with room for more.
fn widened<N: Copy, W: From<N>>(units: &[N], more: usize) -> Result<Vec<W>, Error> {
    let mut wide = Vec::new();
    let room = units.len().checked_add(more).ok_or(Error::Memory)?;
    wide.try_reserve(room).map_err(|_| Error::Memory)?;
    wide.extend(units.iter().map(|&c| W::from(c)));
    Ok(wide)
}

/// Appends a text whose code points all fit.
fn append_converted<U: Unit>(units: &mut Vec<U>, text: Text<'_>) -> Result<(), Error> {
    fn converted<N: Unit, W: Unit>(units: &mut Vec<W>, more: &[N]) {
        units.extend(more.iter().filter_map(|&c| W::from_code_point(c.into())));
    }
    if units.capacity() - units.len() < text.len() {
        grow(units, text.len())?;
    }
    match text {
        Text::Latin1(more) => converted(units, more),
        Text::Ucs2(more) => converted(units, more),
        Text::Ucs4(more) => converted(units, more),
    }
    Ok(())
}

/// The room that the first growth makes, at least.
const LEAST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn becomes_as_wide_as_it_must() {
        let mut buffer = Buffer::new();
        buffer.extend(Text::Latin1(b"a\xe9")).unwrap();
        buffer.push(0x62).unwrap();
        buffer.extend(Text::Ucs4(&[0x63])).unwrap();
        assert!(matches!(buffer.text(), Text::Latin1(b"a\xe9bc")));
        buffer.extend(Text::Ucs2(&[0x20ac])).unwrap();
        assert!(matches!(buffer.text(), Text::Ucs2(&[0x61, 0xe9, 0x62, 0x63, 0x20ac])));
        buffer.push(0x1f40d).unwrap();
        buffer.extend(Text::Latin1(b"d")).unwrap();
        let expected: &[u32] = &[0x61, 0xe9, 0x62, 0x63, 0x20ac, 0x1f40d, 0x64];
        assert!(matches!(buffer.text(), Text::Ucs4(units) if units == expected));
        buffer.clear();
        assert!(buffer.is_empty());
    }
}
