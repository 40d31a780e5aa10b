//! What came of one part of a suite, and how it is told.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::layout;

/// What came of one part of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Ran(Tally),
    /// It ran earlier, in the very same state of the workspace.
    Earlier(Tally),
    /// This machine cannot run it, for this reason.
    Skipped(String),
}

/// How many tests did what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that said themselves that they cannot run here.
    pub skipped: usize,
    /// What a person may want to know besides; for the same line.
    pub note: String,
    /// The part of the log that tells what is wrong.
    pub trouble: Vec<String>,
}

impl Tally {
    /// One test that passed or, when there are complaints, failed.
    pub fn of_complaints(complaints: Vec<String>) -> Self {
        let failed = usize::from(!complaints.is_empty());
        Self { passed: 1 - failed, failed, trouble: complaints, ..Self::default() }
    }

    /// One test that failed, and why.
    pub fn failure(trouble: impl Into<String>) -> Self {
        Self { failed: 1, trouble: vec![trouble.into()], ..Self::default() }
    }

    /// Adds the tests of another.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.trouble.extend(other.trouble);
        if !other.note.is_empty() {
            let comma = if self.note.is_empty() { "" } else { ", " };
            self.note.push_str(comma);
            self.note.push_str(&other.note);
        }
    }
}

impl Outcome {
    /// A part that could not even run: it has failed.
    pub fn broken(error: anyhow::Error) -> Self {
        Self::Ran(Tally::failure(format!("{error:#}")))
    }

    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.tally().map_or(0, |tally| tally.passed)
    }

    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.tally().map_or(0, |tally| tally.failed)
    }

    /// The line that tells of it.
    pub fn line(&self, name: &str, took: Duration) -> String {
        let seconds = format!("{:.1} s", took.as_secs_f64());
        let (tally, when) = match self {
            Self::Skipped(why) => return format!("{name:<26} skipped: {why}"),
            Self::Ran(tally) => (tally, seconds.as_str()),
            Self::Earlier(tally) => (tally, "before"),
        };
        let mut counts = format!("{} passed", tally.passed);
        for (count, what) in [(tally.failed, "FAILED"), (tally.skipped, "skipped")] {
            if count > 0 {
                _ = write!(counts, ", {count} {what}");
            }
        }
        let line = format!("{name:<26} {counts:<32} {when:>8}  {}", tally.note);
        line.trim_end().to_owned()
    }

    /// What is wrong, indented, and where the whole log is; none when all is well.
    pub fn trouble(&self, log: &Path) -> Option<String> {
        let tally = self.tally().filter(|tally| tally.failed > 0)?;
        let mut text: String = tally
            .trouble
            .iter()
            .flat_map(|block| block.trim_end().lines())
            .map(|line| format!("    {line}").trim_end().to_owned() + "\n")
            .collect();
        if log.exists() {
            _ = write!(text, "    The whole log: {}", layout::shown(log));
        }
        Some(text.trim_end().to_owned())
    }

    /// The counts; none of a part that was skipped.
    pub fn into_tally(self) -> Tally {
        match self {
            Self::Ran(tally) | Self::Earlier(tally) => tally,
            Self::Skipped(_) => Tally::default(),
        }
    }

    fn tally(&self) -> Option<&Tally> {
        match self {
            Self::Ran(tally) | Self::Earlier(tally) => Some(tally),
            Self::Skipped(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_what_happened() {
        let second = Duration::from_secs(1);
        let tally = Tally { passed: 3, failed: 1, skipped: 2, ..Tally::default() };
        let line = Outcome::Ran(tally.clone()).line("a/b", second);
        assert!(
            line.contains("3 passed, 1 FAILED, 2 skipped") && line.ends_with("1.0 s"),
            "{line}"
        );
        assert!(Outcome::Earlier(tally).line("a/b", second).ends_with("before"));
        let skipped = Outcome::Skipped("no AVX".to_owned());
        assert!(skipped.line("a/b", second).ends_with("skipped: no AVX"));
        assert_eq!((skipped.passed(), skipped.failed()), (0, 0));
    }

    #[test]
    fn what_could_not_run_has_failed() {
        let outcome = Outcome::broken(anyhow::anyhow!("no compiler"));
        assert_eq!((outcome.passed(), outcome.failed()), (0, 1));
        assert_eq!(outcome.trouble(Path::new("no-such-log")).unwrap(), "    no compiler");
    }

    #[test]
    fn tallies_add_up() {
        let mut tally = Tally::of_complaints(Vec::new());
        tally.add(Tally { note: "one".to_owned(), ..Tally::failure("why") });
        tally.add(Tally { skipped: 4, note: "two".to_owned(), ..Tally::default() });
        assert_eq!((tally.passed, tally.failed, tally.skipped), (1, 1, 4));
        assert_eq!((tally.note.as_str(), tally.trouble.len()), ("one, two", 1));
    }
}
