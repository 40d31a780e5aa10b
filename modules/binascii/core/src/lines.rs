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

impl Lines {
    /// As many whole groups as fit in `wrapcol` columns, but at least one; all when it is 0.
    pub(crate) fn new(wrapcol: usize, characters: usize, bytes: usize) -> Self {
        let groups = (wrapcol > 0).then(|| (wrapcol / characters).max(1));
        Self { groups: groups.and_then(NonZeroUsize::new), characters, bytes }
    }

    /// How long a text of `len` characters gets by the ends of its lines.
    pub(crate) fn len(&self, len: usize) -> usize {
        match self.groups {
            Some(groups) => {
                let width = groups.saturating_mul(self.characters_per_group());
                len.saturating_add(len.saturating_sub(1) / width)
            }
            None => len,
        }
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

    fn characters_per_group(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.characters).unwrap_or(NonZeroUsize::MIN)
    }
}
