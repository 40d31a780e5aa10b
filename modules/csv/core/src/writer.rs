//! From fields to a row: [`Row`].
use crate::buffer::Buffer;
use crate::marks::{is_wanted, wanted};
use crate::text::{Text, Unit};
use crate::{Dialect, Error, Quoting};

/// Puts a row together, field by field.
///
/// ```
/// use csv_core::{Buffer, Dialect, Error, Quoting, Row, Text};
///
/// # fn main() -> Result<(), Error> {
/// let dialect = Dialect {
///     delimiter: ','.into(),
///     quote: Some('"'.into()),
///     escape: None,
///     quoting: Quoting::Minimal,
///     double_quote: true,
///     skip_initial_space: false,
///     strict: false,
/// };
/// let mut row = Row::new(&dialect, Text::Latin1(b"\r\n"), Buffer::new());
/// row.field(b"a", false)?;
/// row.field(b"b,\"c\"", false)?;
/// row.null(false)?;
/// let row = row.finish()?;
/// assert!(matches!(row.text(), Text::Latin1(b"a,\"b,\"\"c\"\"\",\r\n")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Row<'a> {
    dialect: &'a Dialect,
    terminator: Text<'a>,
    /// Whether the terminator has characters that are not special anyway.
    more_special: bool,
    out: Buffer,
    fields: usize,
    last_is_null: bool,
}

impl<'a> Row<'a> {
    /// An empty row, which ends with `terminator`, in the memory of `out`.
    #[inline]
    pub fn new(dialect: &'a Dialect, terminator: Text<'a>, mut out: Buffer) -> Self {
        out.clear();
        let more_special = !terminator.all(|c| is_special(dialect, c));
        Self { dialect, terminator, more_special, out, fields: 0, last_is_null: false }
    }

    /// Appends a field, in quotes when that is asked for or needed.
    ///
    /// # Errors
    /// [`Error`] for what the dialect cannot express; [`Error::Memory`].
    #[inline]
    pub fn field<U: Unit>(&mut self, units: &[U], quoted: bool) -> Result<(), Error> {
        self.last_is_null = false;
        self.append(units, quoted)
    }

    /// Appends a field that is missing: an empty one, which some dialects do not take.
    ///
    /// # Errors
    /// As for [`Self::field`].
    pub fn null(&mut self, quoted: bool) -> Result<(), Error> {
        self.last_is_null = true;
        self.append::<u8>(&[], quoted)
    }

    /// The row, with its terminator.
    ///
    /// # Errors
    /// [`Error::SingleEmpty`] when the row would be taken for one without fields; those of
    /// [`Self::field`].
    pub fn finish(mut self) -> Result<Buffer, Error> {
        if self.fields > 0 && self.out.is_empty() {
            if self.refuses_empty() {
                return Err(Error::SingleEmpty);
            }
            self.fields -= 1;
            self.last_is_null = true;
            self.append::<u8>(&[], true)?;
        }
        self.out.extend(self.terminator)?;
        Ok(self.out)
    }

    #[inline]
    fn append<U: Unit>(&mut self, units: &[U], mut quoted: bool) -> Result<(), Error> {
        let dialect = self.dialect;
        if units.is_empty() && dialect.delimiter == u32::from(b' ') && dialect.skip_initial_space {
            if self.refuses_empty() {
                return Err(Error::EmptyAmongSpaces);
            }
            quoted = true;
        }
        let delimiter = (self.fields > 0).then_some(dialect.delimiter);
        self.fields += 1;
        if !quoted && !self.more_special && is_plain(units, &special(dialect)) {
            return self.out.extend_behind(delimiter, U::text(units));
        }
        if let Some(delimiter) = delimiter {
            self.out.push(delimiter)?;
        }
        self.append_quoted(units, quoted)
    }

    /// Whether the dialect has no way to write the last field, which is empty, in quotes.
    fn refuses_empty(&self) -> bool {
        match self.dialect.quoting {
            Quoting::None => true,
            Quoting::Strings | Quoting::NotNull => self.last_is_null,
            _ => false,
        }
    }

    /// A field that is quoted, or that has special characters.
    #[inline(never)]
    fn append_quoted<U: Unit>(&mut self, units: &[U], mut quoted: bool) -> Result<(), Error> {
        let dialect = self.dialect;
        for &c in units {
            let treatment = self.treatment(c.into());
            if treatment == Treatment::Escape && dialect.escape.is_none() {
                return Err(Error::NeedEscape);
            }
            quoted |= matches!(treatment, Treatment::Quote | Treatment::Double);
        }
        let quote = dialect.quote.filter(|_| quoted);
        if let Some(quote) = quote {
            self.out.push(quote)?;
        }
        let mut rest = units;
        loop {
            let before = |&c: &U| match self.treatment(c.into()) {
                Treatment::Plain | Treatment::Quote => None,
                Treatment::Double => dialect.quote,
                Treatment::Escape => dialect.escape,
            };
            let stop = rest.iter().position(|c| before(c).is_some()).unwrap_or(rest.len());
            let (run, more) = rest.split_at(stop);
            let Some((c, more)) = more.split_first() else {
                self.out.extend(U::text(run))?;
                break;
            };
            let inserted = before(c);
            self.out.extend(U::text(run))?;
            if let Some(inserted) = inserted {
                self.out.push(inserted)?;
            }
            self.out.push((*c).into())?;
            rest = more;
        }
        match quote {
            Some(quote) => self.out.push(quote),
            None => Ok(()),
        }
    }

    /// What a character needs.
    #[inline(always)]
    fn treatment(&self, c: u32) -> Treatment {
        let dialect = self.dialect;
        let special = is_special(dialect, c) || self.more_special && self.terminator.contains(c);
        if !special {
            Treatment::Plain
        } else if dialect.quoting == Quoting::None || Some(c) == dialect.escape {
            Treatment::Escape
        } else if Some(c) != dialect.quote {
            Treatment::Quote
        } else if dialect.double_quote {
            Treatment::Double
        } else {
            Treatment::Escape
        }
    }
}

/// What a character of a field needs in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Treatment {
    Plain,
    /// Quotes around the field.
    Quote,
    /// Quotes around the field, and another quote before it.
    Double,
    /// An escape before it.
    Escape,
}

/// Whether a character has a meaning, wherever it is in a line.
#[inline(always)]
fn is_special(dialect: &Dialect, c: u32) -> bool {
    is_wanted(c, &special(dialect))
}

/// What has a meaning, wherever it is in a line.
#[inline]
fn special<U: Unit>(dialect: &Dialect) -> [U; 5] {
    wanted([Some(dialect.delimiter), dialect.quote, dialect.escape])
}

/// Whether no character is special.
#[inline]
fn is_plain<U: Unit>(units: &[U], special: &[U; 5]) -> bool {
    // No early end: so the compiler can compare many at once.
    !units.iter().fold(false, |found, &c| found | is_wanted(c, special))
}
