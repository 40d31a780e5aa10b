//! CPython's test runner: starts it, and reads which files and which cases did not pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::command::Ended;
use super::outcome::Tally;
use super::session::Session;
use crate::interpreter::Build;
use crate::programs;

/// How a run of the test runner is told what to do.
#[derive(Clone, Debug, Default)]
pub(super) struct Run<'a> {
    /// Test files as CPython names them; all without.
    pub tests: Vec<String>,
    /// Where they are, when not in CPython's library.
    pub folder: Option<&'a Path>,
    /// Further arguments.
    pub arguments: Vec<&'static str>,
    /// The environment of the tests, besides the user's.
    pub environment: Vec<(&'static str, String)>,
    /// Run one file after the other, so that none disturbs another.
    pub alone: bool,
    /// How long one file may take; `LIMIT` when zero.
    pub limit: Duration,
}

/// What the test runner said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// Test cases that ran, those that were skipped among them.
    pub run: usize,
    /// Test cases that were skipped.
    pub skipped: usize,
    /// The files that did not pass, each with what is said of it and its cases that failed.
    pub bad: BTreeMap<String, Bad>,
    /// How many files there were.
    pub files: usize,
}

/// A test file that did not pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bad {
    /// What is said of it: `failed (1 error)`, `worker non-zero exit code (Exit code -11 (SIGSEGV))`.
    pub how: String,
    /// Its cases that failed; none when the file as a whole did.
    pub cases: BTreeSet<String>,
}

impl Run<'_> {
    /// Runs the tests in the interpreter of `build`.
    pub(super) fn start(&self, session: &Session<'_>, build: &Build) -> Result<(Report, Ended)> {
        let mut command = build.python();
        let limit = if self.limit.is_zero() { LIMIT } else { self.limit };
        let jobs = if self.alone { 1 } else { programs::jobs() };
        command.current_dir(&build.folder).args(["-m", "test", "-W"]);
        command.arg(format!("-j{jobs}")).arg(format!("--timeout={}", limit.as_secs()));
        command.args(&self.arguments);
        if let Some(folder) = self.folder {
            command.arg("--testdir").arg(folder);
        }
        command.args(&self.tests).envs(self.environment.iter().map(|(name, value)| (name, value)));
        let title = format!("{} ({})", session.part(), build.kind.name());
        let ended = session.run(command, &title, WHOLE_LIMIT, |line, step| {
            if let Some(Progress { done, total, name, .. }) = progress(line) {
                step.expect(total);
                step.report(done, name);
            }
        })?;
        Ok((Report::read(&ended.text), ended))
    }

    /// Runs them, and counts: whatever did not pass has failed.
    pub(super) fn tally(&self, session: &Session<'_>, build: &Build) -> Result<Tally> {
        let (report, ended) = self.start(session, build)?;
        Ok(report.tally(&ended))
    }
}

impl Report {
    /// Reads what the test runner printed.
    pub(super) fn read(text: &str) -> Self {
        let mut report = Self::default();
        let mut last = None;
        let mut ruled = false;
        for line in text.lines() {
            if let Some(Progress { name, how, .. }) = progress(line) {
                last = Some(name);
                if !PASSED.iter().any(|passed| how.starts_with(passed)) {
                    report.bad.entry(name.to_owned()).or_default().how = how.to_owned();
                }
            } else if let Some(counts) = line.strip_prefix("Total tests: ") {
                report.run = number_after(counts, "run=");
                report.skipped = number_after(counts, "skipped=");
            } else if let Some(counts) = line.strip_prefix("Total test files: ") {
                report.files = number_after(counts, "run=");
            } else if ruled
                && let Some(case) = line.strip_prefix("FAIL: ").or(line.strip_prefix("ERROR: "))
                && let Some(bad) = last.and_then(|last| report.bad.get_mut(last))
            {
                bad.cases.insert(without_parameters(case).to_owned());
            }
            ruled = is_rule(line);
        }
        report
    }

    /// Counts the cases; `ended` is how the runner ended, and what it printed.
    pub(super) fn tally(&self, ended: &Ended) -> Tally {
        let mut failed: usize = self.bad.values().map(|bad| bad.cases.len().max(1)).sum();
        let mut trouble: Vec<String> =
            self.bad.iter().map(|(name, bad)| format!("{name} {}", bad.how)).collect();
        if failed == 0 && (!ended.success || self.run == 0) {
            failed = 1;
            trouble.push(format!("the test runner: {}, {} tests run", ended.how, self.run));
        }
        if failed > 0 {
            trouble.push(excerpt(&ended.text));
        }
        Tally {
            passed: self.run.saturating_sub(self.skipped + failed),
            failed,
            skipped: self.skipped,
            note: String::new(),
            trouble,
        }
    }
}

/// The part of the output that tells what went wrong: cases that failed, crashes and warnings, else the end.
pub(super) fn excerpt(text: &str) -> String {
    const LINES: usize = 80;
    const OF_EACH: usize = 25;
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = Vec::new();
    let mut after = 0;
    for (at, line) in lines.iter().enumerate() {
        let case = is_rule(line)
            && lines
                .get(at + 1)
                .is_some_and(|next| next.starts_with("FAIL: ") || next.starts_with("ERROR: "));
        let length = if case {
            let end =
                lines[at + 1..].iter().position(|line| is_rule(line) || line.starts_with("Ran "));
            end.map_or(OF_EACH, |end| (end + 1).min(OF_EACH))
        } else if SIGNS.iter().any(|sign| line.contains(sign)) {
            OF_EACH / 2
        } else {
            0
        };
        if length > 0 && at >= after {
            after = (at + length).min(lines.len());
            kept.extend_from_slice(&lines[at..after]);
        }
    }
    if kept.is_empty() {
        kept.extend_from_slice(&lines[lines.len().saturating_sub(20)..]);
    }
    let mut text: String = kept.iter().take(LINES).map(|line| format!("{line}\n")).collect();
    if kept.len() > LINES {
        text.push_str("...\n");
    }
    text
}

