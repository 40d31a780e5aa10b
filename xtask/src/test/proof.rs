//! The programs of `tests/proof`: every module without memory, in many interpreters, in many threads, and at the end.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::cargo::KINDS;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::kind::Kind;
use crate::{interpreter, layout};

/// What is tried in the time that people wait for tests: always the same calls, so that it fails for a change alone.
pub(super) fn short(scope: &Scope) -> Vec<Part> {
    let few = &["--calls", "40", "--seed", "1"];
    let mut parts = vec![
        program(scope, "no-memory", Kind::GIL, "no_memory.py", few),
        program(
            scope,
            "threads",
            Kind::FREE_THREADED,
            "threads.py",
            &["--seconds", "2", "--seed", "1"],
        ),
        program(scope, "ends", Kind::GIL, "ends.py", &["--rounds", "1", "--seed", "1"]),
    ];
    if !scope.narrow {
        parts.insert(0, no_memory_itself());
        parts.push(interpreters("interpreters", Kind::GIL, &["--rounds", "6"]));
    }
    parts
}

/// Each call with each of its allocations failing, in each kind of interpreter.
pub(super) fn no_memory(scope: &Scope) -> Vec<Part> {
    let arguments = &["--calls", "2000", "--most", "3000"];
    let mut parts = of_kinds(|kind| program(scope, &kind.name(), kind, "no_memory.py", arguments));
    if !scope.narrow {
        parts.insert(0, no_memory_itself());
    }
    parts
}

/// Eight threads that share every object, in each kind of interpreter.
pub(super) fn threads(scope: &Scope) -> Vec<Part> {
    of_kinds(|kind| program(scope, &kind.name(), kind, "threads.py", &["--seconds", "60"]))
}

/// Forks, daemon threads, destructors, in each kind of interpreter.
pub(super) fn ends(scope: &Scope) -> Vec<Part> {
    of_kinds(|kind| program(scope, &kind.name(), kind, "ends.py", &["--rounds", "20"]))
}

/// A thousand times sixteen interpreters at once, in each kind of interpreter.
pub(super) fn many_interpreters(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    of_kinds(|kind| interpreters(&kind.name(), kind, &["--rounds", "1000"]))
}

/// Panics in a build where none can be caught.
pub(super) fn panics(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("abort", |session| {
        let build = session.built(Kind::GIL.c_only())?;
        let target = build.cargo_target.join("abort");
        let mut command = build.cargo()?;
        command.args(["rustc", "--package", "attacks-export", "--release"]);
        command.args(["--crate-type", "cdylib", "--config", "profile.release.panic=\"abort\""]);
        command.env("CARGO_TARGET_DIR", &target);
        interpreter::show_cargo_bar(&mut command);
        if !session.run(command, session.part(), LIMIT, interpreter::watch_cargo)?.success {
            return Ok(Outcome::Ran(Tally::failure("does not compile with panic=abort")));
        }
        let mut command = build.python();
        command.arg(layout::root().join("tests/proof/aborts.py"));
        command.env("ATTACKS", target.join("release/libattacks_export.so"));
        finish(session, command, "aborts.py", count)
    })]
}

fn of_kinds(part: impl Fn(Kind) -> Part) -> Vec<Part> {
    KINDS.into_iter().map(part).collect()
}

/// A program on the modules of the scope. They are loaded by an interpreter with C modules, so that those can be asked
/// whether they fail in the same place.
fn program(
    scope: &Scope,
    part: &str,
    kind: Kind,
    program: &'static str,
    arguments: &'static [&'static str],
) -> Part {
    let names: Vec<String> = scope.rooms.iter().map(|room| room.facts.name.clone()).collect();
    Part::new(part, move |session| {
        let arguments = names.into_iter().chain(arguments.iter().map(|&text| text.to_owned()));
        run(session, kind, program, arguments.collect(), false)
    })
}

fn interpreters(part: &str, kind: Kind, arguments: &'static [&'static str]) -> Part {
    Part::new(part, move |session| {
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        run(session, kind, "interpreters.py", arguments, false)
    })
}

/// That the program finds what takes no care of memory.
fn no_memory_itself() -> Part {
    Part::new("no-memory-itself", |session| {
        run(session, Kind::GIL, "no_memory.py", vec!["--self-test".to_owned()], true)
    })
}

fn run(
    session: &Session<'_>,
    kind: Kind,
    program: &str,
    arguments: Vec<String>,
    with_attacks: bool,
) -> Result<Outcome> {
    let build = session.built(kind.c_only())?;
    let mut command = build.python();
    command.arg(layout::root().join("tests/proof").join(program)).args(arguments);
    command.env("RUST_STDLIB", interpreter::build_shared(&build)?).env("RUST_BACKTRACE", "0");
    if with_attacks {
        command.env("ATTACKS", interpreter::build_attacks(&build)?);
    }
    finish(session, command, program, if with_attacks { count_itself } else { count })
}

/// Runs a program and counts what it says.
fn finish(
    session: &Session<'_>,
    command: Command,
    program: &str,
    count: fn(&str) -> Tally,
) -> Result<Outcome> {
    let ended = session.run(command, session.part(), LIMIT, |_, _| {})?;
    let mut tally = count(&ended.text);
    if !ended.success || tally == Tally::default() {
        tally.failed = tally.failed.max(1);
        let bad = ended.text.lines().filter(|line| !line.starts_with("ok ")).take(40);
        tally.trouble = std::iter::once(format!("{program}: {}", ended.how))
            .chain(bad.map(str::to_owned))
            .collect();
    }
    Ok(Outcome::Ran(tally))
}

/// Each line `ok` or `FAIL` is a test; what follows a seed is how to run it again.
fn count(text: &str) -> Tally {
    let mut tally = Tally::default();
    for line in text.lines() {
        tally.passed += usize::from(line.starts_with("ok "));
        tally.failed += usize::from(line.starts_with("FAIL "));
    }
    let seed =
        text.split("seed ").nth(1).map(|rest| rest.split([',', '\n']).next().unwrap_or(rest));
    tally.note = seed.map_or(String::new(), |seed| format!("seed {seed}"));
    tally
}

/// The same of a program that shows that it finds mistakes: only what it says of itself counts.
fn count_itself(text: &str) -> Tally {
    let own: Vec<_> = text.lines().filter(|line| line.contains(" what is ")).collect();
    Tally { note: String::new(), ..count(&own.join("\n")) }
}

/// How long one program may take.
const LIMIT: Duration = Duration::from_secs(6 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted() {
        let tally = count(
            "ok   a: 41 calls, seed 17, 0.3 s\n  FAIL call 3, f(): SIGSEGV\nFAIL b: 1 failures, seed 17\n",
        );
        assert_eq!((tally.passed, tally.failed, tally.note.as_str()), (1, 1, "seed 17"));
    }

    #[test]
    fn only_what_a_program_says_of_itself_counts() {
        let tally = count_itself(
            "ok   careful: 1\nFAIL careless: 2\nok   what is careful passes\nok   what is careless is found\n",
        );
        assert_eq!((tally.passed, tally.failed), (2, 0));
    }
}
