//! Bits in a row, the lowest of each byte first.
use super::codes::Code;

/// Bits that are appended to bytes.
pub(super) struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    held: u64,
    count: u32,
}

impl<'a> Writer<'a> {
    /// `bytes` has room for all that will be appended.
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// Appends the lowest bits of `value`, whose others are zero; at most 32.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.count -= 32;
        }
    }

    /// Appends a code.
    pub(super) fn put_code(&mut self, (code, length): Code) {
        self.put(code.into(), length.into());
    }

    /// Fills the last byte with zeros.
    pub(super) fn finish(self) {
        let rest = (self.held as u32).to_le_bytes();
        self.bytes.extend_from_slice(&rest[..self.count.div_ceil(8) as usize]);
    }
}
