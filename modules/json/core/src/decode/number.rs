//! Numbers: where they end, and their values.
use super::unit::{Unit, Units};

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a, W> {
    /// Sign, digits, point, exponent.
    pub text: &'a [W],
    /// What it is.
    pub kind: NumberKind,
}

/// Whether a number has a fraction or an exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberKind {
    /// An integer of at most 18 digits, with its value.
    Small(i64),
    /// A longer integer.
    Long,
    /// It has a fraction or an exponent; the value when it needs no search.
    Float(Option<f64>),
}

/// Reads the number at the beginning of the text, as much of it as is one: `1.` is 1, and the
/// point is left over. Nothing when there is none.
///
/// ```
/// use json_core::decode::{NumberKind, read_number};
/// let number = read_number(b"-12.e3").unwrap();
/// assert_eq!((number.text, number.kind), (&b"-12"[..], NumberKind::Small(-12)));
/// assert!(read_number(b"-.5").is_none());
/// ```
#[inline(always)]
pub fn read_number<W: Unit>(text: &[W]) -> Option<Number<'_, W>> {
    let negative = text.first()?.ascii() == b'-';
    let first = usize::from(negative);
    let mut value = digit(text, first)?;
    let mut at = first + 1;
    if value != 0 {
        at = digits(text, at, &mut value);
    }
    let mut size = at - first;
    let (mut fraction, mut exponent, mut is_float) = (0, 0, false);
    if is(text, at, b'.') && digit(text, at + 1).is_some() {
        let end = digits(text, at + 1, &mut value);
        fraction = end - at - 1;
        size += fraction;
        at = end;
        is_float = true;
    }
    if is(text, at, b'e') || is(text, at, b'E') {
        let sign = is(text, at + 1, b'-') || is(text, at + 1, b'+');
        let start = at + 1 + usize::from(sign);
        let end = digits(text, start, &mut exponent);
        if end > start {
            // Of longer exponents the value is not looked at.
            size = size.max(end - start);
            if is(text, start - 1, b'-') {
                exponent = exponent.wrapping_neg();
            }
            at = end;
            is_float = true;
        }
    }
    let kind = match (is_float, size) {
        (false, 19..) => NumberKind::Long,
        (false, _) => NumberKind::Small(if negative { -value } else { value }),
        (true, 19..) => NumberKind::Float(None),
        (true, _) => NumberKind::Float(exact(value, exponent - fraction as i64, negative)),
    };
    Some(Number { text: &text[..at], kind })
}

/// The double of a decimal number when it, and the power of ten that it is multiplied with or
/// divided by, are doubles themselves: then one operation rounds it correctly.
#[inline(always)]
fn exact(value: i64, exponent: i64, negative: bool) -> Option<f64> {
    let power = *TENS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    if value > 1 << f64::MANTISSA_DIGITS {
        return None;
    }
    let value = value as f64;
    let value = if exponent < 0 { value / power } else { value * power };
    Some(if negative { -value } else { value })
}

impl<W: Unit> Number<'_, W> {
    /// The value as a double, correctly rounded, infinite when it is too large; nothing when the
    /// number is so long that it should be read otherwise.
    #[inline]
    pub fn to_f64(&self) -> Option<f64> {
        if let NumberKind::Float(Some(value)) = self.kind {
            return Some(value);
        }
        if let Units::Narrow(bytes) = W::units(self.text) {
            return str::from_utf8(bytes).ok()?.parse().ok();
        }
        let mut buffer = [0; LONGEST];
        let bytes = buffer.get_mut(..self.text.len())?;
        for (byte, unit) in bytes.iter_mut().zip(self.text) {
            *byte = unit.ascii();
        }
        str::from_utf8(bytes).ok()?.parse().ok()
    }
}

#[inline(always)]
fn digit<W: Unit>(text: &[W], at: usize) -> Option<i64> {
    let value = text.get(at)?.ascii().wrapping_sub(b'0');
    (value < 10).then_some(i64::from(value))
}

#[inline(always)]
fn is<W: Unit>(text: &[W], at: usize, wanted: u8) -> bool {
    text.get(at).is_some_and(|unit| unit.ascii() == wanted)
}

