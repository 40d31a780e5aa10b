//! The characters of a line that mean something, found many at a time: [`Marks`].
use cpython_simd::mask::top_bits;

use crate::text::Unit;

/// Where any of five code points stands in a line, in order.
///
/// Sixteen characters are compared at once, into a mask with a bit for each.
#[derive(Clone)]
pub(crate) struct Marks<'a, U> {
    line: &'a [U],
    wanted: [U; 5],
    /// The marks found and not given yet: bit `i` is the character at `base + i`.
    bits: u64,
    base: usize,
    /// Where looking goes on.
    next: usize,
}

impl<'a, U: Unit> Marks<'a, U> {
    /// Looks for the line ends and up to three other code points.
    #[inline]
    pub(crate) fn new(line: &'a [U], others: [Option<u32>; 3]) -> Self {
        Self { line, wanted: wanted(others), bits: 0, base: 0, next: 0 }
    }

    /// Looks at the next 64 characters, or at those that are left.
    #[inline]
    fn look(&mut self) {
        let rest = self.line.get(self.next..).unwrap_or_default();
        let rest = rest.get(..64).unwrap_or(rest);
        self.base = self.next;
        self.next += rest.len();
        self.bits = 0;
        let (blocks, last) = rest.as_chunks::<BLOCK>();
        for (i, block) in blocks.iter().enumerate() {
            self.bits |= u64::from(hits(block, &self.wanted)) << (i * BLOCK);
        }
        if last.is_empty() {
            return;
        }
        let found = match self.line.get(..self.next).and_then(<[U]>::last_chunk::<BLOCK>) {
            // The last sixteen, of which some have been looked at already.
            Some(block) => hits(block, &self.wanted) >> (BLOCK - last.len()),
            None => last
                .iter()
                .rev()
                .fold(0, |bits, &c| bits << 1 | u16::from(is_wanted(c, &self.wanted))),
        };
        self.bits |= u64::from(found) << (blocks.len() * BLOCK);
    }
}

impl<U: Unit> Iterator for Marks<'_, U> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            if self.next >= self.line.len() {
                return None;
            }
            self.look();
        }
        let at = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(at)
    }
}

/// The line ends and the others, as far as they fit the width; places left free repeat a line end.
#[inline]
pub(crate) fn wanted<U: Unit>([a, b, c]: [Option<u32>; 3]) -> [U; 5] {
    let unit = |c: Option<u32>| c.and_then(U::from_code_point).unwrap_or(b'\n'.into());
    [unit(a), unit(b), unit(c), b'\n'.into(), b'\r'.into()]
}

/// Which of sixteen characters are among the wanted ones: a bit for each.
#[inline(always)]
fn hits<U: Unit>(block: &[U; BLOCK], wanted: &[U; 5]) -> u16 {
    let mut found = [0; BLOCK];
    for (found, &c) in found.iter_mut().zip(block) {
        *found = if is_wanted(c, wanted) { u8::MAX } else { 0 };
    }
    top_bits(&found)
}

/// Compares with all of them, without a branch.
#[inline(always)]
pub(crate) fn is_wanted<U: Unit>(c: U, &[a, b, d, e, f]: &[U; 5]) -> bool {
    (c == a) | (c == b) | (c == d) | (c == e) | (c == f)
}

/// How many characters are compared at once.
const BLOCK: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn check<U: Unit>(line: &[U], others: [Option<u32>; 3]) {
        let wanted = wanted::<U>(others);
        let expected: Vec<usize> = (0..line.len()).filter(|&i| wanted.contains(&line[i])).collect();
        assert_eq!(Marks::new(line, others).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_length_and_width() {
        for len in 0..200_u32 {
            for step in [1, 2, 3, 7, 16, 63, 64, 65] {
                let marked = |i: u32| match i % step {
                    0 => [b',', b'"', b'\n', b'\r'][(i / step % 4) as usize],
                    _ => b'a',
                };
                let bytes: Vec<u8> = (0..len).map(marked).collect();
                let others = [Some(u32::from(b',')), Some(u32::from(b'"')), None];
                check(&bytes, others);
                check(&bytes.iter().map(|&c| u16::from(c) | 0x100).collect::<Vec<_>>(), others);
                check(&bytes.iter().map(|&c| u16::from(c)).collect::<Vec<_>>(), others);
                check(&bytes.iter().map(|&c| u32::from(c)).collect::<Vec<_>>(), others);
            }
        }
    }

    #[test]
    fn what_does_not_fit_the_width_is_not_there() {
        check(&[0x2c_u8, 0xac, 0], [Some(0x122c), Some(0x20ac), Some(0x1_0000)]);
        check(&[0x2c_u16, 0x20ac, 0], [Some(0x1_002c), Some(0x20ac), None]);
    }
}
