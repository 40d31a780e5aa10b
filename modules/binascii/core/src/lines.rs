//! Encoded text in lines.

use std::num::NonZeroUsize;

use cpython_simd::{Full, Sink};

/// How groups of characters are put on lines.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// How many groups go on a line; `None` when all do.
    groups: Option<NonZeroUsize>,
    /// How many characters a group has, and how many bytes it stands for.
    characters: usize,
    bytes: usize,
}

/// How many line ends a text of `len` characters needs that has `width` columns; none when that
/// is 0.
pub(crate) fn line_ends(len: usize, width: usize) -> usize {
    len.saturating_sub(1).checked_div(width).unwrap_or(0)
}

/// Puts the text that has been written from `start` on into lines of `width` columns.
pub(crate) fn wrap(out: &mut Sink, start: usize, width: usize) -> Result<(), Full> {
    let len = out.len() - start;
    let mut ends = line_ends(len, width);
    out.fill(b'\n', ends)?;
    let text = out.filled_mut().get_mut(start..).unwrap_or_default();
    // From the end, each line moves by as many characters as there are line ends before it.
    let mut line_end = len;
    while ends > 0 {
        let line = ends * width..line_end;
        line_end = line.start;
        text.copy_within(line.clone(), line.start + ends);
        text[line.start + ends - 1] = b'\n';
        ends -= 1;
    }
    Ok(())
}

impl Lines {
    /// As many whole groups as fit in `wrapcol` columns, but at least one; all when it is 0.
    pub(crate) fn new(wrapcol: usize, characters: usize, bytes: usize) -> Self {
        let groups = (wrapcol > 0).then(|| (wrapcol / characters).max(1));
        Self { groups: groups.and_then(NonZeroUsize::new), characters, bytes }
    }

    /// How long a text of `len` characters gets by the ends of its lines.
    pub(crate) fn len(&self, len: usize) -> usize {
        let width = self.groups.map_or(0, |groups| groups.get().saturating_mul(self.characters));
        len.saturating_add(line_ends(len, width))
    }

    /// Appends what `encode` makes of the data for each line, with line ends between them.
    #[inline]
    pub(crate) fn encode(
        &self,
        data: &[u8],
        out: &mut Sink,
        mut encode: impl FnMut(&[u8], &mut Sink) -> Result<(), Full>,
    ) -> Result<(), Full> {
        let Some(groups) = self.groups else { return encode(data, out) };
        let mut lines = data.chunks(groups.get().saturating_mul(self.bytes));
        if let Some(first) = lines.next() {
            encode(first, out)?;
        }
        for line in lines {
            out.push(b'\n')?;
            encode(line, out)?;
        }
        Ok(())
    }
}
