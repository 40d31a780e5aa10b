//! The characters that a decoder skips.

/// A set of bytes.
pub(crate) struct Ignored([bool; 256]);

impl Ignored {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut set = [false; 256];
        for &byte in bytes {
            set[usize::from(byte)] = true;
        }
        Self(set)
    }

    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}
