//! Short strings without escapes: a few words, looked at and copied all at once.
use super::escape::{CHUNK, Mode};
use super::{Ascii, Unit};

/// The room for [`quote_short`].
pub const QUOTED: usize = LONGEST + 2;

/// Writes the text in quotes when it is short, of ASCII alone and needs no escape, and tells how
/// long that is. What lies behind that, up to [`QUOTED`], may be overwritten.
///
/// ```
/// use json_core::encode::{QUOTED, quote_short};
/// let mut out = [0; QUOTED];
/// assert_eq!(quote_short(b"key", &mut out), Some(5));
/// assert_eq!(&out[..5], b"\"key\"");
/// assert_eq!(quote_short(b"two\nlines", &mut out), None);
/// ```
#[inline(always)]
pub fn quote_short(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let out = out.first_chunk_mut::<QUOTED>()?;
    let len = text.len();
    let is_plain = match len {
        0..8 => {
            let word = u8::padded(text);
            out[1..9].copy_from_slice(&word);
            is_plain(&word)
        }
        8..=16 => both_ends(text, out, is_plain),
        17..=LONGEST => both_ends::<16>(text, out, |block| {
            block.iter().fold(true, |plain, &c| plain & <Ascii as Mode<u8, u8>>::is_plain(c))
        }),
        _ => false,
    };
    if !is_plain {
        return None;
    }
    out[0] = b'"';
    out[len + 1] = b'"';
    Some(len + 2)
}

/// Copies the first and the last block, which may be the same in part, and asks of both.
#[inline(always)]
fn both_ends<const N: usize>(
    text: &[u8],
    out: &mut [u8; QUOTED],
    is_plain: impl Fn(&[u8; N]) -> bool,
) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else {
        return false;
    };
    out[1..=N].copy_from_slice(first);
    out[1 + text.len() - N..=text.len()].copy_from_slice(last);
    is_plain(first) & is_plain(last)
}

#[inline(always)]
fn is_plain(word: &[u8; CHUNK]) -> bool {
    <Ascii as Mode<u8, u8>>::plain_start(word) == CHUNK
}

/// The longest text that is short.
const LONGEST: usize = 32;
