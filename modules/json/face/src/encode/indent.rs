//! New lines and what they begin with.
use cpython_api::exception::{OverflowError, TypeError};
use cpython_api::types::PyStr;
use cpython_api::{Bound, PyErr, PyResult, ThreadState};

use super::output::Output;

/// What each level of nesting is indented by.
pub(super) struct Indent<'a, 'py> {
    ts: &'a ThreadState<'py>,
    unit: &'a Bound<'py>,
    /// How often the unit stands before the outermost brackets.
    base: usize,
    /// A new line as deep as there was one yet, when the unit is ASCII.
    line: Vec<u8>,
}

impl<'a, 'py> Indent<'a, 'py> {
    /// Lines that begin with `level` units, and more inside brackets.
    pub(super) fn new(
        ts: &'a ThreadState<'py>,
        unit: &'a Bound<'py>,
        level: isize,
    ) -> PyResult<Self> {
        let mut this = Self { ts, unit, base: level.max(0).unsigned_abs(), line: Vec::new() };
        if level != 0 {
            let Some(unit) = this.unit.cast::<PyStr>() else {
                let name = this.unit.type_name();
                return Err(TypeError::new(ts, format_args!("'{name}' object can't be repeated")));
            };
            let size = unit.char_len().checked_mul(this.base);
            let Some(size) = size.filter(|&size| size <= isize::MAX as usize) else {
                return Err(OverflowError::new(ts, "repeated string is too long"));
            };
            // Whoever asks for more than there can be is not kept waiting for the end of memory.
            if Vec::<u32>::new().try_reserve_exact(size).is_err() {
                return Err(PyErr::no_memory(ts));
            }
        }
        this.deepen(this.base)?;
        Ok(this)
    }

    /// Begins a new line inside so many brackets.
    #[inline]
    pub(super) fn write(&mut self, out: &mut Output<'_, 'py>, depth: usize) -> PyResult<()> {
        let depth = self.base.saturating_add(depth);
        let unit = self.unit()?;
        if let Some(ascii) = unit.as_ascii() {
            let size = ascii.len().saturating_mul(depth).saturating_add(1);
            if self.line.len() < size {
                self.deepen(depth)?;
            }
            return out.ascii(self.line.get(..size).unwrap_or_default());
        }
        out.ascii(b"\n")?;
        (0..depth).try_for_each(|_| out.text(unit))
    }

    /// Makes the longest line so long.
    fn deepen(&mut self, depth: usize) -> PyResult<()> {
        let Some(unit) = self.unit.cast::<PyStr>().and_then(|unit| unit.as_ascii()) else {
            return Ok(());
        };
        let size = unit.len().saturating_mul(depth).saturating_add(1);
        if self.line.try_reserve(size - self.line.len().min(size)).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        if self.line.is_empty() {
            self.line.push(b'\n');
        }
        while self.line.len() < size {
            self.line.extend_from_slice(unit.as_bytes());
        }
        Ok(())
    }

    fn unit(&self) -> PyResult<&'a Bound<'py, PyStr>> {
        self.unit.cast::<PyStr>().ok_or_else(|| {
            let name = self.unit.type_name();
            let text = format_args!("can only concatenate str (not \"{name}\") to str");
            TypeError::new(self.ts, text)
        })
    }
}
