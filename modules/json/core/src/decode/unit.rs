//! Code units: what the three kinds of `str` store, and the fast searches in each.

/// A character as a `str` stores it: one byte (Latin-1), two, or four.
pub trait Unit: Copy + Eq + Into<u32> + 'static {
    /// The character when it is below 128, and something from 128 on for all others.
    fn ascii(self) -> u8;

    /// How many units at the beginning are neither a quote nor a backslash, nor, when `strict`, a
    /// control character.
    fn plain(text: &[Self], strict: bool) -> usize;

    /// How many units at the beginning are white space.
    fn space(text: &[Self]) -> usize;

    /// The value of the first eight units, when they are digits and that is quickly found out.
    fn eight_digits(text: &[Self]) -> Option<u32>;

    /// The same units, of a width that can be asked.
    fn units(text: &[Self]) -> Units<'_>;
}

/// Units of one of the three widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "one, two and four bytes")]
pub enum Units<'a> {
    Narrow(&'a [u8]),
    Middle(&'a [u16]),
    Wide(&'a [u32]),
}

/// Words of eight bytes first: most strings are short. Then blocks.
impl Unit for u8 {
    #[inline(always)]
    fn ascii(self) -> u8 {
        self
    }

    #[inline(always)]
    fn plain(text: &[Self], strict: bool) -> usize {
        let controls = every(if strict { b' ' } else { 0 });
        let (words, rest) = text.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            match stopping(u64::from_le_bytes(*word), controls) {
                0 if i == 3 => return 32 + plain_blocks(&text[32..], strict),
                0 => {}
                found => return 8 * i + (found.trailing_zeros() / 8) as usize,
            }
        }
        8 * words.len() + plain_units(rest, strict)
    }

    #[inline(always)]
    fn space(text: &[Self]) -> usize {
        let (words, rest) = text.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            match no_space(u64::from_le_bytes(*word)) {
                0 => {}
                found => return 8 * i + (found.trailing_zeros() / 8) as usize,
            }
        }
        8 * words.len() + rest.iter().take_while(|&&unit| is_space(unit)).count()
    }

    #[inline(always)]
    fn eight_digits(text: &[Self]) -> Option<u32> {
        let word = u64::from_le_bytes(*text.first_chunk()?);
        are_digits(word).then(|| value_of_digits(word))
    }

    #[inline(always)]
    fn units(text: &[Self]) -> Units<'_> {
        Units::Narrow(text)
    }
}

macro_rules! wide {
    ($($unit:ty => $name:ident),*) => {$(
        impl Unit for $unit {
            #[inline(always)]
            fn ascii(self) -> u8 {
                if self < 128 { self as u8 } else { 128 }
            }

            #[inline(always)]
            fn plain(text: &[Self], strict: bool) -> usize {
                let at = blocks::<$unit, 8>(text, |unit| !stops(unit, strict));
                at + plain_units(&text[at..], strict)
            }

            #[inline(always)]
            fn space(text: &[Self]) -> usize {
                let at = blocks::<$unit, 8>(text, is_space);
                at + text[at..].iter().take_while(|&&unit| is_space(unit)).count()
            }

            #[inline(always)]
            fn eight_digits(_text: &[Self]) -> Option<u32> {
                None
            }

            #[inline(always)]
            fn units(text: &[Self]) -> Units<'_> {
                Units::$name(text)
            }
        }
    )*};
}

wide!(u16 => Middle, u32 => Wide);

#[inline(never)]
fn plain_blocks(text: &[u8], strict: bool) -> usize {
    let at = if strict {
        blocks::<u8, 64>(text, |unit| !stops(unit, true))
    } else {
        blocks::<u8, 64>(text, |unit| !stops(unit, false))
    };
    at + plain_units(&text[at..], strict)
}

/// The length of the blocks at the beginning whose units all hold. One answer for a block, so that
/// the compiler makes vectors of it.
#[inline(always)]
fn blocks<W: Unit, const N: usize>(text: &[W], holds: impl Fn(W) -> bool) -> usize {
    let (blocks, _) = text.as_chunks::<N>();
    let all = |block: &&[W; N]| block.iter().fold(true, |all, &unit| all & holds(unit));
    N * blocks.iter().take_while(all).count()
}

#[inline(always)]
fn plain_units<W: Unit>(text: &[W], strict: bool) -> usize {
    text.iter().take_while(|&&unit| !stops(unit, strict)).count()
}

#[inline(always)]
fn stops<W: Unit>(unit: W, strict: bool) -> bool {
    let unit: u32 = unit.into();
    (unit == u32::from(b'"')) | (unit == u32::from(b'\\')) | (strict & (unit < 0x20))
}

#[inline(always)]
fn is_space<W: Unit>(unit: W) -> bool {
    let unit: u32 = unit.into();
    (unit == 0x20) | (unit == 0x0a) | (unit == 0x0d) | (unit == 0x09)
}

