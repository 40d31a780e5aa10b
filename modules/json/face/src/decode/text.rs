//! From a string of the document to a `str`.
use cpython_api::types::{PyStr, StrData};
use cpython_api::{Bound, PyErr, PyResult, StrWriter, ThreadState};
use json_core::decode::{Body, Unescaped, Unit, Units};

/// The `str` that a string stands for.
#[inline(always)]
pub(super) fn string<'py, W: Unit>(
    document: &Bound<'py, PyStr>,
    body: Body<'_, W>,
    gathered: &mut Gathered<'_, 'py>,
) -> PyResult<Bound<'py, PyStr>> {
    match body {
        Body::Plain(text) => document.substring(text.range()),
        Body::Escaped => gathered.finish(),
    }
}

/// The units as the API names them.
#[inline(always)]
pub(super) fn data<W: Unit>(text: &[W]) -> StrData<'_> {
    match W::units(text) {
        Units::Narrow(text) => StrData::Latin1(text),
        Units::Middle(text) => StrData::Ucs2(text),
        Units::Wide(text) => StrData::Ucs4(text),
    }
}

/// The characters of a string with escapes, on their way into a `str`: the last of them here, those
/// before in the writer, which is there only when there are any.
pub(super) struct Gathered<'a, 'py> {
    ts: &'a ThreadState<'py>,
    narrow: Vec<u8>,
    middle: Vec<u16>,
    wide: Vec<u32>,
    /// Which of them is used: as narrow a one as the characters have allowed so far.
    width: Width,
    writer: Option<StrWriter<'py>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    Narrow,
    Middle,
    Wide,
}

impl Unescaped for Gathered<'_, '_> {
    type Error = PyErr;

    #[inline(always)]
    fn run<W: Unit>(&mut self, run: &[W]) -> PyResult<()> {
        let width = match W::units(run) {
            Units::Narrow(_) => Width::Narrow,
            Units::Middle(_) => Width::Middle,
            Units::Wide(_) => Width::Wide,
        };
        self.prepare(width, run.len())?;
        if run.len() > ROOM {
            return self.write(data(run));
        }
        match (self.width, W::units(run)) {
            (Width::Narrow, Units::Narrow(run)) => self.narrow.extend_from_slice(run),
            (Width::Middle, Units::Narrow(run)) => {
                self.middle.extend(run.iter().map(|&c| u16::from(c)))
            }
            (Width::Middle, Units::Middle(run)) => self.middle.extend_from_slice(run),
            _ => self.wide.extend(run.iter().map(|&c| -> u32 { c.into() })),
        }
        Ok(())
    }

    #[inline(always)]
    fn char(&mut self, c: u32) -> PyResult<()> {
        match (self.width, c) {
            (Width::Narrow, 0..=0xff) if self.narrow.len() < self.narrow.capacity() => {
                self.narrow.push(c as u8);
                Ok(())
            }
            (Width::Middle, 0..=0xffff) if self.middle.len() < self.middle.capacity() => {
                self.middle.push(c as u16);
                Ok(())
            }
            _ => self.other_char(c),
        }
    }
}

impl<'a, 'py> Gathered<'a, 'py> {
    /// Nothing yet, and no memory either.
    pub(super) fn new(ts: &'a ThreadState<'py>) -> Self {
        let (narrow, middle, wide) = (Vec::new(), Vec::new(), Vec::new());
        Self { ts, narrow, middle, wide, width: Width::Narrow, writer: None }
    }

    /// The `str` of all that was gathered, and nothing is left.
    #[inline(never)]
    pub(super) fn finish(&mut self) -> PyResult<Bound<'py, PyStr>> {
        let text = match self.writer.take() {
            Some(mut writer) => {
                writer.push_data(self.gathered())?;
                writer.finish()
            }
            None => PyStr::from_data(self.ts, self.gathered()),
        };
        self.clear();
        self.width = Width::Narrow;
        text
    }

    /// A character that is wider than those before, or for which there is no room.
    #[inline(never)]
    fn other_char(&mut self, c: u32) -> PyResult<()> {
        let width = match c {
            0..=0xff => Width::Narrow,
            0x100..=0xffff => Width::Middle,
            _ => Width::Wide,
        };
        self.prepare(width, 1)?;
        match self.width {
            Width::Narrow => self.narrow.push(c as u8),
            Width::Middle => self.middle.push(c as u16),
            Width::Wide => self.wide.push(c),
        }
        Ok(())
    }

    /// Room for so many characters of this width, or no characters at all.
    #[inline(always)]
    fn prepare(&mut self, width: Width, more: usize) -> PyResult<()> {
        let room = match self.width {
            Width::Narrow => self.narrow.capacity() - self.narrow.len(),
            Width::Middle => self.middle.capacity() - self.middle.len(),
            Width::Wide => self.wide.capacity() - self.wide.len(),
        };
        if width > self.width || more > room { self.make_room(width) } else { Ok(()) }
    }

    /// Hands on what is here, and goes on with characters of this width, or of the one before if
    /// that is wider.
    #[inline(never)]
    fn make_room(&mut self, width: Width) -> PyResult<()> {
        if !self.gathered().is_empty() {
            self.flush()?;
        }
        self.width = self.width.max(width);
        let reserved = match self.width {
            Width::Narrow => self.narrow.try_reserve_exact(ROOM),
            Width::Middle => self.middle.try_reserve_exact(ROOM),
            Width::Wide => self.wide.try_reserve_exact(ROOM),
        };
        reserved.map_err(|_| PyErr::no_memory(self.ts))
    }

    fn flush(&mut self) -> PyResult<()> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => StrWriter::new(self.ts, 0)?,
        };
        writer.push_data(self.gathered())?;
        self.writer = Some(writer);
        self.clear();
        Ok(())
    }

    fn write(&mut self, data: StrData<'_>) -> PyResult<()> {
        match &mut self.writer {
            Some(writer) => writer.push_data(data),
            None => self.writer.insert(StrWriter::new(self.ts, 0)?).push_data(data),
        }
    }

    fn gathered(&self) -> StrData<'_> {
        match self.width {
            Width::Narrow => StrData::Latin1(&self.narrow),
            Width::Middle => StrData::Ucs2(&self.middle),
            Width::Wide => StrData::Ucs4(&self.wide),
        }
    }

    fn clear(&mut self) {
        self.narrow.clear();
        self.middle.clear();
        self.wide.clear();
    }
}

/// How many characters are gathered at a time.
const ROOM: usize = 256;
