//! What may end a text: characters that fill the last group, and a line end.

use cpython_simd::{Full, Sink};

/// How many characters there are before the padding and a line end.
#[inline]
pub(crate) fn len_without(data: &[u8], alphabet: &[u8]) -> usize {
    let text = match data.strip_suffix(b"\n") {
        Some(line) if !alphabet.contains(&b'\n') => line,
        _ => data,
    };
    text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1)
}

/// Appends `pad` a few times: one by one, which costs less than a call.
#[inline]
pub(crate) fn fill(out: &mut Sink, pad: u8, count: usize) -> Result<(), Full> {
    (0..count).try_for_each(|_| out.push(pad))
}
