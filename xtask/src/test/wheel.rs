//! The wheel: built, installed into a virtual environment of a plain C interpreter, used, uninstalled.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::Run;
use super::session::Session;
use crate::interpreter::Build;
use crate::lock::Lock;
use crate::wheel::{self, Venv};
use crate::{interpreter, layout};

/// A part for each kind of interpreter that there is a wheel for.
pub(super) fn wheel(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |kind| {
        let name = if kind == wheel::KINDS[0] { "gil" } else { "free-threaded" };
        Part::new(name, move |session| installed(session, &interpreter::ensure_built(kind)?))
    };
    wheel::KINDS.into_iter().map(part).collect()
}

fn installed(session: &Session<'_>, build: &Build) -> Result<Outcome> {
    let file = wheel::build(build)?;
    let home = session.scratch()?;
    let lock = Lock::take(&home)?;
    let venv = Venv::ensure(build, &home.join("venv"), &lock)?;
    venv.install(&[CHECKER], &lock)?;
    let before = files(&venv.folder)?;
    venv.install(&[&format!("rust-stdlib @ file://{}", file.display())], &lock)?;

    let inside = Build { python: venv.folder.join("bin/python"), ..build.clone() };
    let folder = layout::root().join("tests/wheel");
    let mut tally =
        Run { folder: Some(&folder), alone: true, ..Run::default() }.tally(session, &inside)?;

    let mut uninstall = venv.pip("uninstall");
    uninstall.args(["--yes", "rust-stdlib"]);
    wheel::run(uninstall, &lock, &build.logs.join("12-uninstall.log"), "Uninstalling the wheel")?;
    let after = files(&venv.folder)?;
    let left = after.difference(&before).map(|path| format!("left after uninstalling: {path}"));
    let gone = before.difference(&after).map(|path| format!("gone after uninstalling: {path}"));
    tally.add(Tally::of_complaints(left.chain(gone).collect()));
    Ok(Outcome::Ran(tally))
}

/// The paths of all files in a folder, without what Python compiles when it likes.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "__pycache__" {
                    folders.push(entry.path());
                }
            } else {
                found.insert(entry.path().display().to_string());
            }
        }
    }
    Ok(found)
}

/// What compares the type stubs with the modules.
const CHECKER: &str = "mypy==2.4.1";