/// Whether a line is the rule above a case that failed.
fn is_rule(line: &str) -> bool {
    line.len() > 40 && line.bytes().all(|byte| byte == b'=')
}

/// A line that tells of one file: `0:00:03 load avg: 2.10 [ 2/494/1] test_abc failed (1 error)`.
struct Progress<'a> {
    done: u64,
    total: u64,
    name: &'a str,
    how: &'a str,
}

fn progress(line: &str) -> Option<Progress<'_>> {
    let (time, rest) = line.split_once(" [")?;
    let (counts, rest) = rest.split_once("] ")?;
    let mut counts = counts.split('/').map(|count| count.trim().parse::<u64>().ok());
    let (done, total) = (counts.next()??, counts.next()??);
    let (name, how) = rest.split_once(' ')?;
    time.starts_with(|c: char| c.is_ascii_digit()).then_some(Progress { done, total, name, how })
}

/// The name of a test case without the parameters of its sub-tests, which may differ from run to run.
fn without_parameters(case: &str) -> &str {
    case.find(')').map_or(case, |end| &case[..=end])
}

/// The number that follows `sign`, written with commas; zero without.
fn number_after(text: &str, sign: &str) -> usize {
    let Some((_, rest)) = text.split_once(sign) else { return 0 };
    let digits: String = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ',')
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

/// What is said of a file that has nothing wrong with it. One without tests is told apart by the counts.
const PASSED: [&str; 3] = ["passed", "skipped", "ran no tests"];

/// Signs, outside of the cases that failed, of what went wrong.
const SIGNS: [&str; 4] = ["Warning -- ", "Fatal Python error", " crashed -- ", " leaked ["];

/// How long one file may take.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// How long a run may take as a whole.
const WHOLE_LIMIT: Duration = Duration::from_secs(90 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
Using random seed: 3961095254
0:00:00 load avg: 3.51 Run 5 tests in parallel using 2 worker processes
0:00:00 load avg: 3.51 [1/5] test_good passed -- running (1): test_bad (30.1 sec)
0:00:00 load avg: 3.51 [2/5/1] test_bad failed (1 error, 3 failures)
test_e (test_bad.A.test_e) ... ERROR

======================================================================
ERROR: test_e (test_bad.A.test_e)
----------------------------------------------------------------------
Traceback (most recent call last):
ERROR: not a case

======================================================================
FAIL: test_sub (test_bad.A.test_sub) (i=0)
----------------------------------------------------------------------
======================================================================
FAIL: test_sub (test_bad.A.test_sub) (i=2)
----------------------------------------------------------------------
0:00:00 load avg: 3.51 [3/5/2] test_crash worker non-zero exit code (Exit code -11 (SIGSEGV))
0:00:00 load avg: 3.51 [4/5/2] test_none skipped (resource denied)
0:00:00 load avg: 3.51 [5/5/2] test_leaky failed (reference leak)

Total tests: run=1,008 failures=3 skipped=2
Total test files: run=5/5 failed=3
Result: FAILURE
";

    fn ended(success: bool) -> Ended {
        Ended { success, text: OUTPUT.to_owned(), how: "exit status: 2".to_owned() }
    }

    #[test]
    fn files_and_cases_that_failed_are_read() {
        let report = Report::read(OUTPUT);
        assert_eq!((report.run, report.skipped, report.files), (1008, 2, 5));
        assert_eq!(report.bad.keys().collect::<Vec<_>>(), ["test_bad", "test_crash", "test_leaky"]);
        let cases: Vec<_> = report.bad["test_bad"].cases.iter().collect();
        assert_eq!(cases, ["test_e (test_bad.A.test_e)", "test_sub (test_bad.A.test_sub)"]);
        assert!(report.bad["test_crash"].how.contains("SIGSEGV"));
    }

    #[test]
    fn cases_are_counted_and_files_that_failed_as_a_whole() {
        let tally = Report::read(OUTPUT).tally(&ended(false));
        assert_eq!((tally.passed, tally.failed, tally.skipped), (1002, 4, 2));
        assert!(tally.trouble.iter().any(|block| block.starts_with("======")), "{tally:?}");
    }

    #[test]
    fn the_excerpt_has_cases_and_crashes() {
        let noise = "noise\n".repeat(200);
        let text = format!("{noise}{OUTPUT}{noise}Warning -- Unraisable exception\n{noise}");
        let excerpt = excerpt(&text);
        assert!(
            excerpt.contains("ERROR: test_e") && excerpt.contains("FAIL: test_sub"),
            "{excerpt}"
        );
        assert!(excerpt.contains("Warning -- Unraisable"), "{excerpt}");
        assert!(excerpt.lines().count() < 82, "{excerpt}");
    }

    #[test]
    fn nothing_run_is_a_failure() {
        let nothing = Report::default();
        assert_eq!(nothing.tally(&ended(true)).failed, 1);
        let all_well = Report { run: 3, ..Report::default() };
        assert_eq!(
            (all_well.tally(&ended(true)).passed, all_well.tally(&ended(true)).failed),
            (3, 0)
        );
        assert_eq!(all_well.tally(&ended(false)).failed, 1);
    }
}
