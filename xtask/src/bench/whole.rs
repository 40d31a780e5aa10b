//! What the Rust modules cost the interpreter as a whole: its start, its size, and the time to build it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};

use super::compare;
use super::results::Whole;
use crate::interpreter::{self, Build};
use crate::kind::Kind;
use crate::{layout, rooms};

/// Start, imports and size, beside the interpreter without Rust.
pub(super) fn start_and_size(folder: &Path) -> Result<Vec<Whole>> {
    let with_c = interpreter::ensure_built(Kind::GIL.c_only())?;
    let with_rust = interpreter::ensure_built(Kind::GIL)?;
    let times = starts(&with_c, &with_rust, folder)?;
    let row = |what: String, c: f64, rust: f64, unit: &str, bar: &str, ok: bool| Whole {
        what,
        c: Some(c),
        rust,
        unit: unit.to_owned(),
        bar: bar.to_owned(),
        ok,
    };
    let mut rows = Vec::new();
    for (name, [c, rust]) in times {
        rows.push(match name.as_str() {
            START => row(name, c / 1e6, rust / 1e6, "ms", "2 % more", rust <= 1.02 * c),
            _ => row(format!("import {name}"), c / 1e3, rust / 1e3, "µs", "", true),
        });
    }
    let (c, rust) = (stripped(&with_c)?, stripped(&with_rust)?);
    let megabytes = |size: u64| size as f64 / 1e6;
    rows.push(row(
        "size of the interpreter, stripped".to_owned(),
        megabytes(c),
        megabytes(rust),
        "MB",
        "1.5 MB more",
        rust <= c + 1_500_000,
    ));
    show(&rows);
    Ok(rows)
}

/// How long builds take, which takes some minutes.
pub(super) fn builds() -> Result<Vec<Whole>> {
    let build = interpreter::ensure_built(Kind::GIL)?;
    let target = layout::build().join("clean");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let mut command = build.cargo()?;
    command.args(["build", "--quiet", "--release", "--workspace", "--target-dir"]).arg(&target);
    let started = Instant::now();
    ensure!(command.status()?.success(), "the workspace does not build");
    let clean = started.elapsed();
    fs::remove_dir_all(target)?;

    let room = rooms::all()?.into_iter().next().context("there is no room")?;
    let core = layout::root().join("modules").join(room.folder).join("core/src/lib.rs");
    File::options().append(true).open(core)?.set_modified(SystemTime::now())?;
    let started = Instant::now();
    interpreter::ensure_built(Kind::GIL)?;
    let touched = started.elapsed();
    let row = |what: &str, took: Duration, most: u64| Whole {
        what: what.to_owned(),
        c: None,
        rust: took.as_secs_f64(),
        unit: "s".to_owned(),
        bar: format!("{most} s"),
        ok: took <= Duration::from_secs(most),
    };
    let rows = vec![
        row("clean build of the workspace", clean, 90),
        row("a core touched, to an interpreter", touched, 10),
    ];
    show(&rows);
    Ok(rows)
}

/// Nanoseconds with C and with Rust, of a start and of the import of each module that both have.
fn starts(with_c: &Build, with_rust: &Build, folder: &Path) -> Result<BTreeMap<String, [f64; 2]>> {
    let file = folder.join("starts.json");
    let mut command = with_c.python();
    command.arg(layout::root().join("tests/speed/starting.py"));
    command.args([&with_c.python, &with_rust.python, &file]);
    let rooms = with_rust.rooms.iter().filter(|room| room.facts.replaces.is_some());
    command.args(rooms.map(|room| &room.facts.name));
    ensure!(command.status()?.success(), "the interpreters cannot be measured");
    compare::read(&file)
}

/// The size of the interpreter without its symbols.
fn stripped(build: &Build) -> Result<u64> {
    let copy = layout::beside(Path::new(&build.python), ".stripped");
    let status = Command::new("strip").arg("-o").arg(&copy).arg(&build.python).status();
    ensure!(status.context("cannot start strip")?.success(), "strip failed");
    let size = fs::metadata(&copy)?.len();
    fs::remove_file(copy)?;
    Ok(size)
}

/// Prints the rows.
fn show(rows: &[Whole]) {
    for Whole { what, c, rust, unit, bar, ok } in rows {
        let c = c.map_or("-".to_owned(), |c| format!("{c:.2} {unit}"));
        let bar = if bar.is_empty() { String::new() } else { format!("at most {bar}") };
        let verdict = if *ok { "ok" } else { "FAIL" };
        println!("{what:<34} C {c:>10}  Rust {rust:>7.2} {unit}  {bar:<20} {verdict}");
    }
}

/// What starting.py calls the start.
const START: &str = "start";
