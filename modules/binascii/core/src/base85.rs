//! Base85 (RFC 1924, and Z85 with its alphabet): four bytes as five digits.

use cpython_simd::{Full, Sink};

use crate::alphabet;
use crate::error::Error;
use crate::ignored::Ignored;
use crate::lines::Lines;

/// How to encode.
#[derive(Debug, Clone, Copy)]
pub struct EncodeOptions<'a> {
    /// Whether to write the zeros that fill the last group.
    pub pad: bool,
    /// How many columns a line has at most, in whole groups; 0 for one line.
    pub wrapcol: usize,
    /// The 85 characters.
    pub alphabet: &'a [u8; 85],
}

/// How to decode.
#[derive(Debug, Clone, Copy)]
pub struct DecodeOptions<'a> {
    /// The 85 characters.
    pub alphabet: &'a [u8; 85],
    /// What to skip.
    pub ignorechars: &'a [u8],
    /// Whether to refuse a last group that no encoder writes.
    pub canonical: bool,
}

/// How long the text for `len` bytes is.
///
/// # Errors
///
/// [`Error::Malformed`] when it is longer than an object can be.
pub fn encoded_len(len: usize, options: &EncodeOptions) -> Result<usize, Error> {
    let len = options.lines().len(digits_len(len, options.pad));
    if len > isize::MAX.cast_unsigned() {
        return Err(Error::Malformed("Too much data for Base85"));
    }
    Ok(len)
}