/// A word whose lowest set bit is in the first byte to stop at: a quote, a backslash, or one that is
/// less than its byte of `controls`.
///
/// Subtracting sets the high bit of a byte that was too small, and may borrow from the bytes above
/// it: only what is above the first byte found can be wrong.
#[inline(always)]
const fn stopping(word: u64, controls: u64) -> u64 {
    let quote = word ^ every(b'"');
    let backslash = word ^ every(b'\\');
    let found = (quote.wrapping_sub(every(1)) & !quote)
        | (backslash.wrapping_sub(every(1)) & !backslash)
        | (word.wrapping_sub(controls) & !word);
    found & every(0x80)
}

/// A word with the high bit of each byte that is no white space.
#[inline(always)]
const fn no_space(word: u64) -> u64 {
    // Without the high bit a byte that is not zero carries into it; nothing carries further.
    const fn differs(word: u64, from: u8) -> u64 {
        let other = word ^ every(from);
        ((other & every(0x7f)) + every(0x7f)) | other
    }
    differs(word, b' ')
        & differs(word, b'\n')
        & differs(word, b'\r')
        & differs(word, b'\t')
        & every(0x80)
}

/// Whether all eight bytes are digits: their high half is 3, and still is when 6 is added.
#[inline(always)]
const fn are_digits(word: u64) -> bool {
    let high = every(0xf0);
    (word & high) == every(b'0') && (word.wrapping_add(every(6)) & high) == every(b'0')
}

/// The value of eight digits, the first one lowest in the word: of pairs, of pairs of those, and of
/// both halves. No sum leaves its field.
#[inline(always)]
const fn value_of_digits(word: u64) -> u32 {
    let ones = word & every(0x0f);
    let pairs = (ones.wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32
}

/// The byte in each of eight places.
#[inline(always)]
const fn every(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

#[cfg(test)]
mod tests {
    use super::Unit;

    fn naive(text: &[u32], strict: bool) -> usize {
        let stop = |c: &u32| *c == 0x22 || *c == 0x5c || (strict && *c < 32);
        text.iter().position(stop).unwrap_or(text.len())
    }

    /// Each value at each place in texts of each length around the sizes of words and blocks, with a
    /// second stop behind it, and filled with the characters that borrow.
    #[test]
    fn every_unit_at_every_place() {
        for filler in [0x20_u8, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0xff] {
            for length in (0..70).chain([127, 128, 129, 200]) {
                for place in (0..length).step_by(if length > 40 { 7 } else { 1 }) {
                    for unit in [0, 1, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x80, 0xff] {
                        let mut text = [filler; 200];
                        text[place] = unit;
                        if place + 3 < length {
                            text[place + 3] = b'"';
                        }
                        let bytes = &text[..length];
                        let words = text.map(u16::from);
                        let wide = text.map(u32::from);
                        let (strict, loose) =
                            (naive(&wide[..length], true), naive(&wide[..length], false));
                        assert_eq!(u8::plain(bytes, true), strict, "{bytes:?}");
                        assert_eq!(u8::plain(bytes, false), loose, "{bytes:?}");
                        assert_eq!(u16::plain(&words[..length], true), strict, "{bytes:?}");
                        assert_eq!(u16::plain(&words[..length], false), loose, "{bytes:?}");
                        assert_eq!(u32::plain(&wide[..length], true), strict, "{bytes:?}");
                        assert_eq!(u32::plain(&wide[..length], false), loose, "{bytes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn wide_units_are_not_taken_for_their_low_bytes() {
        assert_eq!(u16::plain(&[0x122, 0x15c, 0x101, 0x22], true), 3);
        assert_eq!(u32::plain(&[0x1_0022, 0x1_005c, 0x1_0001, 0x5c], true), 3);
        assert_eq!((0x122_u16.ascii(), 0x1_0022_u32.ascii(), b'a'.ascii()), (128, 128, b'a'));
    }

    #[test]
    fn eight_digits_are_their_value() {
        for value in (0..100_000_000_u32).step_by(9973).chain([12_345_678, 99_999_999, 90_000_009])
        {
            let text = std::format!("{value:08}");
            assert_eq!(u8::eight_digits(text.as_bytes()), Some(value));
        }
        for place in 0..8 {
            for other in 0..=255_u8 {
                let mut text = *b"987654321";
                text[place] = other;
                assert_eq!(u8::eight_digits(&text).is_some(), other.is_ascii_digit(), "{text:?}");
            }
        }
        assert_eq!(u8::eight_digits(b"1234567"), None);
    }

    /// Each value at each place behind each mixture of white space.
    #[test]
    fn white_space_ends_at_anything_else() {
        let spaces = [b' ', b'\n', b'\t', b'\r'];
        for length in 0..40 {
            for other in 0..=255_u8 {
                if spaces.contains(&other) {
                    continue;
                }
                let mut text = [0; 41].map(|_: u8| spaces[usize::from(other) % 4]);
                text[length / 2] = spaces[length % 4];
                text[length] = other;
                assert_eq!(u8::space(&text), length);
                assert_eq!(u8::space(&text[..length]), length);
                assert_eq!(u16::space(&text.map(u16::from)), length);
                assert_eq!(u32::space(&text.map(u32::from)), length);
            }
        }
        assert_eq!((u16::space(&[0x20, 0x120]), u32::space(&[0x0a, 0x1_0020])), (1, 1));
    }
}
