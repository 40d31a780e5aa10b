//! The `=` that fill the last group.

/// How many characters there are before those that end the text.
#[inline]
pub(crate) fn len_without(data: &[u8]) -> usize {
    data.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1)
}
