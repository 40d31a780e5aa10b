//! Two runs compared: which ratios fell by more than their noise.

use super::results::{Case, Results};

/// A case whose ratio is another than before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// The case as it is now.
    pub now: Case,
    /// The ratio that it had.
    pub before: f64,
    /// What the two ratios may differ by although nothing has changed.
    pub noise: f64,
}

impl Change {
    /// One line that tells of it.
    pub(super) fn line(&self) -> String {
        format!(
            "{:<44} {:>7.2} -> {:>7.2}  noise ±{:.2}",
            self.now.whole_name(),
            self.before,
            self.now.ratio,
            self.noise
        )
    }
}

/// The cases that fell, and how many there are in both runs.
pub(super) fn fell(before: &Results, now: &[Case]) -> (Vec<Change>, usize) {
    let mut both = 0;
    let mut changes = Vec::new();
    for case in now {
        let same = |other: &&Case| other.whole_name() == case.whole_name();
        let (Some(earlier), None) = (before.rated().find(same), &case.missing) else { continue };
        both += 1;
        let noise = noise(earlier, case);
        if earlier.ratio - case.ratio > noise {
            changes.push(Change { now: case.clone(), before: earlier.ratio, noise });
        }
    }
    (changes, both)
}

/// How far from the median half of all measurements were, in both runs, and what two runs of the same code differ by.
fn noise(before: &Case, now: &Case) -> f64 {
    let between = if now.rust_ns < SHORT { BETWEEN_SHORT } else { BETWEEN_RUNS };
    (before.ratio_spread + now.ratio_spread) / 2.0 + between * before.ratio
}

/// Where code and data lie in memory differs from run to run, and makes a ratio differ by so much; more for calls
/// that take less than a microsecond.
const BETWEEN_RUNS: f64 = 0.05;
const BETWEEN_SHORT: f64 = 0.1;
const SHORT: f64 = 1e3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::results::tests::some;

    /// The lines about a run in which one ratio is `factor` times what it was.
    fn with(factor: f64) -> Vec<String> {
        let mut now = some();
        now.cases[2].ratio *= factor;
        let (changes, both) = fell(&some(), &now.cases);
        assert_eq!(both, 4);
        changes.iter().map(Change::line).collect()
    }

    #[test]
    fn noise_is_no_fall() {
        // 2.00 ± 0.05 each time, and 5 % between runs: 0.20.
        assert_eq!(with(1.0), [""; 0]);
        assert_eq!(with(0.901), [""; 0]);
        assert_eq!(with(1.9), [""; 0]);
    }

    #[test]
    fn more_than_noise_is_a_fall() {
        let lines = with(0.89);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("bulk _json") && lines[0].contains("noise ±0.20"), "{lines:?}");
    }

    #[test]
    fn a_vague_ratio_must_fall_further() {
        let mut now = some();
        now.cases[2].ratio = 1.75;
        now.cases[2].ratio_spread = 0.3;
        assert_eq!(fell(&some(), &now.cases).0, []);
    }

    #[test]
    fn short_calls_differ_more() {
        let mut now = some();
        now.cases[2].ratio = 1.75;
        assert_eq!(fell(&some(), &now.cases).0.len(), 1);
        now.cases[2].rust_ns = 50.0;
        assert_eq!(fell(&some(), &now.cases).0, []);
    }

    #[test]
    fn what_was_not_there_before_cannot_fall() {
        let mut now = some();
        now.cases[2].name = "new".to_owned();
        now.cases[2].ratio = 0.01;
        assert_eq!(fell(&some(), &now.cases), (Vec::new(), 3));
    }
}
