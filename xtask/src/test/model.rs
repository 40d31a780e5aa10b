//! What threads share without a lock, in every order they can have (loom); the cores under Miri, where there is one.

use std::process::Command;

use anyhow::Result;

use super::cargo::{plain_cargo, tests};
use super::outcome::Outcome;
use super::plan::{Part, Scope};
use super::session::Session;

/// The lock and the queue under loom.
pub(super) fn short(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let loom = |session: &Session<'_>| {
        let mut command = plain_cargo();
        command.args(["test", "--package", "model"]);
        tests(session, command)
    };
    vec![Part::new("loom", loom)]
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

/// Without Miri nothing has run: what the tests do natively is the suite `cores` of `cargo xtask test`.
fn miri(session: &Session<'_>, package: &str) -> Result<Outcome> {
    let there = Command::new("cargo").args(["+nightly", "miri", "--version"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return Ok(Outcome::Skipped("NOT RUN: Miri is not installed".to_owned()));
    }
    let mut command = plain_cargo();
    command.args(["+nightly", "miri", "test", "--package", package]);
    tests(session, command)
}