/// Appends the text for `data`.
///
/// # Errors
///
/// [`Error::Full`] when the sink has less room than [`encoded_len`].
pub fn encode(data: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Error> {
    Ok(options.lines().encode(data, out, |line, out| encode_line(line, options, out))?)
}

/// How many bytes a text of `len` characters stands for at most.
pub fn decoded_len_bound(len: usize) -> usize {
    len.div_ceil(5) * 4
}

/// Appends the bytes that `data` stands for.
///
/// # Errors
///
/// [`Error::Malformed`], [`Error::Base85Character`] or [`Error::Base85Overflow`] for a text that
/// no encoder writes; [`Error::Full`] when the sink has less room than [`decoded_len_bound`].
pub fn decode(data: &[u8], options: &DecodeOptions, out: &mut Sink) -> Result<(), Error> {
    let built;
    let table = if options.alphabet == alphabet::BASE85 {
        &STANDARD
    } else {
        built = alphabet::reverse_table(options.alphabet, None);
        &built
    };
    let ignored = Ignored::new(options.ignorechars);
    let mut position = 0;
    loop {
        // Whole groups of digits at full speed; then one group with what else is around.
        let (groups, _) = data.get(position..).unwrap_or_default().as_chunks();
        let groups = &groups[..groups.len().min(out.remaining() / 4)];
        position += out.extend_groups_while(groups, |group| {
            let digits = group.map(|character| table[usize::from(character)]);
            Some(u32::try_from(number(digits)?).ok()?.to_be_bytes())
        })? * 5;
        let mut group = Group::default();
        while !group.is_whole() {
            let digit = match data.get(position) {
                Some(&character) => table[usize::from(character)],
                None if group.is_empty() => return Ok(()),
                None => Group::FILLING,
            };
            if digit < 85 {
                if !group.add(digit) {
                    return Err(Error::Base85Overflow(position / 5 * 5));
                }
            } else if !data.get(position).is_some_and(|&character| ignored.contains(character)) {
                return Err(Error::Base85Character(position));
            }
            position += 1;
        }
        let bytes = group.bytes(position.saturating_sub(data.len()));
        if bytes.is_empty() {
            return Err(Error::Malformed("Incomplete Base85 group"));
        }
        out.extend(bytes)?;
        if options.canonical && !group.is_canonical(bytes.len()) {
            return Err(Error::Malformed("Non-zero padding bits"));
        }
    }
}

/// How many digits there are for `len` bytes.
pub(crate) fn digits_len(len: usize, pad: bool) -> usize {
    let short = if pad { 0 } else { (4 - len % 4) % 4 };
    len.div_ceil(4).saturating_mul(5) - short
}

/// The five digits of a number, the highest first.
#[inline]
pub(crate) fn digits(number: u32, alphabet: &[u8; 85], place: &mut [u8; 5]) {
    // The number divided by 85 to the power of 4, with 57 binary places: the first digit, and what
    // remains times 85 has the next one there. Half a step makes up for what is lost by rounding
    // the step: at most 0.29 for each of 2 to the power of 32, which is less than half a step.
    let mut quotient = u64::from(number) * STEP + STEP / 2;
    for digit in place {
        *digit = alphabet.get((quotient >> 57) as usize).copied().unwrap_or_default();
        quotient = (quotient & ((1 << 57) - 1)) * 85;
    }
}

/// The number that five digits make, when all are digits.
#[inline]
pub(crate) fn number(digits: [u8; 5]) -> Option<u64> {
    let all_digits = digits.iter().all(|&digit| digit < 85);
    all_digits.then(|| digits.iter().fold(0, |number, &digit| number * 85 + u64::from(digit)))
}

/// A group of five digits that is not whole yet.
#[derive(Default)]
pub(crate) struct Group {
    digits: u32,
    number: u32,
    bytes: [u8; 4],
}

impl Group {
    /// The digit that stands for what the last group lacks.
    pub(crate) const FILLING: u8 = 84;

    /// Adds a digit, unless that makes the number larger than 32 bits.
    #[must_use]
    pub(crate) fn add(&mut self, digit: u8) -> bool {
        let number = self.number.checked_mul(85).and_then(|n| n.checked_add(u32::from(digit)));
        let Some(number) = number else { return false };
        self.digits += 1;
        self.number = number;
        self.bytes = number.to_be_bytes();
        true
    }

    /// Makes an empty group one that is whole and stands for `number`.
    pub(crate) fn abbreviated(number: u32) -> Self {
        Self { digits: 5, number, bytes: number.to_be_bytes() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.digits == 0
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.digits == 5
    }

    /// The bytes it stands for when the last `filled` digits are filling.
    pub(crate) fn bytes(&self, filled: usize) -> &[u8] {
        &self.bytes[..4_usize.saturating_sub(filled)]
    }

    /// Whether an encoder writes these digits for the first `len` bytes: it fills the bytes with
    /// zeros and leaves out the digits that it does not need.
    pub(crate) fn is_canonical(&self, len: usize) -> bool {
        let missing = 4_u32.saturating_sub(len as u32);
        let encoded = self.number & u32::MAX.checked_shl(8 * missing).unwrap_or(0);
        let left_out = 85_u32.pow(missing);
        encoded / left_out == self.number / left_out
    }
}

fn encode_line(line: &[u8], options: &EncodeOptions, out: &mut Sink) -> Result<(), Full> {
    let (groups, end) = line.as_chunks();
    out.extend_groups(groups, |group, place| {
        digits(u32::from_be_bytes(*group), options.alphabet, place);
    })?;
    if !end.is_empty() {
        let mut group = [0; 4];
        group[..end.len()].copy_from_slice(end);
        let mut place = [0; 5];
        digits(u32::from_be_bytes(group), options.alphabet, &mut place);
        out.extend(&place[..digits_len(end.len(), options.pad)])?;
    }
    Ok(())
}

impl EncodeOptions<'_> {
    fn lines(&self) -> Lines {
        Lines::new(self.wrapcol, 5, 4)
    }
}

impl Default for EncodeOptions<'_> {
    fn default() -> Self {
        Self { pad: false, wrapcol: 0, alphabet: alphabet::BASE85 }
    }
}

impl Default for DecodeOptions<'_> {
    fn default() -> Self {
        Self { alphabet: alphabet::BASE85, ignorechars: b"", canonical: false }
    }
}

/// 1 divided by 85 to the power of 4, with 57 binary places.
const STEP: u64 = (1 << 57) / 85_u64.pow(4);

static STANDARD: [u8; 256] = alphabet::reverse_table(alphabet::BASE85, None);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_division() {
        let near = |number: u32| {
            (0..5000).flat_map(move |n| [number.wrapping_add(n), number.wrapping_sub(n)])
        };
        let numbers =
            (0..100).flat_map(|n: u32| near(n.wrapping_mul(85_u32.pow(4)))).chain(near(0));
        for number in numbers {
            let mut place = [0; 5];
            digits(number, alphabet::BASE85, &mut place);
            let powers = [85_u32.pow(4), 85_u32.pow(3), 85 * 85, 85, 1];
            let expected = powers.map(|power| alphabet::BASE85[(number / power % 85) as usize]);
            assert_eq!(place, expected, "{number}");
        }
    }
}
