//! Fields read in one go: up to their end, or that of the line, without a step for each mark.
use std::ops::Range;

use super::{Fields, Line, State};
use crate::marks::Marks;
use crate::text::Unit;

impl<U: Unit, F: Fields> Line<'_, U, F> {
    /// Where a field begins, if one does, the first mark is known, and spaces mean nothing else.
    #[inline(always)]
    pub(super) fn field_start(&self, at: usize, mark: usize) -> Option<usize> {
        let starts = match self.parser.state {
            State::FieldStart => true,
            State::RowStart => !self.is_line_end(at),
            _ => false,
        };
        if !starts {
            None
        } else if !self.dialect.skip_initial_space {
            Some(at)
        } else if self.dialect.delimiter != u32::from(b' ') {
            Some(self.skip_spaces(at..mark).start)
        } else {
            None
        }
    }

    /// A field without quotes, up to its end or that of the line, without a look at the state for
    /// each mark. Tells what is behind it.
    #[inline(always)]
    pub(super) fn unquoted(
        &mut self,
        mut start: usize,
        mut mark: usize,
        marks: &mut Marks<'_, U>,
    ) -> Result<usize, F::Error> {
        loop {
            if self.ends_field(mark) {
                return self.whole(start..mark, mark, true);
            }
            // A quote is nothing special any more.
            let mut next = marks.next();
            if self.is_escape(mark) {
                if mark + 1 >= self.line.len() || self.is_line_end(mark + 1) {
                    self.parser.unquoted = true;
                    self.parser.state = match self.parser.held.is_empty() && start == mark {
                        true => State::FieldStart,
                        false => State::InField,
                    };
                    return self.go_on(start..mark, mark, next);
                }
                self.hold(start..mark)?;
                start = mark + 1;
                if next == Some(start) {
                    next = marks.next();
                }
            }
            let Some(found) = next else {
                self.parser.unquoted = true;
                self.parser.state = State::InField;
                self.add(start..self.line.len())?;
                return Ok(self.line.len());
            };
            mark = found;
        }
    }

    /// The same for a field that begins with a quote, at `mark`.
    #[inline]
    pub(super) fn quoted(
        &mut self,
        mark: usize,
        marks: &mut Marks<'_, U>,
    ) -> Result<usize, F::Error> {
        let mut start = mark + 1;
        loop {
            let Some(mark) = marks.next() else {
                self.parser.unquoted = false;
                self.parser.state = State::InQuotes;
                self.add(start..self.line.len())?;
                return Ok(self.line.len());
            };
            if self.is_quote(mark) && self.ends_field(mark + 1) {
                marks.next();
                return self.whole(start..mark, mark + 1, false);
            } else if self.is_quote(mark) && self.dialect.double_quote && self.is_quote(mark + 1) {
                marks.next();
                self.hold(start..mark + 1)?;
                start = mark + 2;
            } else if self.is_quote(mark) || self.is_escape(mark) {
                self.parser.unquoted = false;
                self.parser.state = State::InQuotes;
                return self.go_on(start..mark, mark, None);
            }
        }
    }

    /// Gives away a field whose last part this is, and tells what is behind the mark that ends it.
    #[inline(always)]
    fn whole(&mut self, part: Range<usize>, end: usize, unquoted: bool) -> Result<usize, F::Error> {
        if self.parser.held.is_empty() {
            self.check_room(part.len())?;
            self.fields.in_line(part, unquoted)?;
        } else {
            self.parser.unquoted = unquoted;
            self.add(part)?;
            self.save()?;
        }
        let row_ends = self.is_line_end(end);
        self.parser.state = if row_ends { State::RowEnd } else { State::FieldStart };
        Ok(end + 1)
    }

    /// Leaves a field, of which this part is to be added, to the steps. `next` is the mark that has
    /// been asked for already.
    #[cold]
    fn go_on(
        &mut self,
        part: Range<usize>,
        mark: usize,
        next: Option<usize>,
    ) -> Result<usize, F::Error> {
        if !part.is_empty() {
            self.add(part)?;
        }
        let behind = self.step(mark, mark)?;
        match next {
            Some(next) => self.step(behind, next),
            None => Ok(behind),
        }
    }

    #[inline(always)]
    fn is(&self, at: usize, wanted: impl FnOnce(u32) -> bool) -> bool {
        self.line.get(at).is_some_and(|&c| wanted(c.into()))
    }

    #[inline(always)]
    fn is_line_end(&self, at: usize) -> bool {
        self.is(at, |c| c == u32::from(b'\n') || c == u32::from(b'\r'))
    }

    #[inline(always)]
    pub(super) fn is_quote(&self, at: usize) -> bool {
        self.is(at, |c| Some(c) == self.dialect.quote_read())
    }

    #[inline(always)]
    fn is_escape(&self, at: usize) -> bool {
        self.is(at, |c| Some(c) == self.dialect.escape)
    }

    #[inline(always)]
    fn ends_field(&self, at: usize) -> bool {
        self.is(at, |c| c == self.dialect.delimiter) || self.is_line_end(at)
    }
}
