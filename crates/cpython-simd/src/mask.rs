//! From sixteen bytes to sixteen bits: what finds characters ends with it.

#[cfg(target_arch = "x86_64")]
use crate::x86::mask_sse2;

/// The highest bit of each byte: that of byte `i` is bit `i`.
///
/// A comparison that gives 255 for "yes" and 0 for "no" becomes a mask. Comparing is left to the
/// compiler, which makes vector instructions of a loop over an array.
///
/// # Examples
///
/// ```
/// use cpython_simd::mask::top_bits;
///
/// let commas = b"ab,cd,efghijklm,".map(|c| if c == b',' { 255 } else { 0 });
/// assert_eq!(top_bits(&commas), 0b1000_0000_0010_0100);
/// ```
#[inline(always)]
pub fn top_bits(bytes: &[u8; 16]) -> u16 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 has SSE2.
    unsafe {
        mask_sse2::top_bits(bytes)
    }
    #[cfg(not(target_arch = "x86_64"))]
    top_bits_scalar(bytes)
}

/// [`top_bits`] without vector instructions.
#[inline]
pub fn top_bits_scalar(bytes: &[u8; 16]) -> u16 {
    let (halves, _) = bytes.as_chunks::<8>();
    halves.iter().rev().fold(0, |bits, &half| {
        let ones = u64::from_le_bytes(half) >> 7 & 0x0101_0101_0101_0101;
        // Each one lands in its own place of the highest byte, and no two in the same.
        bits << 8 | (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u16
    })
}
