//! From lines to the fields of a row: [`Parser`].
use std::ops::Range;

use crate::buffer::Buffer;
use crate::marks::Marks;
use crate::text::{Text, Unit};
use crate::{Dialect, Error};

mod whole;

/// Reads one row, which may go over several lines.
///
/// Fields come out in order, each with whether it was written without quotes.
///
/// ```
/// use std::ops::Range;
///
/// use csv_core::{Dialect, Error, Fields, Parser, Quoting, Text};
///
/// /// Counts the fields without quotes, and all.
/// struct Count(u32, u32);
///
/// impl Fields for Count {
///     type Error = Error;
///
///     fn in_line(&mut self, _range: Range<usize>, unquoted: bool) -> Result<(), Error> {
///         self.0 += u32::from(unquoted);
///         self.1 += 1;
///         Ok(())
///     }
///
///     fn text(&mut self, _text: Text<'_>, unquoted: bool) -> Result<(), Error> {
///         self.in_line(0..0, unquoted)
///     }
/// }
///
/// let dialect = Dialect {
///     delimiter: ','.into(),
///     quote: Some('"'.into()),
///     escape: None,
///     quoting: Quoting::Minimal,
///     double_quote: true,
///     skip_initial_space: false,
///     strict: false,
/// };
/// let mut count = Count(0, 0);
/// let complete = Parser::new().line(&dialect, 1000, b"a,\"b\"\"c\",\n", &mut count);
/// assert_eq!(complete, Ok(true));
/// assert_eq!((count.0, count.1), (2, 3));
/// ```
#[derive(Debug)]
pub struct Parser {
    state: State,
    unquoted: bool,
    /// What earlier lines, and the parts of this one that do not touch, have given to the field.
    held: Buffer,
}

/// What takes the fields of a row, in order, each with whether it was written without quotes.
pub trait Fields {
    /// Why there is no row; what the core finds wrong is part of it.
    type Error: From<Error>;

    /// A field that stands in the line just read as it is.
    ///
    /// # Errors
    /// Whatever stops reading.
    fn in_line(&mut self, range: Range<usize>, unquoted: bool) -> Result<(), Self::Error>;

    /// A field that does not stand in that line in one piece.
    ///
    /// # Errors
    /// Whatever stops reading.
    fn text(&mut self, text: Text<'_>, unquoted: bool) -> Result<(), Self::Error>;
}

/// Where in a row the next character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    RowStart,
    FieldStart,
    /// Behind an escape.
    Escaped,
    /// Behind an escaped line end: the row goes on at the end of the line.
    AfterEscapedEnd,
    InField,
    InQuotes,
    /// Behind an escape, in quotes.
    EscapedInQuotes,
    /// Behind a quote, in quotes: the end of the field, or the first of two.
    QuoteInQuotes,
    /// Behind the line end that ended the row.
    RowEnd,
}

impl Parser {
    /// At the start of a row.
    #[inline]
    pub const fn new() -> Self {
        Self { state: State::RowStart, unquoted: false, held: Buffer::new() }
    }

    /// Reads a line, which need not have a line end, and tells whether the row is complete.
    ///
    /// # Errors
    /// [`Error`] for what the dialect does not allow, and for a field of more than `limit`
    /// characters; the first error of `fields`.
    #[inline]
    pub fn line<U: Unit, F: Fields>(
        &mut self,
        dialect: &Dialect,
        limit: isize,
        line: &[U],
        fields: &mut F,
    ) -> Result<bool, F::Error> {
        let mut line = Line { parser: self, dialect, limit, line, piece: 0..0, fields };
        let mut at = 0;
        let special = [Some(dialect.delimiter), dialect.quote_read(), dialect.escape];
        let mut marks = Marks::new(line.line, special);
        while let Some(mark) = marks.next() {
            at = match line.field_start(at, mark) {
                Some(at) if at == mark && line.is_quote(mark) => line.quoted(mark, &mut marks)?,
                Some(at) => line.unquoted(at, mark, &mut marks)?,
                None => line.step(at, mark)?,
            };
        }
        if at < line.line.len() {
            let end = line.line.len();
            line.ordinary(at..end)?;
        }
        line.end()
    }

