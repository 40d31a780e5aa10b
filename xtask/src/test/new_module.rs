//! `cargo xtask new-module` in a copy of the workspace: the room builds, passes its tests, and tidy has no complaint.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::cargo;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::interpreter::{self, watch_cargo};
use crate::kind::Kind;
use crate::new_module::{Options, create};
use crate::tidy::{RULES, Workspace, tree};
use crate::{layout, logged};

/// Makes a room for a module that nobody has, and tries everything with it.
pub(super) fn new_module(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("", |session| {
        let copy = copy(&session.scratch()?)?;
        let before = complaints(&copy)?;
        create(&copy, &Options::named("_spam"))?;

        let mut tally = Tally::default();
        for step in [in_the_core, formatted, in_python] {
            tally.add(step(session, &copy)?);
            if tally.failed > 0 {
                return Ok(Outcome::Ran(tally));
            }
        }
        let after = complaints(&copy)?;
        tally
            .add(Tally::of_complaints(after.into_iter().filter(|c| !before.contains(c)).collect()));
        fs::remove_dir_all(&copy)?;
        Ok(Outcome::Ran(tally))
    })]
}

/// Copies what people wrote.
pub(super) fn copy(scratch: &Path) -> Result<PathBuf> {
    let copy = scratch.join("workspace");
    for file in tree::files(layout::root())? {
        let path = copy.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(&copy))?;
        fs::write(path, file.text)?;
    }
    Ok(copy)
}

fn in_the_core(session: &Session<'_>, copy: &Path) -> Result<Tally> {
    let mut command = cargo::plain_cargo();
    command.current_dir(copy).args(["test", "--package", "spam-core"]);
    command.arg("--target-dir").arg(target());
    cargo::tests(session, command).map(Outcome::into_tally)
}

fn formatted(session: &Session<'_>, copy: &Path) -> Result<Tally> {
    let mut command = cargo::plain_cargo();
    command.current_dir(copy).args([
        "fmt",
        "--check",
        "--package",
        "spam-core",
        "--package",
        "spam-face",
    ]);
    one_test(session, command)
}

/// The module in the shared object, imported by an interpreter of its own choice, passes its own tests.
fn in_python(session: &Session<'_>, copy: &Path) -> Result<Tally> {
    let build = session.built(Kind::GIL.c_only())?;
    let mut command = build.cargo()?;
    command.current_dir(copy).args(["rustc", "--package", "rust-stdlib", "--release"]);
    command.args(["--crate-type", "cdylib", "--no-default-features", "--features", "spam"]);
    command.arg("--target-dir").arg(target());
    interpreter::show_cargo_bar(&mut command);
    let mut tally = one_test(session, command)?;
    if tally.failed > 0 {
        return Ok(tally);
    }
    let folder = copy.join("target/lib");
    fs::create_dir_all(&folder)?;
    let library = format!("{DLL_PREFIX}rust_stdlib{DLL_SUFFIX}");
    let module = folder.join("_spam.so");
    fs::copy(target().join("release").join(library), &module)?;
    let mut python = build.python();
    python.arg(copy.join("modules/spam/python/test_spam.py")).env("PYTHONPATH", folder);
    let ended = session.run(python, "its tests in Python", LIMIT, |_, _| ())?;
    let ran = ended
        .text
        .lines()
        .find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse().ok());
    tally.add(match (ended.success, ran) {
        (true, Some(passed)) => Tally { passed, ..Tally::default() },
        _ => Tally::failure(ended.text),
    });
    let mut speed = build.python();
    speed.arg(copy.join("tests/speed/speed.py")).arg("--rust").arg(&module);
    speed.args(["--only", "_spam", "--seconds", "0.01"]);
    let ended = session.run(speed, "its rows in the benchmark", LIMIT, |_, _| ())?;
    let measured = ["micro longest_run 32 B ", "bulk longest_run 1 MiB "]
        .into_iter()
        .all(|row| ended.text.lines().any(|line| line.starts_with(row) && line.ends_with(" ok")));
    let complaints = if measured { Vec::new() } else { vec![ended.text] };
    tally.add(Tally::of_complaints(complaints));
    Ok(tally)
}

/// Cargo takes a copy of a workspace for the workspace itself, so the copy must not share its target folder.
fn target() -> PathBuf {
    layout::build().join("test/new-module-cargo")
}

fn one_test(session: &Session<'_>, command: Command) -> Result<Tally> {
    let ended = session.run(command, "new-module", LIMIT, watch_cargo)?;
    let complaints =
        if ended.success { Vec::new() } else { vec![ended.how, logged::excerpt(&ended.text)] };
    Ok(Tally::of_complaints(complaints))
}

fn complaints(root: &Path) -> Result<Vec<String>> {
    let workspace = Workspace::read(root)?;
    Ok(RULES.iter().flat_map(|rule| (rule.check)(&workspace)).collect())
}

const LIMIT: Duration = Duration::from_secs(20 * 60);
