//! The modules compiled with AddressSanitizer, in an interpreter that gives each object a memory of its own. What the machine lacks for it is said, and not counted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::Run;
use super::session::Session;
use crate::interpreter::Build;
use crate::kind::Kind;
use crate::layout;

/// All of them.
pub(super) fn sanitizers(scope: &Scope) -> Vec<Part> {
    let names: Vec<String> = scope.rooms.iter().map(|room| room.facts.name.clone()).collect();
    let address = |program: &'static str, arguments: &'static [&'static str]| {
        let names = names.clone();
        Part::new(format!("address-{}", program.trim_end_matches(".py")), move |session| {
            address(
                session,
                program,
                names.iter().map(String::as_str).chain(arguments.iter().copied()),
            )
        })
    };
    vec![
        address("twin/differential.py", &["--seconds", "60"]),
        address("proof/threads.py", &["--seconds", "5"]),
        Part::new("address-attacks", attacks),
        Part::new("thread", |_| {
            Ok(Outcome::Skipped(
                "NOT RUN: needs a CPython that is compiled with ThreadSanitizer, and rust-src"
                    .to_owned(),
            ))
        }),
    ]
}

/// Runs a program with modules whose every access to memory is checked. CPython itself is not compiled so; but with
/// PYTHONMALLOC=malloc its objects come from the sanitizer's allocator, which knows where they end.
fn address<'a>(
    session: &Session<'_>,
    program: &str,
    arguments: impl Iterator<Item = &'a str>,
) -> Result<Outcome> {
    let build = session.built(Kind::GIL.c_only())?;
    let environment = match environment(session, &build, "rust-stdlib", "RUST_STDLIB")? {
        Ok(environment) => environment,
        Err(why_not) => return Ok(why_not),
    };
    let mut command = build.python();
    command.arg(layout::root().join("tests").join(program)).args(arguments).envs(environment);
    let ended = session.run(command, session.part(), LIMIT, |_, _| {})?;
    let good = |line: &&str| line.starts_with("ok ") || line.ends_with(": equal");
    let mut tally = Tally { passed: ended.text.lines().filter(good).count(), ..Tally::default() };
    if !ended.success || tally.passed == 0 || ended.text.contains("ERROR: AddressSanitizer") {
        let bad = ended.text.lines().filter(|line| !good(line)).take(60).map(str::to_owned);
        tally.failed = 1;
        tally.trouble = std::iter::once(format!("{program}: {}", ended.how)).chain(bad).collect();
    }
    Ok(Outcome::Ran(tally))
}

/// The attacks, with the test modules compiled so.
fn attacks(session: &Session<'_>) -> Result<Outcome> {
    let build = session.built(Kind::GIL.c_only())?;
    let mut environment = match environment(session, &build, "attacks-export", "ATTACKS")? {
        Ok(environment) => environment,
        Err(why_not) => return Ok(why_not),
    };
    let folder = layout::root().join("tests/attacks/python");
    environment.push(("PYTHONPATH", folder.display().to_string()));
    environment.push(("RUST_BACKTRACE", "0".to_owned()));
    let run = Run { folder: Some(&folder), environment, limit: LIMIT, ..Run::default() };
    Ok(Outcome::Ran(run.tally(session, &build)?))
}

/// The environment of a program that is to use a library of ours, whose path is to be in `variable`; or why there is
/// none here.
///
/// The library is compiled by the nightly Rust; the sanitizer's functions are gcc's, which is preloaded.
fn environment(
    session: &Session<'_>,
    build: &Build,
    package: &str,
    variable: &'static str,
) -> Result<Result<Vec<(&'static str, String)>, Outcome>> {
    let cannot = |why: &str| Ok(Err(Outcome::Skipped(format!("NOT RUN: {why}"))));
    let Some(runtime) = runtime() else {
        return cannot("gcc has no libasan here");
    };
    if !Command::new("rustc").args(["+nightly", "--version"]).output()?.status.success() {
        return cannot("there is no nightly Rust");
    }
    let target = build.cargo_target.join("address");
    let mut command = build.cargo()?;
    command.args([
        "+nightly",
        "rustc",
        "--package",
        package,
        "--release",
        "--crate-type",
        "cdylib",
    ]);
    command.args(["--target", TRIPLE]).env("CARGO_TARGET_DIR", &target);
    command.env("RUSTFLAGS", "-Zsanitizer=address -Zexternal-clangrt -Cdebuginfo=line-tables-only");
    let ended = session.run(command, session.part(), LIMIT, crate::interpreter::watch_cargo)?;
    if !ended.success {
        return Ok(Err(Outcome::Ran(Tally::failure("does not compile with AddressSanitizer"))));
    }
    let library = format!("lib{}.so", package.replace('-', "_"));
    let library = target.join(TRIPLE).join("release").join(library);
    Ok(Ok(vec![
        (variable, library.display().to_string()),
        ("LD_PRELOAD", runtime.display().to_string()),
        ("PYTHONMALLOC", "malloc".to_owned()),
        ("ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1".to_owned()),
    ]))
}

/// Where gcc keeps the sanitizer's library.
fn runtime() -> Option<PathBuf> {
    let output = Command::new("cc").arg("-print-file-name=libasan.so").output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    let path = Path::new(path.trim());
    path.is_absolute().then(|| path.to_owned())
}

const TRIPLE: &str = "x86_64-unknown-linux-gnu";

const LIMIT: Duration = Duration::from_secs(60 * 60);
