//! Reading and writing in the plainest way: one character after the other.
use csv_core::{Dialect, Error, Quoting};

/// What the next character is part of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Row,
    Field,
    Text,
    Quotes,
    Ended,
}

/// Reads rows, a character at a time.
#[derive(Debug)]
pub(crate) struct Reader {
    dialect: Dialect,
    limit: isize,
    place: Place,
    /// The last character was an escape.
    escaped: bool,
    /// The last character was a quote inside quotes, where two may stand for one.
    quote_seen: bool,
    /// A line end of this field was escaped, and its end has not been seen since.
    goes_on: bool,
    unquoted: bool,
    text: Vec<u32>,
    row: Vec<(Vec<u32>, bool)>,
}

impl Reader {
    pub(crate) fn new(dialect: Dialect, limit: isize) -> Self {
        Self {
            dialect,
            limit,
            place: Place::Row,
            escaped: false,
            quote_seen: false,
            goes_on: false,
            unquoted: false,
            text: Vec::new(),
            row: Vec::new(),
        }
    }

    /// A line; whether the row is complete.
    pub(crate) fn line(&mut self, line: &[u32]) -> Result<bool, Error> {
        for &c in line {
            self.character(c)?;
        }
        if self.escaped {
            self.keep(0x0a)?;
            self.goes_on = false;
            return Ok(false);
        }
        if self.place == Place::Quotes && !self.quote_seen || self.goes_on {
            return Ok(false);
        }
        if !matches!(self.place, Place::Row | Place::Ended) {
            self.unquoted |= self.place == Place::Field;
            self.save();
        }
        self.place = Place::Row;
        Ok(true)
    }

    /// What has been read, when the row is complete.
    pub(crate) fn take_row(&mut self) -> Vec<(Vec<u32>, bool)> {
        let row = std::mem::take(&mut self.row);
        *self = Self::new(self.dialect, self.limit);
        row
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        !self.text.is_empty() || self.place == Place::Quotes && !self.quote_seen && !self.escaped
    }

    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        if self.dialect.strict {
            return Err(Error::UnexpectedEnd);
        }
        self.save();
        Ok(())
    }

    fn character(&mut self, c: u32) -> Result<(), Error> {
        let line_end = c == 0x0a || c == 0x0d;
        let quote = self.dialect.quote.filter(|_| self.dialect.quoting != Quoting::None);
        if self.place == Place::Ended {
            return if line_end { Ok(()) } else { Err(Error::NewLine) };
        }
        if self.escaped {
            self.goes_on = self.place == Place::Text && line_end;
            return self.keep(c);
        }
        if self.place == Place::Row {
            if line_end {
                self.place = Place::Ended;
                return Ok(());
            }
            self.place = Place::Field;
        }
        if self.place == Place::Quotes && !self.quote_seen {
            if Some(c) == self.dialect.escape {
                self.escaped = true;
            } else if Some(c) != quote {
                return self.keep(c);
            } else if self.dialect.double_quote {
                self.quote_seen = true;
            } else {
                self.place = Place::Text;
            }
            return Ok(());
        }
        if self.quote_seen && Some(c) == quote {
            self.quote_seen = false;
            return self.keep(c);
        }
        if self.place == Place::Field {
            self.unquoted = true;
            if !line_end && Some(c) == quote {
                self.unquoted = false;
                self.place = Place::Quotes;
                return Ok(());
            }
            let skipped = c == 0x20 && self.dialect.skip_initial_space;
            if skipped && Some(c) != self.dialect.escape {
                return Ok(());
            }
        }
        // Behind a quote that may be the last of a field, an escape is nothing special.
        if Some(c) == self.dialect.escape && !line_end && !self.quote_seen {
            self.place = Place::Text;
            self.goes_on = false;
            self.escaped = true;
            return Ok(());
        }
        if line_end || c == self.dialect.delimiter {
            self.save();
            self.place = if line_end { Place::Ended } else { Place::Field };
            return Ok(());
        }
        if self.quote_seen && self.dialect.strict {
            let delimiter = self.dialect.delimiter;
            return Err(Error::AfterQuote { delimiter, quote: quote.unwrap() });
        }
        self.quote_seen = false;
        self.place = Place::Text;
        self.keep(c)
    }

    fn keep(&mut self, c: u32) -> Result<(), Error> {
        self.escaped = false;
        if self.text.len() as isize >= self.limit {
            return Err(Error::FieldLimit(self.limit));
        }
        self.text.push(c);
        Ok(())
    }

    fn save(&mut self) {
        self.quote_seen = false;
        self.goes_on = false;
        self.row.push((std::mem::take(&mut self.text), self.unquoted));
    }
}

/// Writes a row, a character at a time.
pub(crate) fn write(
    dialect: &Dialect,
    terminator: &[u32],
    fields: &[(Option<&[u32]>, bool)],
) -> Result<Vec<u32>, Error> {
    let mut written = Vec::new();
    for &(field, quoted) in fields {
        written.push(field_text(dialect, terminator, field, quoted)?);
    }
    if written.len() == 1 && written[0].is_empty() {
        let null = fields[0].0.is_none();
        match dialect.quoting {
            Quoting::None => return Err(Error::SingleEmpty),
            Quoting::Strings | Quoting::NotNull if null => return Err(Error::SingleEmpty),
            _ => written[0] = field_text(dialect, terminator, None, true)?,
        }
    }
    let mut row = written.join(&dialect.delimiter);
    row.extend(terminator);
    Ok(row)
}

fn field_text(
    dialect: &Dialect,
    terminator: &[u32],
    field: Option<&[u32]>,
    mut quoted: bool,
) -> Result<Vec<u32>, Error> {
    let text = field.unwrap_or_default();
    if text.is_empty() && dialect.delimiter == 0x20 && dialect.skip_initial_space {
        match dialect.quoting {
            Quoting::None => return Err(Error::EmptyAmongSpaces),
            Quoting::Strings | Quoting::NotNull if field.is_none() => {
                return Err(Error::EmptyAmongSpaces);
            }
            _ => quoted = true,
        }
    }
    let mut out = Vec::new();
    for &c in text {
        let special = c == dialect.delimiter
            || Some(c) == dialect.quote
            || Some(c) == dialect.escape
            || c == 0x0a
            || c == 0x0d
            || terminator.contains(&c);
        let escaped = special
            && (dialect.quoting == Quoting::None
                || Some(c) == dialect.quote && !dialect.double_quote
                || Some(c) == dialect.escape && Some(c) != dialect.quote);
        if escaped {
            out.push(dialect.escape.ok_or(Error::NeedEscape)?);
        } else if special {
            quoted = true;
            out.extend(dialect.quote.filter(|&quote| quote == c));
        }
        out.push(c);
    }
    if quoted {
        let quote = dialect.quote;
        out = quote.into_iter().chain(out).chain(quote).collect();
    }
    Ok(out)
}
