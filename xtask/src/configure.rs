//! CPython's `configure`, out of tree.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::kind::Kind;
use crate::lock::Lock;
use crate::progress::Step;
use crate::source::Source;
use crate::{layout, logged, packages, programs, stamp};

/// How many lines `configure` prints, about: for the bar.
const LINES: u64 = 900;

/// Configures the build folder of `kind` for `source`, unless that has been done.
///
/// Starts from an empty folder when the source or the options are others than the last time, or when the last time
/// was interrupted. Sees to the system packages first.
pub fn ensure(kind: Kind, source: &Source, lock: &Lock) -> Result<()> {
    let home = layout::kind(kind);
    let folder = home.join("cpython");
    let done = home.join("configured");
    let script = source.folder.join("configure");
    let arguments = kind.configure_arguments();
    let facts = format!("{}\n{}\n{arguments:?}\n", script.display(), stamp::of_file(&script));
    if stamp::matches(&done, &facts) && folder.join("Makefile").exists() {
        return Ok(());
    }
    packages::ensure(kind.rust, lock, &home.join("logs"))?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut command = Command::new(&script);
    programs::without_cargo(command.args(arguments).current_dir(&folder));
    let mut step =
        Step::counting(format!("Configuring CPython {} ({})", source.version, kind.name()));
    step.expect(LINES);
    logged::run(command, lock, &home.join("logs/04-configure.log"), step, |line, step| {
        step.advance(line.trim_start_matches("checking ").trim_start_matches("for "));
    })?;
    fs::write(done, facts)?;
    Ok(())
}
