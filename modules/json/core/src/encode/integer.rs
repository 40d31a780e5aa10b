//! Integers in decimal.
use super::NUMBER;

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

/// Writes the number that these bytes are in two's complement, the least byte first, and tells how
/// many characters it has. The bytes, a multiple of four, are the number's magnitude afterwards.
/// Nothing when there is less room than [`limbs_for`] and [`digits_for`] say.
///
/// ```
/// use json_core::encode::{digits_for, limbs_for, write_long};
/// let mut bytes = [0xff; 12];
/// bytes[8] = 0xfe;
/// let (mut limbs, mut out) = ([0; limbs_for(12)], [0; digits_for(12)]);
/// let n = write_long(&mut bytes, &mut limbs, &mut out).unwrap();
/// assert_eq!(&out[..n], b"-18446744073709551617");
/// ```
pub fn write_long(bytes: &mut [u8], limbs: &mut [u64], out: &mut [u8]) -> Option<usize> {
    if limbs.len() < limbs_for(bytes.len()) || out.len() < digits_for(bytes.len()) {
        return None;
    }
    let is_negative = bytes.last().is_some_and(|&last| last >= 0x80);
    let mut carry = is_negative;
    for word in bytes.as_chunks_mut().0 {
        let plain = u32::from_le_bytes(*word);
        let (turned, next) = if is_negative { !plain } else { plain }.overflowing_add(carry.into());
        (*word, carry) = (turned.to_le_bytes(), next);
    }
    let limbs = in_limbs(bytes, limbs);
    let Some((first, rest)) = limbs.split_last() else {
        out[0] = b'0';
        return Some(1);
    };
    out[0] = b'-';
    let sign = usize::from(is_negative);
    let mut len = sign + digits_of(*first);
    write_digits(*first, &mut out[sign..len]);
    for limb in rest.iter().rev() {
        write_digits(*limb, &mut out[len..len + LIMB_DIGITS]);
        len += LIMB_DIGITS;
    }
    Some(len)
}

/// How many limbs an integer of so many bytes takes at most: nine digits are 29.9 bits.
pub const fn limbs_for(bytes: usize) -> usize {
    bytes / 4 + bytes / 32 + 2
}

/// How many characters it has at most.
pub const fn digits_for(bytes: usize) -> usize {
    1 + LIMB_DIGITS * limbs_for(bytes)
}

/// The number in limbs of nine digits, the least first; none for zero.
fn in_limbs<'a>(bytes: &[u8], limbs: &'a mut [u64]) -> &'a [u64] {
    let words = bytes.as_chunks::<4>().0;
    let len = words.iter().rposition(|word| *word != [0; 4]).map_or(0, |last| last + 1);
    let words = &words[..len];
    let (groups, top) = if len > FEW { words.as_chunks::<4>() } else { (&[][..], words) };
    let mut used = 0;
    for word in top.iter().rev() {
        used = take([*word], limbs, used);
    }
    for group in groups.iter().rev() {
        used = take(*group, limbs, used);
    }
    &limbs[..used]
}

/// Multiplies the limbs that are used by 2^32 for each of the words, the least of which is first,
/// and adds it. One word works behind the other: what is carried of one need not wait for the others.
#[inline(always)]
fn take<const N: usize>(words: [[u8; 4]; N], limbs: &mut [u64], mut used: usize) -> usize {
    let mut carries = words.map(|word| u64::from(u32::from_le_bytes(word)));
    carries.reverse();
    limbs[..used].iter_mut().for_each(|limb| carry_on(limb, &mut carries));
    while carries != [0; N] && used < limbs.len() {
        limbs[used] = 0;
        carry_on(&mut limbs[used], &mut carries);
        used += 1;
    }
    used
}

/// Multiplies a limb once for each carry, which it adds and which goes on to the next limb.
#[inline(always)]
fn carry_on<const N: usize>(limb: &mut u64, carries: &mut [u64; N]) {
    for carry in carries {
        let all = *limb << 32 | *carry;
        *limb = all % LIMB;
        *carry = all / LIMB;
    }
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

/// So many words are taken one by one: several at once begin with more to carry.
const FEW: usize = 16;

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
