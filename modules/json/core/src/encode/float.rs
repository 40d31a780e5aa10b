//! Floats as `repr` prints them: the shortest digits that read back the same.
use super::NUMBER;

/// Writes a finite number, and tells how many characters it has.
///
/// The digits are `zmij`'s. It differs from Python in two rules of format, both about small
/// numbers: Python begins to write exponents below 1e-4, and with two digits.
///
/// ```
/// let mut out = [0; 32];
/// let n = json_core::encode::write_float(1.5e-5, &mut out);
/// assert_eq!(&out[..n], b"1.5e-05");
/// ```
#[inline]
pub fn write_float(value: f64, out: &mut [u8; NUMBER]) -> usize {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value).as_bytes();
    copy(text, out);
    if value.abs() < 1e-4 && value != 0.0 { as_python(out, text.len()) } else { text.len() }
}

/// Copies a short text in words that may overlap, without a call.
#[inline(always)]
fn copy(text: &[u8], out: &mut [u8; NUMBER]) {
    let len = text.len().min(NUMBER);
    if !copy_words::<16>(text, &mut out[..len]) && !copy_words::<8>(text, &mut out[..len]) {
        for (place, &byte) in out.iter_mut().zip(text) {
            *place = byte;
        }
    }
}

/// Copies the first and the last `N` bytes, which may be the same; nothing when there are less.
#[inline(always)]
fn copy_words<const N: usize>(text: &[u8], out: &mut [u8]) -> bool {
    let (Some(start), Some(end)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else {
        return false;
    };
    if let Some(places) = out.first_chunk_mut() {
        *places = *start;
    }
    if let Some(places) = out.last_chunk_mut() {
        *places = *end;
    }
    true
}

/// Rewrites a small number in Python's format.
#[cold]
fn as_python(out: &mut [u8; NUMBER], len: usize) -> usize {
    let sign = usize::from(out[0] == b'-');
    match out[..len].iter().position(|&c| c == b'e') {
        // `1e-6`: a digit is missing.
        Some(e) if len - e == 3 => {
            out[e + 3] = out[e + 2];
            out[e + 2] = b'0';
            len + 1
        }
        Some(_) => len,
        // `0.000015`: the first digit other than zero is the fifth after the point.
        None => {
            let first = sign + 6;
            let more = len - first - 1;
            out[sign] = out[first];
            let mut end = sign + 1;
            if more > 0 {
                out[end] = b'.';
                out.copy_within(first + 1..len, end + 1);
                end += 1 + more;
            }
            out[end..end + 4].copy_from_slice(b"e-05");
            end + 4
        }
    }
}