    /// Whether the row has begun with something that the end of the input must not cut off: some
    /// text in an unfinished field, or an open quote.
    pub fn is_unfinished(&self) -> bool {
        !self.held.is_empty() || self.state == State::InQuotes
    }

    /// Ends an unfinished row where the input ends.
    ///
    /// # Errors
    /// [`Error::UnexpectedEnd`] when the dialect is strict; the error of `fields`.
    pub fn finish<F: Fields>(self, dialect: &Dialect, fields: &mut F) -> Result<(), F::Error> {
        if dialect.strict {
            return Err(Error::UnexpectedEnd.into());
        }
        fields.text(self.held.text(), self.unquoted)
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

/// A line being read.
struct Line<'a, U, F> {
    parser: &'a mut Parser,
    dialect: &'a Dialect,
    limit: isize,
    line: &'a [U],
    /// The part of the line that belongs to the field, behind what is held.
    piece: Range<usize>,
    fields: &'a mut F,
}

impl<U: Unit, F: Fields> Line<'_, U, F> {
    /// Characters up to a mark, and the mark, one after the other. Tells what is behind it.
    #[inline(never)]
    fn step(&mut self, at: usize, mark: usize) -> Result<usize, F::Error> {
        if at < mark {
            self.ordinary(at..mark)?;
        }
        self.special(mark)?;
        Ok(mark + 1)
    }

    /// Characters without a meaning of their own, at least one.
    #[inline]
    fn ordinary(&mut self, run: Range<usize>) -> Result<(), F::Error> {
        match self.parser.state {
            State::RowStart | State::FieldStart => {
                self.parser.unquoted = true;
                self.parser.state = State::FieldStart;
                let run = if self.dialect.skip_initial_space { self.skip_spaces(run) } else { run };
                if run.is_empty() {
                    return Ok(());
                }
                self.parser.state = State::InField;
                self.add(run)
            }
            // An escaped line end goes on meaning that the row does, until the field ends.
            State::InField | State::InQuotes | State::AfterEscapedEnd => self.add(run),
            State::Escaped => self.add_in(run, State::InField),
            State::EscapedInQuotes => self.add_in(run, State::InQuotes),
            State::QuoteInQuotes => self.behind_quote(run),
            State::RowEnd => Err(Error::NewLine.into()),
        }
    }

    /// A delimiter, quote, escape or line end.
    #[inline]
    fn special(&mut self, at: usize) -> Result<(), F::Error> {
        let Some(&c) = self.line.get(at) else { return Ok(()) };
        let c: u32 = c.into();
        let line_end = c == u32::from(b'\n') || c == u32::from(b'\r');
        let delimiter = c == self.dialect.delimiter;
        let state = match self.parser.state {
            State::RowStart if line_end => State::RowEnd,
            State::RowStart | State::FieldStart => {
                self.parser.unquoted = true;
                if line_end {
                    self.save()?;
                    State::RowEnd
                } else if Some(c) == self.dialect.quote_read() {
                    self.parser.unquoted = false;
                    State::InQuotes
                } else if Some(c) == self.dialect.escape {
                    State::Escaped
                } else if c == u32::from(b' ') && self.dialect.skip_initial_space {
                    State::FieldStart
                } else {
                    self.save()?;
                    State::FieldStart
                }
            }
            State::Escaped => {
                self.add(at..at + 1)?;
                if line_end { State::AfterEscapedEnd } else { State::InField }
            }
            State::InField | State::AfterEscapedEnd if line_end => {
                self.save()?;
                State::RowEnd
            }
            State::InField | State::AfterEscapedEnd if Some(c) == self.dialect.escape => {
                State::Escaped
            }
            State::InField | State::AfterEscapedEnd if delimiter => {
                self.save()?;
                State::FieldStart
            }
            state @ (State::InField | State::AfterEscapedEnd) => {
                self.add(at..at + 1)?;
                state
            }
            State::InQuotes if Some(c) == self.dialect.escape => State::EscapedInQuotes,
            State::InQuotes if Some(c) == self.dialect.quote_read() => {
                if self.dialect.double_quote { State::QuoteInQuotes } else { State::InField }
            }
            State::InQuotes => {
                self.add(at..at + 1)?;
                State::InQuotes
            }
            State::EscapedInQuotes => {
                self.add(at..at + 1)?;
                State::InQuotes
            }
            State::QuoteInQuotes if Some(c) == self.dialect.quote_read() => {
                self.add(at..at + 1)?;
                State::InQuotes
            }
            State::QuoteInQuotes if delimiter => {
                self.save()?;
                State::FieldStart
            }
            State::QuoteInQuotes if line_end => {
                self.save()?;
                State::RowEnd
            }
            State::QuoteInQuotes => return self.behind_quote(at..at + 1),
            State::RowEnd if line_end => State::RowEnd,
            State::RowEnd => return Err(Error::NewLine.into()),
        };
        self.parser.state = state;
        Ok(())
    }

