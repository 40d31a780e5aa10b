//! What separates, quotes and escapes: [`Dialect`].

/// The rules that a file follows. Characters are code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between fields.
    pub delimiter: u32,
    /// What stands around a quoted field.
    pub quote: Option<u32>,
    /// What takes the meaning of the character behind it.
    pub escape: Option<u32>,
    /// Which fields are quoted.
    pub quoting: Quoting,
    /// Whether a quote inside a quoted field is written twice.
    pub double_quote: bool,
    /// Whether spaces behind a delimiter are skipped.
    pub skip_initial_space: bool,
    /// Whether bad input is an error.
    pub strict: bool,
}

/// Which fields are quoted, with the numbers of Python's constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Where a reader needs it.
    Minimal = 0,
    /// All.
    All = 1,
    /// All but numbers; what is read without quotes is a number.
    NonNumeric = 2,
    /// None: special characters are escaped.
    None = 3,
    /// Text only; what is read without quotes is nothing or a number.
    Strings = 4,
    /// All but what is missing; what is read empty without quotes is missing.
    NotNull = 5,
}

impl Quoting {
    /// Every style, in the order of the numbers.
    pub const ALL: [Self; 6] =
        [Self::Minimal, Self::All, Self::NonNumeric, Self::None, Self::Strings, Self::NotNull];

    /// The style with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

impl Dialect {
    /// The quote, where a reader heeds quotes at all.
    pub(crate) fn quote_read(&self) -> Option<u32> {
        self.quote.filter(|_| self.quoting != Quoting::None)
    }
}
