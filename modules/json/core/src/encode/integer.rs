//! Integers in decimal.
use super::NUMBER;

/// How many bytes an integer may have for [`write_long`].
pub const LONG: usize = 64;

/// Room for any integer of so many bytes: a sign and 154 digits.
pub const LONG_NUMBER: usize = 155;

/// Writes the number, and tells how many characters it has.
///
/// ```
/// let mut out = [0; 32];
/// let n = json_core::encode::write_i64(-1027, &mut out);
/// assert_eq!(&out[..n], b"-1027");
/// ```
#[inline]
pub fn write_i64(value: i64, out: &mut [u8; NUMBER]) -> usize {
    out[0] = b'-';
    let sign = usize::from(value < 0);
    let magnitude = value.unsigned_abs();
    let len = sign + digits_of(magnitude);
    write_digits(magnitude, &mut out[sign..len]);
    len
}

/// Writes the number that these bytes are in two's complement, the least byte first, and tells
/// how many characters it has.
///
/// ```
/// let mut out = [0; 155];
/// let mut bytes = [0xff; 64];
/// bytes[8] = 0xfe;
/// let n = json_core::encode::write_long(&bytes, &mut out);
/// assert_eq!(&out[..n], b"-18446744073709551617");
/// ```
pub fn write_long(bytes: &[u8; LONG], out: &mut [u8; LONG_NUMBER]) -> usize {
    let is_negative = bytes[LONG - 1] >= 0x80;
    let mut words = [0; LONG / 4];
    let mut carry = is_negative;
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        let plain = u32::from_le_bytes(*bytes);
        let turned = if is_negative { !plain } else { plain };
        (*word, carry) = turned.overflowing_add(carry.into());
    }
    let mut limbs = [0; LIMBS];
    let limbs = in_limbs(&words, &mut limbs);
    let Some((first, rest)) = limbs.split_last() else {
        out[0] = b'0';
        return 1;
    };
    out[0] = b'-';
    let sign = usize::from(is_negative);
    let mut len = sign + digits_of(*first);
    write_digits(*first, &mut out[sign..len]);
    for limb in rest.iter().rev() {
        write_digits(*limb, &mut out[len..len + LIMB_DIGITS]);
        len += LIMB_DIGITS;
    }
    len
}

/// The number in limbs of nine digits, the least first; none for zero.
fn in_limbs<'a>(words: &[u32], limbs: &'a mut [u64; LIMBS]) -> &'a [u64] {
    let mut used = 0;
    for &word in words.iter().rev() {
        let mut carry = u64::from(word);
        for limb in &mut limbs[..used] {
            let all = *limb << 32 | carry;
            *limb = all % LIMB;
            carry = all / LIMB;
        }
        while carry != 0 && used < LIMBS {
            limbs[used] = carry % LIMB;
            carry /= LIMB;
            used += 1;
        }
    }
    &limbs[..used]
}

/// How many decimal digits the value has.
#[inline(always)]
fn digits_of(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Fills the places with the last digits of the value.
#[inline(always)]
fn write_digits(mut value: u64, places: &mut [u8]) {
    let (first, pairs) = places.as_rchunks_mut::<2>();
    for pair in pairs.iter_mut().rev() {
        *pair = PAIRS[(value % 100) as usize];
        value /= 100;
    }
    if let [place] = first {
        *place = b'0' + (value % 10) as u8;
    }
}

const LIMB_DIGITS: usize = 9;
const LIMB: u64 = 1_000_000_000;
/// As many as 512 bits need.
const LIMBS: usize = 18;

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        table[i] = [b'0' + i as u8 / 10, b'0' + i as u8 % 10];
        i += 1;
    }
    table
};
