//! The Rust modules and their C twins in one process: the programs in `tests/twin`.

use std::time::Duration;

use anyhow::Result;

use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::kind::Kind;
use crate::{interpreter, layout};

/// First that the programs find what differs, then that nothing does. Always with the same random calls, so that a
/// test fails for a change alone; [`at_length`] finds new ones.
pub(super) fn twins(scope: &Scope) -> Vec<Part> {
    let names: Vec<String> = scope.rooms.iter().map(|room| room.facts.name.clone()).collect();
    let compares = |part: &str, program: &'static str, arguments: &'static [&'static str]| {
        let names = names.clone();
        Part::new(part, move |session| {
            let arguments = names.into_iter().chain(arguments.iter().map(|&text| text.to_owned()));
            compare(session, program, arguments.collect(), true)
        })
    };
    let tests_itself = |part: &str, program: &'static str, arguments: &'static [&'static str]| {
        Part::new(part, move |session| {
            let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
            compare(session, program, arguments, false)
        })
    };
    let mut parts = vec![
        compares("surface", "surface.py", &[]),
        compares("differential", "differential.py", &["--seconds", "20", "--seed", "1"]),
    ];
    if names.iter().any(|name| name == "_zoneinfo") {
        parts.push(compares("zones", "zones.py", &[]));
    }
    if !scope.narrow {
        parts.push(Part::new("corpus", |session| {
            let corpora = layout::root().join("tests/fuzz/corpus");
            compare(session, "corpus.py", vec![corpora.display().to_string()], true)
        }));
        parts.push(tests_itself("surface-itself", "surface.py", &["--self-test"]));
        parts.push(tests_itself(
            "differential-itself",
            "differential.py",
            &["--self-test", "--seed", "1"],
        ));
    }
    parts
}

/// Random calls for ten minutes.
pub(super) fn at_length(scope: &Scope) -> Vec<Part> {
    let names: Vec<String> = scope.rooms.iter().map(|room| room.facts.name.clone()).collect();
    vec![Part::new("differential", move |session| {
        let arguments = names.into_iter().chain(["--seconds".to_owned(), "600".to_owned()]);
        compare(session, "differential.py", arguments.collect(), true)
    })]
}

fn compare(
    session: &Session<'_>,
    program: &str,
    arguments: Vec<String>,
    with_rust: bool,
) -> Result<Outcome> {
    let build = session.built(Kind::GIL.c_only())?;
    let mut command = build.python();
    command.arg(layout::root().join("tests/twin").join(program)).args(arguments);
    if with_rust {
        command.env("RUST_STDLIB", interpreter::build_shared(&build)?);
    }
    let ended = session.run(command, session.part(), LIMIT, |line, step| step.advance(line))?;
    let mut tally = count(&ended.text);
    if !ended.success || tally == Tally::default() {
        tally.failed = tally.failed.max(1);
        let bad = ended.text.lines().filter(|line| !is_good(line)).take(40);
        tally.trouble = [format!("{program}: {}", ended.how)]
            .into_iter()
            .chain(bad.map(str::to_owned))
            .collect();
    }
    Ok(Outcome::Ran(tally))
}

/// A module that was compared is a test, and so is each line `ok` or `FAIL` of a program that tests itself.
fn count(text: &str) -> Tally {
    let mut tally = Tally::default();
    let mut calls = 0;
    for line in text.lines() {
        let compared = compared(line);
        if is_good(line) {
            tally.passed += 1;
        } else if line.starts_with("FAIL ") || compared.is_some() {
            tally.failed += 1;
        }
        calls += compared.unwrap_or(0);
    }
    if calls > 0 {
        tally.note = format!("{calls} comparisons");
    }
    tally
}

fn is_good(line: &str) -> bool {
    line.starts_with("ok ")
        || (compared(line).is_some() && (line.ends_with(": equal") || line.ends_with(", 0 differ")))
}

/// How many calls were compared: `_bisect: 94 compared, 2 differ`, `_bisect: 94 cases, seed 7, 1.0 s: equal`, or
/// `_bisect: differs after 94 cases, seed 7`.
fn compared(line: &str) -> Option<u64> {
    let (name, rest) = line.split_once(": ")?;
    let rest = rest.strip_prefix("differs after ").unwrap_or(rest);
    let (count, what) = rest.split_once(' ')?;
    let told = ["compared,", "cases,"].iter().any(|word| what.starts_with(word));
    (told && !name.contains(' ')).then(|| count.parse().ok())?
}

const LIMIT: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_were_compared_are_counted() {
        let tally = count(
            "binascii: 90123 compared, 0 differ\n_bisect: names: insort: C 1, Rust 2\n\
             _bisect: 7 compared, 1 differ\nbinascii: 4000 cases, seed 9, 20.0 s: equal\n\
             _statistics: differs after 5 cases, seed 9\n  call f(1)\n",
        );
        assert_eq!((tally.passed, tally.failed), (2, 2));
        assert_eq!(tally.note, "94135 comparisons");
    }

    #[test]
    fn tests_of_the_programs_themselves_are_counted() {
        let tally =
            count("ok   a against itself: 9 compared\nFAIL b: not found\n1 passed, 1 failed\n");
        assert_eq!((tally.passed, tally.failed), (1, 1));
    }
}
