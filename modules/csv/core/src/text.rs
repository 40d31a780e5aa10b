//! Text in units of one, two or four bytes: [`Text`] and [`Unit`].

/// Code points in units of some width. A wider one may hold what a narrower could.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// All below 256.
    Latin1(&'a [u8]),
    /// All below 65536.
    Ucs2(&'a [u16]),
    /// Any.
    Ucs4(&'a [u32]),
}

impl Text<'_> {
    /// How many code points.
    #[inline]
    pub fn len(self) -> usize {
        match self {
            Self::Latin1(units) => units.len(),
            Self::Ucs2(units) => units.len(),
            Self::Ucs4(units) => units.len(),
        }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether a code point is there.
    pub fn contains(self, c: u32) -> bool {
        fn has<U: Unit>(units: &[U], c: u32) -> bool {
            U::from_code_point(c).is_some_and(|c| units.contains(&c))
        }
        match self {
            Self::Latin1(units) => has(units, c),
            Self::Ucs2(units) => has(units, c),
            Self::Ucs4(units) => has(units, c),
        }
    }

    /// Whether this holds for all code points.
    pub(crate) fn all(self, mut holds: impl FnMut(u32) -> bool) -> bool {
        match self {
            Self::Latin1(units) => units.iter().all(|&c| holds(c.into())),
            Self::Ucs2(units) => units.iter().all(|&c| holds(c.into())),
            Self::Ucs4(units) => units.iter().all(|&c| holds(c)),
        }
    }
}

/// A code point in one of the three widths.
pub trait Unit: Copy + Eq + From<u8> + Into<u32> {
    /// The code point in this width, when it fits.
    fn from_code_point(c: u32) -> Option<Self>;

    /// Units of this width as text.
    fn text(units: &[Self]) -> Text<'_>;
}

impl Unit for u8 {
    #[inline]
    fn from_code_point(c: u32) -> Option<Self> {
        c.try_into().ok()
    }

    #[inline]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Latin1(units)
    }
}

impl Unit for u16 {
    #[inline]
    fn from_code_point(c: u32) -> Option<Self> {
        c.try_into().ok()
    }

    #[inline]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Ucs2(units)
    }
}

impl Unit for u32 {
    #[inline]
    fn from_code_point(c: u32) -> Option<Self> {
        Some(c)
    }

    #[inline]
    fn text(units: &[Self]) -> Text<'_> {
        Text::Ucs4(units)
    }
}
