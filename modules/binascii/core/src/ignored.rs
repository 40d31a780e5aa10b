//! The characters that a decoder skips.

/// A set of bytes: one bit for each.
pub(crate) struct Ignored([u32; 8]);

impl Ignored {
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut set = [0; 8];
        for &byte in bytes {
            set[usize::from(byte >> 5)] |= 1 << (byte & 31);
        }
        Self(set)
    }

    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 5)] >> (byte & 31) & 1 != 0
    }
}
