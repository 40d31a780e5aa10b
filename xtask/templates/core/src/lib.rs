//! The core of `NAME`: the algorithm, which knows no Python.
#![forbid(unsafe_code)]
#![no_std]

/// How long the longest run of equal bytes is.
pub fn longest_run(data: &[u8]) -> usize {
    data.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_counts() {
        assert_eq!(longest_run(b"abbbccd"), 3);
    }

    #[test]
    fn nothing_has_no_run() {
        assert_eq!(longest_run(b""), 0);
    }
}
