//! Suites that are tests of crates: cargo runs them, its lines are counted.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::no_python;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::interpreter::{self, watch_cargo};
use crate::kind::Kind;
use crate::{layout, logged, programs};

/// The interpreters that everything is tested in, by the names of the parts.
pub(super) const KINDS: [Kind; 3] = [Kind::GIL, Kind::FREE_THREADED, Kind::DEBUG];

/// The tools themselves, `attach` and `detach` on a real build folder among them.
pub(super) fn tools(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |name: &'static str, arguments: &'static [&'static str]| {
        Part::new(name, move |session| {
            let mut command = plain_cargo();
            command.args(["test", "--package", "xtask"]).args(arguments);
            tests(session, command)
        })
    };
    vec![
        part("unit", &["--lib", "--bins"]),
        part("attach", &["--test", "attach", "--", "--include-ignored", "--test-threads=1"]),
    ]
}

/// The cores and what is beneath them, on a `PATH` without Python.
pub(super) fn cores(scope: &Scope) -> Vec<Part> {
    let mut crates: Vec<_> = scope
        .rooms
        .iter()
        .map(|room| (room.folder.clone(), format!("{}-core", room.folder)))
        .collect();
    if !scope.narrow {
        let beneath = ["shared", "simd", "streaming", "bzip2", "zlib"];
        crates.splice(..0, beneath.map(|name| (name.to_owned(), format!("cpython-{name}"))));
    }
    let part = |(name, package): (String, String)| {
        Part::new(name, move |session| {
            let path = no_python::path(&session.scratch()?)?;
            let mut command = plain_cargo();
            command.args(["test", "--package", &package]).env("PATH", path);
            tests(session, command)
        })
    };
    crates.into_iter().map(part).collect()
}

/// The macros: what they make, and every message of what they refuse.
pub(super) fn macros(scope: &Scope) -> Vec<Part> {
    compiled_only(scope, &["--package", "cpython-api-macros"])
}

/// The examples in the API's documentation, and those that must not compile.
pub(super) fn api(scope: &Scope) -> Vec<Part> {
    compiled_only(scope, &["--package", "cpython-api"])
}

/// The bindings and the typed calls, as they are compiled into each kind of interpreter.
pub(super) fn sys(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |kind: Kind| {
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let mut command = build.cargo()?;
            command.args([
                "test",
                "--release",
                "--package",
                "cpython-sys",
                "--package",
                "cpython-ffi",
            ]);
            command.args(["--no-fail-fast", "--", "--include-ignored"]);
            if kind != Kind::GIL {
                command.args(ONCE.iter().flat_map(|test| ["--skip", test]));
            }
            command.env("CPYTHON_BUILD_DIR", &build.folder);
            tests(session, command)
        })
    };
    KINDS.into_iter().map(part).collect()
}

/// A cargo that sees the user's environment, for crates that need no CPython.
pub(super) fn plain_cargo() -> Command {
    let mut command = Command::new("cargo");
    programs::without_cargo(command.current_dir(layout::root()));
    command
}

/// Runs `cargo test` and counts.
pub(super) fn tests(session: &Session<'_>, mut command: Command) -> Result<Outcome> {
    interpreter::show_cargo_bar(&mut command);
    command.env("NO_COLOR", "1");
    let ended = session.run(command, session.part(), LIMIT, watch_cargo)?;
    let mut tally = count(&ended.text);
    if !ended.success {
        tally.failed = tally.failed.max(1);
        tally.trouble = vec![format!("cargo: {}", ended.how), logged::excerpt(&ended.text)];
    }
    Ok(Outcome::Ran(tally))
}

/// Tests that need CPython's headers at most.
fn compiled_only(scope: &Scope, arguments: &'static [&'static str]) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("", move |session| {
        let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
        command.arg("test").args(arguments);
        tests(session, command)
    })]
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
fn count(text: &str) -> Tally {
    let mut tally = Tally::default();
    for line in text.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        for part in line.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let count = words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => tally.passed += count,
                Some("failed") => tally.failed += count,
                Some("ignored") => tally.skipped += count,
                _ => {}
            }
        }
    }
    tally
}

/// Tests that are the same for every kind of interpreter: they build the bindings anew.
const ONCE: [&str; 2] =
    ["bindings_are_made_without_python", "what_is_missing_is_said_in_a_sentence"];

/// How long the tests of a crate may take, with building them.
const LIMIT: Duration = Duration::from_secs(20 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_test_programs_are_added() {
        let text = "running 3 tests\ntest a ... ok\n\n\
                    test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.50s\n";
        let tally = count(text);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (5, 4, 1));
        assert_eq!(count("error: could not compile"), Tally::default());
    }
}
