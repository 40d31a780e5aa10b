//! What the Rust modules cost the interpreter as a whole: its start, its size, and the time to build it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};

use crate::interpreter::{self, Build};
use crate::kind::Kind;
use crate::{layout, rooms};

/// One line of the table: what it is, how much with C, how much with Rust, and whether that is within the bar.
struct Row {
    what: &'static str,
    c: String,
    rust: String,
    bar: &'static str,
    ok: bool,
}

/// Start and size, beside the interpreter without Rust; false when a bar is missed.
pub(super) fn start_and_size() -> Result<bool> {
    let with_c = interpreter::ensure_built(Kind::GIL.c_only())?;
    let with_rust = interpreter::ensure_built(Kind::GIL)?;
    let (c, rust) = starts(&with_c, &with_rust)?;
    let (c_size, rust_size) = (stripped(&with_c)?, stripped(&with_rust)?);
    let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
    let megabytes = |size: u64| format!("{:.2} MB", size as f64 / 1e6);
    Ok(show(&[
        Row {
            what: "start of the interpreter",
            c: milliseconds(c),
            rust: milliseconds(rust),
            bar: "2 % more",
            ok: rust.as_secs_f64() <= 1.02 * c.as_secs_f64(),
        },
        Row {
            what: "size of the interpreter, stripped",
            c: megabytes(c_size),
            rust: megabytes(rust_size),
            bar: "1.5 MB more",
            ok: rust_size <= c_size + 1_500_000,
        },
    ]))
}

/// How long builds take; false when a bar is missed. It takes some minutes itself.
pub(super) fn builds() -> Result<bool> {
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
    let row = |what, took: Duration, bar, most| Row {
        what,
        c: "-".to_owned(),
        rust: format!("{:.1} s", took.as_secs_f64()),
        bar,
        ok: took <= Duration::from_secs(most),
    };
    Ok(show(&[
        row("clean build of the workspace", clean, "90 s", 90),
        row("a core touched, to an interpreter", touched, "10 s", 10),
    ]))
}

/// The time each takes to start and end: started in turn, the fastest quarter of each in the middle.
fn starts(first: &Build, second: &Build) -> Result<(Duration, Duration)> {
    const TIMES: usize = 80;
    let once = |build: &Build| -> Result<Duration> {
        let mut command = build.python();
        command.args(["-I", "-c", "pass"]);
        let started = Instant::now();
        ensure!(command.status()?.success(), "{} does not start", build.python.display());
        Ok(started.elapsed())
    };
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        times.0.push(once(first)?);
        times.1.push(once(second)?);
    }
    let typical = |times: &mut Vec<Duration>| {
        times.sort();
        times[TIMES / 8]
    };
    Ok((typical(&mut times.0), typical(&mut times.1)))
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

/// Prints the rows; whether all are well.
fn show(rows: &[Row]) -> bool {
    for Row { what, c, rust, bar, ok } in rows {
        let verdict = if *ok { "ok" } else { "FAIL" };
        println!("{what:<34} C {c:>10}  Rust {rust:>10}  at most {bar:<12} {verdict}");
    }
    rows.iter().all(|row| row.ok)
}
