//! The modules compiled with AddressSanitizer, in an interpreter that gives each object a memory of its own; and with
//! ThreadSanitizer, as the interpreter itself. What the machine lacks for it is said, and not counted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::races;
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
    let threads = names.clone();
    vec![
        address("twin/differential.py", &["--seconds", "60"]),
        address("proof/threads.py", &["--seconds", "5"]),
        Part::new("address-attacks", attacks),
        Part::new("thread", move |session| thread(session, &threads)),
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

/// Eight threads that share every object, where each access to memory of CPython and of ours is watched.
fn thread(session: &Session<'_>, names: &[String]) -> Result<Outcome> {
    let kind = Kind { thread_sanitizer: true, ..Kind::FREE_THREADED.c_only() };
    if let Err(why_not) = runtime(Sanitizer::Thread)? {
        return Ok(why_not);
    }
    let build = session.built(kind)?;
    let Some(library) = compiled(session, &build, "rust-stdlib", Sanitizer::Thread)? else {
        return Ok(Outcome::Ran(Tally::failure("does not compile with ThreadSanitizer")));
    };
    let reports = session.scratch()?;
    let known = build.source.folder.join("Tools/tsan/suppressions_free_threading.txt");
    let options = format!(
        "suppressions={}:log_path={}:exitcode=0:history_size=7",
        known.display(),
        reports.join("report").display(),
    );
    let run = |script: &Path, arguments: &[&str]| {
        let mut command = build.python();
        command.arg(script).args(arguments);
        command.env("RUST_STDLIB", &library).env("TSAN_OPTIONS", &options);
        session.run(command, session.part(), LIMIT, |_, _| {})
    };
    let mut tally = Tally::default();
    // That a race between us and CPython is found: the one that is CPython's alone, a bytearray's bytes.
    let found = run(&layout::root().join("tests/proof/racing.py"), &[])?;
    let named = races::read(&reports, RUST)?.iter().any(|race| race.with_us);
    if found.success && named {
        tally.passed += 1;
    } else {
        tally.add(Tally::failure("ThreadSanitizer finds nothing, though a race was made"));
    }
    for name in names {
        let ended =
            run(&layout::root().join("tests/proof/threads.py"), &[name, "--seconds", "20"])?;
        if ended.success {
            tally.passed += 1;
        } else {
            let log = ended.text.lines().rev().take(30).map(str::to_owned);
            tally.failed += 1;
            tally.trouble.extend(std::iter::once(format!("{name}: {}", ended.how)).chain(log));
        }
    }
    let races = races::read(&reports, RUST)?;
    let (ours, others): (Vec<_>, Vec<_>) = races.iter().partition(|race| race.ours);
    for race in &ours {
        tally.add(Tally::failure(race.text.clone()));
    }
    tally.note = format!("{} races are CPython's own", others.len());
    Ok(Outcome::Ran(tally))
}

/// The environment of a program that is to use a library of ours, whose path is to be in `variable`; or why there is
/// none here. The sanitizer's functions are gcc's, which is preloaded.
fn environment(
    session: &Session<'_>,
    build: &Build,
    package: &str,
    variable: &'static str,
) -> Result<Result<Vec<(&'static str, String)>, Outcome>> {
    let runtime = match runtime(Sanitizer::Address)? {
        Ok(runtime) => runtime,
        Err(why_not) => return Ok(Err(why_not)),
    };
    let Some(library) = compiled(session, build, package, Sanitizer::Address)? else {
        return Ok(Err(Outcome::Ran(Tally::failure("does not compile with AddressSanitizer"))));
    };
    Ok(Ok(vec![
        (variable, library.display().to_string()),
        ("LD_PRELOAD", runtime.display().to_string()),
        ("PYTHONMALLOC", "malloc".to_owned()),
        ("ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1".to_owned()),
    ]))
}

/// Where gcc keeps the functions of a sanitizer; or why this machine cannot compile with it.
fn runtime(sanitizer: Sanitizer) -> Result<Result<PathBuf, Outcome>> {
    let cannot = |why: String| Ok(Err(Outcome::Skipped(format!("NOT RUN: {why}"))));
    let library = sanitizer.library();
    let output = Command::new("cc").arg(format!("-print-file-name={library}")).output();
    let path = output.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    let path = path.map(|path| PathBuf::from(path.trim())).filter(|path| path.is_absolute());
    let Some(path) = path else {
        return cannot(format!("gcc has no {library} here"));
    };
    if !Command::new("rustc").args(["+nightly", "--version"]).output()?.status.success() {
        return cannot("there is no nightly Rust".to_owned());
    }
    Ok(Ok(path))
}

/// A shared object of ours, compiled by the nightly Rust with calls of the sanitizer; none when that fails.
fn compiled(
    session: &Session<'_>,
    build: &Build,
    package: &str,
    sanitizer: Sanitizer,
) -> Result<Option<PathBuf>> {
    let target = build.cargo_target.join(sanitizer.name());
    let mut flags = format!(
        "-Zsanitizer={} -Zexternal-clangrt -Cdebuginfo=line-tables-only \
         -Cunsafe-allow-abi-mismatch=sanitizer",
        sanitizer.name()
    );
    if let Sanitizer::Thread = sanitizer {
        let shim = session.scratch()?.join("tsan.o");
        let source = layout::root().join("tests/proof/tsan.c");
        let mut command = Command::new("cc");
        command.args(["-c", "-O1", "-fPIC", "-fno-builtin", "-o"]).arg(&shim).arg(source);
        if !session.run(command, session.part(), LIMIT, |_, _| {})?.success {
            return Ok(None);
        }
        flags.push_str(&format!(" -Clink-arg={}", shim.display()));
    }
    let mut command = build.cargo()?;
    command.args(["+nightly", "rustc", "--package", package, "--release"]);
    command.args(["--crate-type", "cdylib", "--target", TRIPLE]);
    command.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", flags);
    let ended = session.run(command, session.part(), LIMIT, crate::interpreter::watch_cargo)?;
    let library =
        target.join(TRIPLE).join("release").join(format!("lib{}.so", package.replace('-', "_")));
    Ok(ended.success.then_some(library))
}

/// What memory is watched for.
#[derive(Clone, Copy)]
enum Sanitizer {
    Address,
    Thread,
}

impl Sanitizer {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Thread => "thread",
        }
    }

    fn library(self) -> &'static str {
        match self {
            Self::Address => "libasan.so",
            Self::Thread => "libtsan.so",
        }
    }
}

/// How the library that is watched is called in reports.
const RUST: &str = "librust_stdlib.so";

const TRIPLE: &str = "x86_64-unknown-linux-gnu";

const LIMIT: Duration = Duration::from_secs(60 * 60);
