//! The widths that characters are stored in.
use super::escape::CHUNK;

/// A character in the width of a `str`: 1, 2 or 4 bytes.
pub trait Unit: Copy + Into<u32> + Default {
    /// An ASCII character.
    fn from_ascii(byte: u8) -> Self;

    /// Less than eight characters, and spaces behind them.
    #[inline(always)]
    fn padded(text: &[Self]) -> [Self; CHUNK] {
        let mut chunk = [Self::from_ascii(b' '); CHUNK];
        for (place, &c) in chunk.iter_mut().zip(text) {
            *place = c;
        }
        chunk
    }
}

impl Unit for u8 {
    #[inline(always)]
    fn from_ascii(byte: u8) -> Self {
        byte
    }

    /// Two reads that may overlap make the word, whatever the length.
    #[inline(always)]
    fn padded(text: &[Self]) -> [Self; CHUNK] {
        let spaces = 0x2020_2020_2020_2020_u64;
        let text = &text[..text.len().min(CHUNK - 1)];
        let len = text.len();
        let word = if let (Some(start), Some(end)) = (text.first_chunk(), text.last_chunk()) {
            let (start, end) = (u32::from_le_bytes(*start), u32::from_le_bytes(*end));
            u64::from(start) | u64::from(end) << (8 * (len - 4))
        } else if let ([first, ..], [.., last]) = (text, text) {
            let middle = text[len / 2];
            u64::from(*first)
                | u64::from(middle) << (8 * (len / 2))
                | u64::from(*last) << (8 * (len - 1))
        } else {
            return [b' '; CHUNK];
        };
        (word | spaces << (8 * len)).to_le_bytes()
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn from_ascii(byte: u8) -> Self {
        byte.into()
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn from_ascii(byte: u8) -> Self {
        byte.into()
    }
}
