//! Strings: finding their end, and what their escapes stand for.
use core::ops::Range;

use super::error::{Broken, Error, Kind};
use super::unit::Unit;

/// What is between the quotes of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body<'a, W> {
    /// Characters that all stand for themselves.
    Plain(Plain<'a, W>),
    /// What the [`Unescaped`] has been given.
    Escaped,
}

/// A part of a document.
///
/// INVARIANT: `rest` has at least `len` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain<'a, W> {
    rest: &'a [W],
    len: usize,
    begin: usize,
}

impl<'a, W> Plain<'a, W> {
    /// The characters.
    #[inline(always)]
    pub fn text(&self) -> &'a [W] {
        &self.rest[..self.len]
    }

    /// Where in the document they are.
    #[inline(always)]
    pub fn range(&self) -> Range<usize> {
        self.begin..self.begin + self.len
    }

    /// They and all that follows: a few at once can be read without asking how many they are.
    #[inline(always)]
    pub fn with_rest(&self) -> &'a [W] {
        self.rest
    }

    /// How many.
    #[inline(always)]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.len
    }
}

impl<'a, W> From<&'a [W]> for Plain<'a, W> {
    /// A whole text.
    fn from(text: &'a [W]) -> Self {
        Self { rest: text, len: text.len(), begin: 0 }
    }
}

/// Takes what a string with escapes stands for, piece by piece.
pub trait Unescaped {
    /// Why it cannot.
    type Error;

    /// Characters that stand for themselves.
    ///
    /// # Errors
    /// The implementation's.
    fn run<W: Unit>(&mut self, run: &[W]) -> Result<(), Self::Error>;

    /// The character that an escape, or a pair of them, stands for; it may be a lone surrogate.
    ///
    /// # Errors
    /// The implementation's.
    fn char(&mut self, c: u32) -> Result<(), Self::Error>;
}

/// Reads a string whose first character, behind the quote, is at `begin`: gives what is in it, and
/// the place behind the closing quote.
///
/// # Errors
/// Where the string is broken: when `begin` is behind the end of the text, it has no end. What
/// `unescaped` fails with.
#[inline(always)]
pub fn read_string<'a, W: Unit, U: Unescaped>(
    text: &'a [W],
    begin: usize,
    strict: bool,
    unescaped: &mut U,
) -> Result<(Body<'a, W>, usize), Error<U::Error>> {
    if let Some((plain, end)) = read_plain_string(text, begin, strict) {
        return Ok((Body::Plain(plain), end));
    }
    match unescape(text, begin, strict, unescaped) {
        Ok(end) => Ok((Body::Escaped, end)),
        Err(error) => Err(error),
    }
}

/// The same for a string without escapes; nothing for any other, and for one that is broken.
#[inline(always)]
pub fn read_plain_string<W: Unit>(
    text: &[W],
    begin: usize,
    strict: bool,
) -> Option<(Plain<'_, W>, usize)> {
    let rest = text.get(begin..)?;
    let len = W::plain(rest, strict);
    let ends = rest.get(len)?.ascii() == b'"';
    ends.then(|| (Plain { rest, len, begin }, begin + len + 1))
}