    /// The end of the line; tells whether it ends the row.
    #[inline(always)]
    fn end(mut self) -> Result<bool, F::Error> {
        match self.parser.state {
            State::RowStart | State::RowEnd => return Ok(true),
            State::FieldStart | State::InField | State::QuoteInQuotes => {
                self.parser.unquoted |= self.parser.state == State::FieldStart;
                self.save()?;
                return Ok(true);
            }
            State::AfterEscapedEnd | State::InQuotes => {}
            state @ (State::Escaped | State::EscapedInQuotes) => {
                self.check_room(1)?;
                self.hold_piece()?;
                self.parser.held.push(b'\n'.into())?;
                self.parser.state =
                    if state == State::Escaped { State::InField } else { State::InQuotes };
            }
        }
        self.hold_piece()?;
        Ok(false)
    }

    #[inline(never)]
    fn skip_spaces(&self, run: Range<usize>) -> Range<usize> {
        let units = self.line.get(run.clone()).unwrap_or_default();
        let spaces = units.iter().take_while(|&&c| c == b' '.into()).count();
        run.start + spaces..run.end
    }

    /// Characters directly behind a quote that was taken for the end of the field.
    #[cold]
    fn behind_quote(&mut self, run: Range<usize>) -> Result<(), F::Error> {
        match (self.dialect.strict, self.dialect.quote) {
            (true, Some(quote)) => {
                let delimiter = self.dialect.delimiter;
                Err(Error::AfterQuote { delimiter, quote }.into())
            }
            _ => self.add_in(run, State::InField),
        }
    }

    #[inline]
    fn add_in(&mut self, run: Range<usize>, state: State) -> Result<(), F::Error> {
        self.parser.state = state;
        self.add(run)
    }

    /// Adds a part of the line to the field.
    #[inline(always)]
    fn add(&mut self, run: Range<usize>) -> Result<(), F::Error> {
        self.check_room(run.len())?;
        if self.piece.is_empty() {
            self.piece = run;
        } else if self.piece.end == run.start {
            self.piece.end = run.end;
        } else {
            self.hold_piece()?;
            self.piece = run;
        }
        Ok(())
    }

    /// Refuses a field that becomes too long.
    #[inline(always)]
    fn check_room(&self, more: usize) -> Result<(), F::Error> {
        // Neither length is more than memory holds.
        let len = self.parser.held.len() + self.piece.len() + more;
        if len as isize > self.limit && more > 0 {
            return Err(Error::FieldLimit(self.limit).into());
        }
        Ok(())
    }

    /// Puts a part of the line behind what is held already.
    #[inline(never)]
    fn hold(&mut self, part: Range<usize>) -> Result<(), F::Error> {
        self.check_room(part.len())?;
        let part = self.line.get(part).unwrap_or_default();
        Ok(self.parser.held.extend(U::text(part))?)
    }

    /// The same with the part at hand, which has been checked.
    #[inline(never)]
    fn hold_piece(&mut self) -> Result<(), Error> {
        let piece = self.line.get(std::mem::take(&mut self.piece)).unwrap_or_default();
        self.parser.held.extend(U::text(piece))
    }

    /// Gives the field away.
    #[inline(never)]
    fn save(&mut self) -> Result<(), F::Error> {
        if self.parser.held.is_empty() {
            let piece = std::mem::take(&mut self.piece);
            return self.fields.in_line(piece, self.parser.unquoted);
        }
        self.hold_piece()?;
        self.fields.text(self.parser.held.text(), self.parser.unquoted)?;
        self.parser.held.clear();
        Ok(())
    }
}
