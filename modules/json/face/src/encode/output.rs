//! What has been written so far, and how strings and numbers are added to it.
use cpython_api::types::{PyStr, StrData};
use cpython_api::{Bound, PyResult, StrBuilder, StrRoom, ThreadState};
use json_core::encode::{
    Ascii, Mode, NEEDED, NUMBER, QUOTED, Unicode, Unit, digits_for, escape, quote_short,
    write_float, write_i64, write_long,
};

/// How strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strings {
    /// As `encode_basestring_ascii` does.
    Ascii,
    /// As `encode_basestring` does.
    Unicode,
}

/// The text so far.
pub(super) struct Output<'a, 'py>(StrBuilder<'a, 'py>);

impl<'a, 'py> Output<'a, 'py> {
    /// Nothing yet; it begins in `first`.
    pub(super) fn new(ts: &ThreadState<'py>, first: &'a mut [u8]) -> Self {
        Self(StrBuilder::new(ts, first))
    }

    /// The text.
    pub(super) fn finish(self) -> PyResult<Bound<'py, PyStr>> {
        self.0.finish()
    }

    /// Adds the first few of these ASCII characters.
    #[inline(always)]
    pub(super) fn short<const N: usize>(&mut self, text: &[u8; N], len: usize) -> PyResult<()> {
        self.put::<N>(|places| {
            *places = *text;
            len
        })
    }

    /// Adds ASCII characters.
    #[inline]
    pub(super) fn ascii(&mut self, text: &[u8]) -> PyResult<()> {
        match self.0.room(text.len())? {
            StrRoom::Narrow(places) => copy(text, places),
            StrRoom::Ucs2(places) => copy(text, places),
            StrRoom::Ucs4(places) => copy(text, places),
        }
        self.0.advance(text.len());
        Ok(())
    }

    /// Adds a text as it is.
    pub(super) fn text(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        let data = self.widened_for(text)?;
        match (data, self.0.room(data.len())?) {
            (StrData::Latin1(data), StrRoom::Narrow(places)) => copy(data, places),
            (StrData::Latin1(data), StrRoom::Ucs2(places)) => copy(data, places),
            (StrData::Latin1(data), StrRoom::Ucs4(places)) => copy(data, places),
            (StrData::Ucs2(data), StrRoom::Ucs2(places)) => copy(data, places),
            (StrData::Ucs2(data), StrRoom::Ucs4(places)) => copy(data, places),
            (StrData::Ucs4(data), StrRoom::Ucs4(places)) => copy(data, places),
            // It has been made wide enough.
            (StrData::Ucs2(_) | StrData::Ucs4(_), _) => {}
        }
        self.0.advance(data.len());
        Ok(())
    }

    /// Adds a string in quotes. Most are short and need no escape.
    #[inline(always)]
    pub(super) fn string(&mut self, text: &Bound<'py, PyStr>, strings: Strings) -> PyResult<()> {
        if let Some(ascii) = text.as_ascii()
            && let StrRoom::Narrow(places) = self.0.room(QUOTED)?
            && let Some(len) = quote_short(ascii.as_bytes(), places)
        {
            self.0.advance(len);
            return Ok(());
        }
        self.any_string(text, strings)
    }

    #[inline(never)]
    fn any_string(&mut self, text: &Bound<'py, PyStr>, strings: Strings) -> PyResult<()> {
        if strings == Strings::Unicode {
            return self.unicode_string(text);
        }
        match text.data() {
            StrData::Latin1(data) => self.ascii_string(data),
            StrData::Ucs2(data) => self.ascii_string(data),
            StrData::Ucs4(data) => self.ascii_string(data),
        }
    }

    /// Adds an integer.
    #[inline(always)]
    pub(super) fn int(&mut self, value: i64) -> PyResult<()> {
        self.put(|places| write_i64(value, places))
    }

    /// Adds the integer that these bytes are, if that is possible: see [`write_long`].
    pub(super) fn long(&mut self, bytes: &mut [u8], limbs: &mut [u64]) -> PyResult<bool> {
        let len = match self.0.room(digits_for(bytes.len()))? {
            StrRoom::Narrow(places) => write_long(bytes, limbs, places),
            _ => None,
        };
        self.0.advance(len.unwrap_or(0));
        Ok(len.is_some())
    }

    /// Adds a finite number.
    #[inline(always)]
    pub(super) fn float(&mut self, value: f64) -> PyResult<()> {
        self.put::<NUMBER>(|places| write_float(value, places))
    }

    /// Adds ASCII characters that `write` puts into `N` places.
    #[inline(always)]
    fn put<const N: usize>(&mut self, write: impl FnOnce(&mut [u8; N]) -> usize) -> PyResult<()> {
        if let StrRoom::Narrow(places) = self.0.room(N)?
            && let Some(places) = places.first_chunk_mut()
        {
            let len = write(places);
            self.0.advance(len);
            return Ok(());
        }
        let mut places = [0; N];
        let len = write(&mut places);
        self.ascii(&places[..len])
    }

    #[inline(always)]
    fn ascii_string<I: Unit>(&mut self, text: &[I]) -> PyResult<()>
    where
        Ascii: Mode<I, u8>,
    {
        if let StrRoom::Narrow(_) = self.0.room(0)? {
            return self.quoted::<Ascii, I, u8>(text);
        }
        // Separators have made the output wide.
        self.ascii(b"\"")?;
        let (mut text, mut places) = (text, [0; 256]);
        while !text.is_empty() {
            let step = escape::<Ascii, I, u8>(text, &mut places);
            self.ascii(&places[..step.written])?;
            text = &text[step.read..];
        }
        self.ascii(b"\"")
    }

    fn unicode_string(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        let data = self.widened_for(text)?;
        match (data, self.0.room(0)?) {
            (StrData::Latin1(data), StrRoom::Narrow(_)) => self.quoted::<Unicode, u8, u8>(data),
            (StrData::Latin1(data), StrRoom::Ucs2(_)) => self.quoted::<Unicode, u8, u16>(data),
            (StrData::Latin1(data), StrRoom::Ucs4(_)) => self.quoted::<Unicode, u8, u32>(data),
            (StrData::Ucs2(data), StrRoom::Ucs4(_)) => self.quoted::<Unicode, u16, u32>(data),
            (StrData::Ucs2(data), _) => self.quoted::<Unicode, u16, u16>(data),
            (StrData::Ucs4(data), _) => self.quoted::<Unicode, u32, u32>(data),
        }
    }

    /// Adds a string in quotes to an output of the width `O`.
    #[inline(always)]
    fn quoted<M: Mode<I, O>, I: Unit, O: Place>(&mut self, text: &[I]) -> PyResult<()> {
        if text.len() > BLOCK {
            self.0.reserve(text.len().saturating_add(2 + NEEDED))?;
        }
        let (mut rest, mut open) = (text, 0);
        loop {
            let wanted = rest.len().min(BLOCK) + 2 + NEEDED;
            let Some(places) = O::of(self.0.room(wanted)?) else { return Ok(()) };
            if let Some(place) = places.first_mut() {
                *place = O::from_ascii(b'"');
            }
            // The quote at the beginning counts once, and there is always a place for the last.
            let end = places.len().saturating_sub(1);
            let body = &mut places[1 - open..end];
            let step = escape::<M, I, O>(rest, body);
            rest = &rest[step.read..];
            let mut written = 1 - open + step.written;
            open = 1;
            if rest.is_empty() {
                places[written] = O::from_ascii(b'"');
                written += 1;
            }
            self.0.advance(written);
            if rest.is_empty() {
                return Ok(());
            }
        }
    }

    /// Makes the output wide enough for a text, and lends its characters.
    #[inline]
    fn widened_for<'t>(&mut self, text: &'t Bound<'py, PyStr>) -> PyResult<StrData<'t>> {
        if !text.is_ascii() {
            self.0.widen(match text.data() {
                StrData::Latin1(_) => 0xff,
                StrData::Ucs2(_) => 0xffff,
                StrData::Ucs4(_) => 0x10_ffff,
            })?;
        }
        Ok(text.data())
    }
}

