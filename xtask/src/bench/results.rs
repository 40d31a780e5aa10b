//! What a run has measured: as JSON for programs, and its sum in one line.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::layout;

/// Everything that one call of `cargo xtask bench` has measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Results {
    /// The machine, the versions, the flags: what and which.
    pub facts: BTreeMap<String, String>,
    /// The packages that are measured beside, with their versions; none for those that are not installed.
    pub peers: BTreeMap<String, Option<String>>,
    /// The Rust modules beside their C twins.
    pub cases: Vec<Case>,
    /// What Rust costs the interpreter as a whole.
    pub whole: Vec<Whole>,
}

/// A Rust function, or a program with Rust modules, beside the same in C.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Case {
    /// The module, or `programs`.
    pub module: String,
    /// The group of cases.
    pub group: String,
    /// What is called, with what.
    pub name: String,
    /// What the ratio must reach or, with `ns`, what a call may cost more.
    pub bar: String,
    /// The median of C's times.
    pub c_ns: f64,
    /// The median of Rust's.
    pub rust_ns: f64,
    /// The median of C's time by Rust's, pair by pair.
    pub ratio: f64,
    /// The width of the middle half of all ratios.
    pub ratio_spread: f64,
    /// Half the width of what the median is within, with 95 %.
    pub ratio_error: f64,
    /// The bytes that a program took with C, at most.
    pub c_peak: Option<f64>,
    /// The same with Rust.
    pub rust_peak: Option<f64>,
    /// Whether the bar is reached.
    pub ok: bool,
    /// Why there is no number.
    pub missing: Option<String>,
    /// The same by packages that people install.
    pub peers: Vec<Peer>,
}

/// A package that does the same, beside C.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Peer {
    /// Its name.
    pub name: String,
    /// The median of its times.
    pub ns: f64,
    /// How many times as fast as C it is.
    pub ratio: f64,
}

/// One thing that Rust costs as a whole; no number for C where there is nothing to compare with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Whole {
    /// What is measured.
    pub what: String,
    /// With the C modules.
    pub c: Option<f64>,
    /// With the Rust ones.
    pub rust: f64,
    /// The unit of both.
    pub unit: String,
    /// What is allowed, in words; empty when nothing is set.
    pub bar: String,
    /// Whether it is within that.
    pub ok: bool,
}

impl Results {
    /// Reads what an earlier run has written.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let shown = layout::shown(file);
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{shown} is not of `cargo xtask bench`"))
    }

    /// Writes everything as JSON.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("cannot write {}", layout::shown(file)))
    }

    /// The cases that have numbers, and whose ratio means something: calls that do nothing have bars in nanoseconds.
    pub(super) fn rated(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(|case| case.missing.is_none() && !case.bar.ends_with("ns"))
    }

    /// The last line that is printed.
    pub(super) fn sum(&self) -> String {
        let cases: Vec<_> = self.rated().collect();
        match worst(&cases) {
            Some(case) => format!(
                "worst ratio {:.2} ({}), geometric mean {:.2} of {} cases",
                case.ratio,
                case.whole_name(),
                mean(&cases),
                cases.len()
            ),
            None => "no function was compared".to_owned(),
        }
    }
}

impl Case {
    /// The name that no other case has: what `--only` of speed.py is told.
    pub(super) fn whole_name(&self) -> String {
        format!("{} {}", self.group, self.name)
    }
}

/// The case with the least ratio.
pub(super) fn worst<'a>(cases: &[&'a Case]) -> Option<&'a Case> {
    cases.iter().copied().min_by(|a, b| a.ratio.total_cmp(&b.ratio))
}

/// The geometric mean of the ratios.
pub(super) fn mean(cases: &[&Case]) -> f64 {
    let sum: f64 = cases.iter().map(|case| case.ratio.ln()).sum();
    (sum / cases.len() as f64).exp()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Results of a few modules, as a run could have given them.
    pub(crate) fn some() -> Results {
        let case = |module: &str, group: &str, ratio: f64| Case {
            module: module.to_owned(),
            group: group.to_owned(),
            name: format!("{module} <1 MiB>"),
            bar: "1".to_owned(),
            c_ns: 1e6 * ratio,
            rust_ns: 1e6,
            ratio,
            ratio_spread: 0.1,
            ratio_error: 0.02,
            ok: ratio >= 1.0,
            ..Case::default()
        };
        let mut cases = vec![
            case("binascii", "bulk", 16.0),
            case("_json", "micro", 0.5),
            case("_json", "bulk", 2.0),
        ];
        cases[0].peers = vec![Peer { name: "pybase64".to_owned(), ns: 1.1e6, ratio: 14.5 }];
        cases.push(Case { bar: "0.5 ns".to_owned(), ..case("attacks", "calls", 0.1) });
        cases.push(Case { missing: Some("not there".to_owned()), ..case("_spam", "bulk", 0.0) });
        cases.push(Case {
            c_peak: Some(3e7),
            rust_peak: Some(2.9e7),
            ..case("programs", "programs", 1.0)
        });
        Results {
            facts: [("processor".to_owned(), "a <processor>".to_owned())].into(),
            peers: [("orjson".to_owned(), None), ("pybase64".to_owned(), Some("1.5".to_owned()))]
                .into(),
            cases,
            whole: vec![Whole {
                what: "start of the interpreter".to_owned(),
                c: Some(10.5),
                rust: 10.6,
                unit: "ms".to_owned(),
                bar: "2 % more".to_owned(),
                ok: true,
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let file = std::env::temp_dir().join(format!("xtask-results-{}.json", std::process::id()));
        some().write(&file).unwrap();
        let again = Results::read(&file);
        fs::remove_file(file).unwrap();
        assert_eq!(again.unwrap(), some());
    }

    #[test]
    fn the_sum_is_of_what_has_a_ratio() {
        // The fourth root of 16 * 0.5 * 2 * 1 is 2.
        let sum = "worst ratio 0.50 (micro _json <1 MiB>), geometric mean 2.00 of 4 cases";
        assert_eq!(some().sum(), sum);
        assert_eq!(Results::default().sum(), "no function was compared");
    }
}
