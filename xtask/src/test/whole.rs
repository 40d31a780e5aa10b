//! All of CPython's tests: whatever fails with Rust must fail without.

use super::command::Ended;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::{self, Bad, Report, Run};
use crate::kind::Kind;
use crate::rooms::Room;

/// The whole suite, with Rust; what fails there, again with Rust and with C, one file at a time.
pub(super) fn whole(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let rooms = scope.rooms.clone();
    vec![Part::new("", move |session| {
        let (with_rust, with_c) = (session.built(Kind::GIL)?, session.built(Kind::GIL.c_only())?);
        let (report, ended) = Run::default().start(session, &with_rust)?;
        let names: Vec<String> = report.bad.keys().cloned().collect();
        let alone = Run { tests: names.clone(), alone: true, ..Run::default() };
        let (again, without) = if names.is_empty() {
            Default::default()
        } else {
            (alone.start(session, &with_rust)?.0, alone.start(session, &with_c)?.0)
        };
        Ok(Outcome::Ran(judge(&rooms, &report, &again, &without, &ended)))
    })]
}

/// Compares a whole run with Rust, what failed in it run `again`, and the same `without` Rust.
///
/// A test that is not of our modules may fail once because the machine is busy; it counts when it fails again.
fn judge(rooms: &[Room], whole: &Report, again: &Report, without: &Report, ended: &Ended) -> Tally {
    let mut tally = Tally { skipped: whole.skipped, ..Tally::default() };
    let mut bad_cases = 0;
    let (mut with_c_too, mut only_once) = (Vec::new(), Vec::new());
    for (name, first) in &whole.bad {
        bad_cases += first.cases.len().max(1);
        let ours = rooms.iter().flat_map(|room| &room.facts.tests).any(|test| is_of(name, test));
        let Some(bad) = again.bad.get(name).or(ours.then_some(first)) else {
            only_once.push(name.as_str());
            continue;
        };
        let new = newly_bad(bad, without.bad.get(name));
        if new.is_empty() {
            with_c_too.push(name.as_str());
        } else {
            tally.failed += new.len();
            tally.trouble.push(format!("{name} {}, but not without Rust:", bad.how));
            tally.trouble.extend(new.into_iter().map(|case| format!("  {case}")));
        }
    }
    tally.passed = whole.run.saturating_sub(whole.skipped + bad_cases);
    if whole.run < LEAST {
        tally.failed += 1;
        tally.trouble.push(format!("only {} tests were run ({})", whole.run, ended.how));
        tally.trouble.push(regrtest::excerpt(&ended.text));
    }
    let mut notes = vec![format!("{} files", whole.files)];
    for (names, what) in [(with_c_too, "fail with C too"), (only_once, "failed once, passed alone")]
    {
        if !names.is_empty() {
            notes.push(format!("{what}: {}", names.join(" ")));
        }
    }
    tally.note = notes.join("; ");
    tally
}

/// Whether the file is `test`, or one of those that a folder of tests has been split into.
fn is_of(name: &str, test: &str) -> bool {
    name.strip_prefix(test).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The cases that fail now and not with C; the file itself when it fails in another way.
fn newly_bad(ours: &Bad, theirs: Option<&Bad>) -> Vec<String> {
    let Some(theirs) = theirs else {
        let cases: Vec<_> = ours.cases.iter().cloned().collect();
        return if cases.is_empty() { vec![ours.how.clone()] } else { cases };
    };
    let kind = |bad: &Bad| bad.how.split(['(', ',']).next().unwrap_or_default().trim().to_owned();
    if ours.cases.is_empty() && (kind(ours) != kind(theirs) || !theirs.cases.is_empty()) {
        return vec![format!("{} (with C: {})", ours.how, theirs.how)];
    }
    ours.cases.difference(&theirs.cases).cloned().collect()
}

/// Fewer tests than that are not the whole suite.
const LEAST: usize = 30_000;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn report(bad: &[(&str, &str, &[&str])]) -> Report {
        let bad = bad.iter().map(|(name, how, cases)| {
            let cases: BTreeSet<_> = cases.iter().map(|&case| case.to_owned()).collect();
            ((*name).to_owned(), Bad { how: (*how).to_owned(), cases })
        });
        Report { run: 50_000, skipped: 1000, files: 490, bad: BTreeMap::from_iter(bad) }
    }

    fn judged(whole: &Report, again: &Report, without: &Report) -> Tally {
        let facts =
            toml::from_str("name='x'\ntests=['test_x']\nstate='whole'\nsummary=''\n").unwrap();
        let rooms = [Room { folder: "x".to_owned(), facts }];
        let ended = Ended { success: false, text: String::new(), how: "exit status: 2".to_owned() };
        judge(&rooms, whole, again, without, &ended)
    }

    #[test]
    fn what_fails_with_c_too_is_no_failure() {
        let socket = report(&[("test_socket", "failed (1 failure)", &["a", "b"])]);
        let tally = judged(&socket, &socket, &socket);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (48_998, 0, 1000));
        assert!(tally.note.contains("with C too: test_socket"), "{}", tally.note);
    }

    #[test]
    fn what_fails_with_rust_only_is_a_failure() {
        let with = report(&[("test_socket", "failed (2 failures)", &["a", "b"])]);
        let without = report(&[("test_socket", "failed (1 failure)", &["a"])]);
        let tally = judged(&with, &with, &without);
        assert_eq!(tally.failed, 1);
        assert!(tally.trouble.contains(&"  b".to_owned()), "{:?}", tally.trouble);
        assert_eq!(judged(&with, &with, &report(&[])).failed, 2);
    }

    #[test]
    fn a_crash_is_no_common_failure() {
        let with = report(&[("test_json", "worker non-zero exit code (Exit code -11)", &[])]);
        let without = report(&[("test_json", "failed (1 failure)", &["a"])]);
        assert_eq!(judged(&with, &with, &without).failed, 1);
        assert_eq!(judged(&with, &with, &with).failed, 0);
    }

    #[test]
    fn only_tests_of_others_may_fail_once() {
        let once = report(&[("test_socket", "failed (1 failure)", &["a"])]);
        let tally = judged(&once, &report(&[]), &report(&[]));
        assert_eq!(tally.failed, 0);
        assert!(tally.note.contains("passed alone: test_socket"), "{}", tally.note);
        let ours = report(&[("test_x", "failed (1 failure)", &["a"])]);
        assert_eq!(judged(&ours, &report(&[]), &report(&[])).failed, 1);
        let part = report(&[("test_x.test_y", "failed (1 failure)", &["a"])]);
        assert_eq!(judged(&part, &report(&[]), &report(&[])).failed, 1);
        let other = report(&[("test_xy", "failed (1 failure)", &["a"])]);
        assert_eq!(judged(&other, &report(&[]), &report(&[])).failed, 0);
    }

    #[test]
    fn a_run_that_broke_off_is_a_failure() {
        let none = Report::default();
        assert_eq!(judged(&none, &none, &none).failed, 1);
    }
}
