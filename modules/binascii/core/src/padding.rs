//! What may end a text: `=` that fill the last group, and a line end.

/// How many characters there are before the padding and a line end.
#[inline]
pub(crate) fn len_without(data: &[u8], alphabet: &[u8]) -> usize {
    let text = match data.strip_suffix(b"\n") {
        Some(line) if !alphabet.contains(&b'\n') => line,
        _ => data,
    };
    text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1)
}
