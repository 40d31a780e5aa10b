//! CPython's own tests of the modules, unmodified, in each kind of interpreter.

use anyhow::Result;

use super::cargo::KINDS;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::{Report, Run};
use super::session::Session;
use crate::kind::Kind;

/// The tests that the rooms name, and `test_inspect`, which looks at every signature.
pub(super) fn python(scope: &Scope) -> Vec<Part> {
    let named = scope.rooms.iter().flat_map(|room| &room.facts.tests);
    let tests = with_inspect(scope, named);
    if tests.is_empty() {
        return Vec::new();
    }
    let built_in: usize =
        scope.rooms.iter().flat_map(|room| room.facts.skipped_when_built_in.values()).sum();
    let part = |kind: Kind| {
        let run = Run { tests: tests.clone(), ..Run::default() };
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let (report, ended) = run.start(session, &build)?;
            let mut tally = report.tally(&ended);
            if kind == Kind::GIL {
                tally.add(as_many_as_in_c(session, &run, &report, built_in)?);
            }
            Ok(Outcome::Ran(tally))
        })
    };
    KINDS.into_iter().map(part).collect()
}

/// The same tests, but those that a room leaves out, several times over, in the interpreter that
/// counts references.
pub(super) fn leaks(scope: &Scope) -> Vec<Part> {
    let tests = with_inspect(scope, scope.rooms.iter().flat_map(|room| room.facts.repeated()));
    if tests.is_empty() {
        return Vec::new();
    }
    vec![Part::new("", move |session| {
        let build = session.built(Kind::DEBUG)?;
        let run = Run { tests, arguments: vec!["-R", "3:3"], ..Run::default() };
        Ok(Outcome::Ran(run.tally(session, &build)?))
    })]
}

/// One test: with C modules, as many cases run and as many are skipped; none is lost because a module is not C,
/// but those that CPython skips where it is built in.
fn as_many_as_in_c(
    session: &Session<'_>,
    run: &Run<'_>,
    ours: &Report,
    built_in: usize,
) -> Result<Tally> {
    let (theirs, _) = run.start(session, &session.built(Kind::GIL.c_only())?)?;
    let counts = |report: &Report| (report.files, report.run, report.skipped);
    let mut complaints = Vec::new();
    if counts(ours) != (theirs.files, theirs.run, theirs.skipped + built_in) {
        complaints.push(format!(
            "(files, cases, skipped) are {:?} with Rust and {:?} with C",
            counts(ours),
            counts(&theirs)
        ));
    }
    Ok(Tally::of_complaints(complaints))
}

/// Each test once, with `test_inspect` unless the run is narrowed.
fn with_inspect<'a>(scope: &Scope, named: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut tests: Vec<String> = named.cloned().collect();
    if !scope.narrow {
        tests.push("test_inspect".to_owned());
    }
    tests.sort();
    tests.dedup();
    tests
}
