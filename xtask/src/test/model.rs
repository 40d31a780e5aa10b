//! What threads share without a lock, in every order they can have (loom); the API on a small model of CPython, and the
//! cores, under Miri, where there is one.

use std::process::Command;

use anyhow::Result;

use super::cargo::{plain_cargo, tests};
use super::outcome::Outcome;
use super::plan::{Part, Scope};
use super::session::Session;
use crate::interpreter;
use crate::kind::Kind;

/// The lock and the queue under loom, and the API on the model.
pub(super) fn short(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let loom = |session: &Session<'_>| {
        let mut command = plain_cargo();
        command.args(["test", "--package", "model"]);
        tests(session, command)
    };
    vec![Part::new("loom", loom), Part::new("objects", objects)]
}

/// The same, and each core under Miri.
pub(super) fn long(scope: &Scope) -> Vec<Part> {
    let mut parts = short(scope);
    parts.extend(scope.rooms.iter().map(|room| {
        let package = format!("{}-core", room.folder);
        Part::new(format!("miri-{}", room.folder), move |session| miri(session, &package))
    }));
    parts
}

/// Handles, state, classes, collector, locks and queue, with a model instead of CPython: under Miri, or natively.
fn objects(session: &Session<'_>) -> Result<Outcome> {
    let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
    let how = if has_miri() {
        // The model counts its objects itself; some tests leave objects behind.
        command.args(["+nightly", "miri"]).env("MIRIFLAGS", "-Zmiri-ignore-leaks");
        "under Miri"
    } else {
        "natively: Miri is not installed"
    };
    command.args(["test", "--package", "objects"]);
    let mut outcome = tests(session, command)?;
    if let Outcome::Ran(tally) = &mut outcome {
        tally.note = how.to_owned();
    }
    Ok(outcome)
}

/// Without Miri nothing has run: what the tests do natively is the suite `cores` of `cargo xtask test`.
fn miri(session: &Session<'_>, package: &str) -> Result<Outcome> {
    if !has_miri() {
        return Ok(Outcome::Skipped("NOT RUN: Miri is not installed".to_owned()));
    }
    let mut command = plain_cargo();
    command.args(["+nightly", "miri", "test", "--package", package]);
    tests(session, command)
}

fn has_miri() -> bool {
    let there = Command::new("cargo").args(["+nightly", "miri", "--version"]).output();
    there.is_ok_and(|output| output.status.success())
}