/// Gives away the whole string; gives its end.
#[inline(never)]
fn unescape<W: Unit, U: Unescaped>(
    text: &[W],
    begin: usize,
    strict: bool,
    unescaped: &mut U,
) -> Result<usize, Error<U::Error>> {
    let broken = |kind, at: usize| Err(Error::Broken(Broken { kind, at: at as isize }));
    let unterminated = Error::Broken(Broken { kind: Kind::Unterminated, at: begin as isize - 1 });
    let mut start = begin;
    let mut at = begin + W::plain(text.get(begin..).unwrap_or_default(), strict);
    loop {
        if at > start {
            unescaped.run(&text[start..at]).map_err(Error::Build)?;
        }
        match text.get(at).map(|unit| unit.ascii()) {
            None => return Err(unterminated),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => {}
            Some(_) => return broken(Kind::ControlCharacter, at),
        }
        let Some(kind) = text.get(at + 1).map(|unit| unit.ascii()) else {
            return Err(unterminated);
        };
        let c = if kind == b'u' {
            let Some(first) = hex4(&text[at + 2..]) else {
                return broken(Kind::UnicodeEscape, at + 1);
            };
            at += 6;
            match first {
                0xd800..0xdc00 => match low_surrogate(&text[at..]) {
                    Some(second) => {
                        at += 6;
                        0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    None => first,
                },
                _ => first,
            }
        } else {
            let Some(c) = short_escape(kind) else { return broken(Kind::Escape, at) };
            at += 2;
            c
        };
        unescaped.char(c).map_err(Error::Build)?;
        start = at;
        // One escape often follows another.
        if text.get(at).is_none_or(|unit| unit.ascii() != b'\\') {
            at += W::plain(&text[at..], strict);
        }
    }
}

/// The second half of a pair of surrogates, when its escape is at the beginning.
#[inline]
fn low_surrogate<W: Unit>(text: &[W]) -> Option<u32> {
    match text {
        [backslash, u, digits @ ..] if backslash.ascii() == b'\\' && u.ascii() == b'u' => {
            hex4(digits).filter(|c| (0xdc00..0xe000).contains(c))
        }
        _ => None,
    }
}

/// What a backslash and one character stand for.
#[inline]
const fn short_escape(c: u8) -> Option<u32> {
    Some(match c {
        b'"' | b'\\' | b'/' => c as u32,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => 0x0a,
        b'r' => 0x0d,
        b't' => 0x09,
        _ => return None,
    })
}

/// The value of four hexadecimal digits.
#[inline]
fn hex4<W: Unit>(text: &[W]) -> Option<u32> {
    let [a, b, c, d] =
        text.first_chunk::<4>()?.map(|digit| u32::from(HEX[usize::from(digit.ascii())]));
    (a | b | c | d < 16).then_some(a << 12 | b << 8 | c << 4 | d)
}

/// The value of each hexadecimal digit, and more than any for what is none.
const HEX: [u8; 256] = {
    let mut table = [0xff; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        table[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;
    use std::vec::Vec;

    impl Unescaped for Vec<u32> {
        type Error = Infallible;

        fn run<W: Unit>(&mut self, run: &[W]) -> Result<(), Infallible> {
            self.extend(run.iter().map(|&unit| -> u32 { unit.into() }));
            Ok(())
        }

        fn char(&mut self, c: u32) -> Result<(), Infallible> {
            self.push(c);
            Ok(())
        }
    }

    fn kind(text: &[u8], begin: usize, strict: bool) -> (Kind, isize) {
        match read_string(text, begin, strict, &mut Vec::new()) {
            Err(Error::Broken(Broken { kind, at })) => (kind, at),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn broken_strings_are_named_at_the_right_place() {
        assert_eq!(kind(br#""abc"#, 1, true), (Kind::Unterminated, 0));
        assert_eq!(kind(br#""abc\"#, 1, true), (Kind::Unterminated, 0));
        assert_eq!(kind(br#""abc\""#, 1, true), (Kind::Unterminated, 0));
        assert_eq!(kind(b"\"ab\tc\"", 1, true), (Kind::ControlCharacter, 3));
        assert_eq!(kind(b"\"ab\\n\tc\"", 1, true), (Kind::ControlCharacter, 5));
        assert_eq!(kind(br#""ab\xc""#, 1, true), (Kind::Escape, 3));
        assert_eq!(kind(br#""ab\u12""#, 1, true), (Kind::UnicodeEscape, 4));
        assert_eq!(kind(br#""\ud834\udd2z""#, 1, true), (Kind::UnicodeEscape, 8));
        assert_eq!(kind(b"\"a\tb", 1, false), (Kind::Unterminated, 0));
    }

    #[test]
    fn a_start_at_or_behind_the_end_is_no_string() {
        assert_eq!(kind(b"", 0, true), (Kind::Unterminated, -1));
        assert_eq!(kind(b"ab", 2, true), (Kind::Unterminated, 1));
        assert_eq!(kind(b"ab", 9, true), (Kind::Unterminated, 8));
    }

    #[test]
    fn what_needs_no_escapes_is_lent() {
        let found = read_string(b"xx\"abc\": 1", 3, true, &mut Vec::new());
        let Ok((Body::Plain(plain), 7)) = found else { panic!("{found:?}") };
        assert_eq!(
            (plain.text(), plain.range(), plain.with_rest()),
            (&b"abc"[..], 3..6, &b"abc\": 1"[..])
        );
        assert_eq!(Plain::from(&b"abc"[..]).text(), b"abc");
    }

    #[test]
    fn surrogates_join_only_as_a_pair() {
        let decoded = |text: &'static [u8]| {
            let mut unescaped = Vec::new();
            let found = read_string(text, 1, true, &mut unescaped);
            assert_eq!(found, Ok((Body::Escaped, text.len())));
            unescaped
        };
        assert_eq!(decoded(br#""\ud834\udd20""#), [0x1d120]);
        assert_eq!(decoded(br#""\ud834\ud834\udd20""#), [0xd834, 0x1d120]);
        assert_eq!(decoded(br#""\udd20\ud834""#), [0xdd20, 0xd834]);
        assert_eq!(decoded(br#""\ud834x\udd20""#), [0xd834, 0x78, 0xdd20]);
        assert_eq!(decoded(br#""\ud834\n\uDD20""#), [0xd834, 10, 0xdd20]);
        assert_eq!(decoded(br#""\udbff\udfff\ud800\udc00""#), [0x10ffff, 0x10000]);
    }
}
