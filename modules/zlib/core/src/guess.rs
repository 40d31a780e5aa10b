//! How long a result will be, to go by the last one: [`Guess`].
use std::sync::atomic::{AtomicU64, Ordering};

/// What the last input and its output were long.
///
/// Room of the right size is not moved while it grows, and an allocator that has just got it back
/// has it at hand, which saves the system from giving and taking it each time.
#[derive(Debug, Default)]
pub struct Guess {
    last: AtomicU64,
}

impl Guess {
    /// How long the output for `len` bytes may be; 0 when there is nothing to go by.
    pub fn of(&self, len: usize) -> usize {
        let last = self.last.load(Ordering::Relaxed);
        let (before, made) = (last >> 32, last & u64::from(u32::MAX));
        if len < WORTH || before == 0 {
            return 0;
        }
        let len = u128::try_from(len).unwrap_or(0);
        let guess = (len * u128::from(made)).div_ceil(u128::from(before));
        usize::try_from(guess).unwrap_or(MOST).min(MOST)
    }

    /// Remembers what came of `len` bytes.
    pub fn learn(&self, len: usize, made: usize) {
        if let (WORTH.., Ok(len), Ok(made)) = (len, u32::try_from(len), u32::try_from(made)) {
            self.last.store(u64::from(len) << 32 | u64::from(made), Ordering::Relaxed);
        }
    }
}

/// Below this, there is nothing to gain.
const WORTH: usize = 1024;

/// No guess is longer than this.
const MOST: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_go_by_the_last_ratio() {
        let guess = Guess::default();
        assert_eq!(guess.of(5000), 0);
        guess.learn(10, 1_000_000);
        assert_eq!(guess.of(5000), 0);
        guess.learn(2000, 6001);
        assert_eq!((guess.of(2000), guess.of(4000), guess.of(10)), (6001, 12_002, 0));
        guess.learn(2000, usize::MAX);
        assert_eq!(guess.of(2000), 6001);
        assert_eq!(guess.of(usize::MAX), MOST);
        guess.learn(2000, 0);
        assert_eq!(guess.of(2000), 0);
    }
}
