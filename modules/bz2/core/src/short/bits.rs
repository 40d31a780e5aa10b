//! Bits in a row, the highest of each byte first.

/// Bits that are read from bytes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// How many bytes have gone into `held`, and how many bits at the end of that are still unread.
    taken: usize,
    held: u64,
    count: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, taken: 0, held: 0, count: 0 }
    }

    /// The next bits, at most 48; `None` when there are not as many.
    pub(super) fn take(&mut self, count: u32) -> Option<u64> {
        self.fill();
        let value = self.peek(count);
        self.skip(count)?;
        Some(value)
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> Option<bool> {
        if self.count == 0 {
            self.fill();
        }
        let bit = self.peek(1);
        self.skip(1)?;
        Some(bit == 1)
    }

    /// The next bits as far as they are held, 48 at least after [`Self::fill`], with zeros behind the
    /// end.
    pub(super) fn peek(&self, count: u32) -> u64 {
        let value = match self.count.checked_sub(count) {
            Some(more) => self.held >> more,
            None => self.held << (count - self.count),
        };
        value & ((1 << count) - 1)
    }

    /// Goes on; `None` when there are not as many bits.
    pub(super) fn skip(&mut self, count: u32) -> Option<()> {
        self.count = self.count.checked_sub(count)?;
        Some(())
    }

    /// Holds as many bits as it can, if there are few.
    pub(super) fn fill(&mut self) {
        while self.count < 48
            && let Some(&byte) = self.bytes.get(self.taken)
        {
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
            self.taken += 1;
        }
    }

    /// How many bytes have been read, the last of them perhaps in part.
    pub(super) fn bytes_read(&self) -> usize {
        self.taken - (self.count / 8) as usize
    }
}

/// Bits that are written to bytes.
pub(super) struct Writer {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Writer {
    /// `bytes` has room for all that will be written.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// Appends the lowest bits of `value`, at most 32.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.held = self.held << count | u64::from(value);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            self.bytes.extend_from_slice(&((self.held >> self.count) as u32).to_be_bytes());
        }
    }

    /// Appends 48 bits.
    pub(super) fn put_mark(&mut self, mark: u64) {
        self.put((mark >> 24) as u32, 24);
        self.put((mark & 0xff_ffff) as u32, 24);
    }

    /// Appends zeros to the end of a byte, and gives all bytes.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let rest = (self.held << (32 - self.count)) as u32;
        self.bytes.extend_from_slice(&rest.to_be_bytes()[..self.count.div_ceil(8) as usize]);
        self.bytes
    }
}