/// A few ASCII characters: the first of these.
#[derive(Clone, Copy, Default)]
pub(super) struct Short {
    pub(super) text: [u8; 8],
    pub(super) len: usize,
}

/// What stands between items, or between key and value.
pub(super) enum Separator<'a, 'py> {
    /// A few ASCII characters.
    Short(Short),
    /// Any text.
    Text(&'a Bound<'py, PyStr>),
    /// One of a subclass, which is asked each time what it looks like.
    Asked(&'a Bound<'py, PyStr>),
}

impl<'a, 'py> Separator<'a, 'py> {
    /// A separator; with `joined` it becomes part of another text, which no subclass is asked about.
    #[inline(always)]
    pub(super) fn new(text: &'a Bound<'py, PyStr>, joined: bool) -> Self {
        if !joined && text.cast_exact::<PyStr>().is_none() {
            return Self::Asked(text);
        }
        match text.as_ascii() {
            Some(ascii) if ascii.len() < 8 => {
                Self::Short(Short { text: u8::padded(ascii.as_bytes()), len: ascii.len() })
            }
            _ => Self::Text(text),
        }
    }

    /// Adds it.
    #[inline(always)]
    pub(super) fn write(&self, out: &mut Output<'_, 'py>) -> PyResult<()> {
        match self {
            Self::Short(short) => out.short(&short.text, short.len),
            Self::Text(text) => out.text(text),
            Self::Asked(text) => out.text(&text.str()?),
        }
    }
}

/// How much of a long string is written at a time.
const BLOCK: usize = 8 << 10;

/// A width of the output.
trait Place: Unit {
    /// The room, when it has this width.
    fn of(room: StrRoom<'_>) -> Option<&mut [Self]>;
}

impl Place for u8 {
    #[inline(always)]
    fn of(room: StrRoom<'_>) -> Option<&mut [Self]> {
        if let StrRoom::Narrow(places) = room { Some(places) } else { None }
    }
}

impl Place for u16 {
    #[inline(always)]
    fn of(room: StrRoom<'_>) -> Option<&mut [Self]> {
        if let StrRoom::Ucs2(places) = room { Some(places) } else { None }
    }
}

impl Place for u32 {
    #[inline(always)]
    fn of(room: StrRoom<'_>) -> Option<&mut [Self]> {
        if let StrRoom::Ucs4(places) = room { Some(places) } else { None }
    }
}

#[inline(always)]
fn copy<I: Copy + Into<O>, O>(from: &[I], to: &mut [O]) {
    for (place, &c) in to.iter_mut().zip(from) {
        *place = c.into();
    }
}