/// Appends the digits that are here to the value, which means nothing any more behind 18 of them;
/// gives the place behind them. Most numbers are short.
#[inline(always)]
fn digits<W: Unit>(text: &[W], mut at: usize, value: &mut i64) -> usize {
    let many = at + 4;
    while let Some(next) = digit(text, at) {
        *value = value.wrapping_mul(10).wrapping_add(next);
        at += 1;
        if at == many {
            while let Some(eight) = text.get(at..).and_then(W::eight_digits) {
                *value = value.wrapping_mul(100_000_000).wrapping_add(eight.into());
                at += 8;
            }
        }
    }
    at
}

/// The powers of ten that are doubles.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The longest number that is copied to the stack.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::vec::Vec;

    fn read(text: &str) -> Option<(usize, NumberKind)> {
        fn end<W: Unit>(number: Number<'_, W>) -> (usize, NumberKind) {
            let kind = match number.kind {
                NumberKind::Float(_) => NumberKind::Float(None),
                kind => kind,
            };
            (number.text.len(), kind)
        }
        let wide: Vec<u16> = text.encode_utf16().collect();
        let number = read_number(text.as_bytes()).map(end);
        assert_eq!(number, read_number(&wide).map(end));
        number
    }

    #[test]
    fn a_number_ends_where_the_grammar_says() {
        use NumberKind::{Long, Small};
        const FLOAT: NumberKind = NumberKind::Float(None);
        for (text, wanted) in [
            ("0", Some((1, Small(0)))),
            ("-0", Some((2, Small(0)))),
            ("012", Some((1, Small(0)))),
            ("-01", Some((2, Small(0)))),
            ("12,", Some((2, Small(12)))),
            ("1.", Some((1, Small(1)))),
            ("1.e5", Some((1, Small(1)))),
            ("1e", Some((1, Small(1)))),
            ("1e+", Some((1, Small(1)))),
            ("1e+x", Some((1, Small(1)))),
            ("1.5e", Some((3, FLOAT))),
            ("1.5e-", Some((3, FLOAT))),
            ("1E5", Some((3, FLOAT))),
            ("1e-05x", Some((5, FLOAT))),
            ("0.10", Some((4, FLOAT))),
            ("-0.0", Some((4, FLOAT))),
            ("999999999999999999", Some((18, Small(999_999_999_999_999_999)))),
            ("-999999999999999999", Some((19, Small(-999_999_999_999_999_999)))),
            ("1000000000000000000", Some((19, Long))),
            ("99999999999999999999999.5", Some((25, FLOAT))),
            ("", None),
            ("-", None),
            ("-a", None),
            (".5", None),
            ("+1", None),
            ("e5", None),
        ] {
            assert_eq!(read(text), wanted, "{text:?}");
        }
        assert!(read_number(&[0xff11_u32, 0x31]).is_none());
        assert_eq!(read_number(&[0x31_u16, 0xff11]).map(|number| number.text.len()), Some(1));
    }

    #[test]
    fn doubles_are_rounded_as_the_library_rounds() {
        let check = |text: &str| {
            let wanted = text.parse::<f64>().unwrap().to_bits();
            let wide: Vec<u32> = text.chars().map(u32::from).collect();
            let found = read_number(text.as_bytes()).unwrap().to_f64();
            assert_eq!(found.map(f64::to_bits), Some(wanted), "{text}");
            assert_eq!(
                read_number(&wide).unwrap().to_f64().map(f64::to_bits),
                Some(wanted),
                "{text}"
            );
        };
        for text in ["0.1", "-0.0", "1e400", "-1e400", "5e-324", "2.5e-324", "123456789012345678.5"]
        {
            check(text);
        }
        for text in [
            "0e5",
            "-0e-99999999999999999999",
            "1e00000000000000000000001",
            "0.5e18446744073709551617",
        ] {
            check(text);
        }
        let mut random = 1_u64;
        for round in 0..200_000_u32 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round.into());
            let digits = random >> (random % 64);
            let (point, exponent) = ((round % 20) as usize, (random >> 7) % 60);
            let sign = ["", "-"][(round % 2) as usize];
            let mark = ["e", "E-", "e+"][(round % 3) as usize];
            check(&format!("{sign}{digits}.{:0point$}", random % 97));
            check(&format!("{sign}{digits}{mark}{exponent}"));
            check(&format!("{sign}{}.{:0point$}{mark}{exponent}", digits % 1000, round % 10));
        }
        let long: Vec<u16> = format!("0.{}", "3".repeat(LONGEST)).encode_utf16().collect();
        assert_eq!(read_number(&long).unwrap().to_f64(), None);
    }
}
