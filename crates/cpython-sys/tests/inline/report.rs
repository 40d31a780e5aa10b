//! What was compared and what differed.

use std::fmt;

/// Counts comparisons and keeps the ones that failed.
#[derive(Default)]
pub(crate) struct Report {
    comparisons: usize,
    differences: Vec<String>,
}

impl Report {
    /// Compares a result of Rust with C's.
    pub(crate) fn same<T: PartialEq + fmt::Debug>(
        &mut self,
        what: impl fmt::Display,
        rust: T,
        c: T,
    ) {
        self.comparisons += 1;
        if rust != c {
            self.differences.push(format!("{what}: Rust {rust:?}, C {c:?}"));
        }
    }

    /// Whether there was something to compare and all of it was equal.
    pub(crate) fn is_clean(&self) -> bool {
        self.comparisons > 0 && self.differences.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} comparisons, {} differences", self.comparisons, self.differences.len())?;
        self.differences.iter().try_for_each(|difference| write!(f, "\n{difference}"))
    }
}
