//! CPython's `make`, with a bar that counts the files it makes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::lock::Lock;
use crate::progress::Step;
use crate::{logged, programs};

/// `make` in a build folder, in the environment of the user's shell.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("make");
    programs::without_cargo(command.current_dir(folder));
    command.env_remove("MAKEFLAGS").env_remove("MFLAGS").env_remove("MAKELEVEL");
    command
}

/// Builds everything in `folder`; `marker` is a file that exists while it does, and after it was interrupted.
pub fn all(folder: &Path, lock: &Lock, log: &Path, marker: &Path, title: &str) -> Result<()> {
    if marker.exists() {
        remove_half_written(folder)?;
    }
    fs::write(marker, "")?;
    let mut step = Step::counting(title);
    step.report(0, "counting");
    // A dry run; but GNU make brings the Makefile itself up to date, as it must be after a change of Setup.local.
    let dry = command(folder).arg("-n").output().context(logged::cannot_start("make".as_ref()))?;
    let expected =
        String::from_utf8_lossy(&dry.stdout).lines().filter(|line| product(line).is_some()).count();
    step.expect(expected as u64);
    let mut make = command(folder);
    make.arg(format!("-j{}", programs::jobs()));
    logged::run(make, lock, log, step, |line, step| {
        if let Some(file) = product(line) {
            step.advance(file);
        }
    })?;
    fs::remove_file(marker)?;
    Ok(())
}

/// The file that a command line of `make` writes.
fn product(line: &str) -> Option<&str> {
    let compiles = line.contains(" -c ") || line.contains(" -shared ") || line.contains(" -o ");
    match line.rsplit_once(" -o ") {
        Some((_, rest)) if compiles => rest.split_whitespace().next(),
        _ if line.contains("_freeze_module") => line.split_whitespace().next_back(),
        _ => None,
    }
}

/// Removes what a `make` that was killed may have left incomplete: the last files that it wrote.
///
/// `make` does this itself when it gets ^C, but not when it is killed or the machine stops; and a half-written
/// object file that is newer than its source would stay forever.
fn remove_half_written(folder: &Path) -> Result<()> {
    const LAST: Duration = Duration::from_secs(10);
    let mut products = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && is_product(&entry.path()) {
                products.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
    }
    let Some(&(newest, _)) = products.iter().max_by_key(|(time, _)| *time) else { return Ok(()) };
    for (time, path) in products {
        if newest.duration_since(time).is_ok_and(|age| age < LAST) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn is_product(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(extension, Some("o" | "a" | "so"))
        || matches!(name, "python" | "_bootstrap_python" | "_freeze_module")
        || (extension == Some("h")
            && path.parent().is_some_and(|parent| parent.ends_with("frozen_modules")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_read_from_command_lines() {
        assert_eq!(
            product("gcc -c -O3 -Wall -o Objects/abstract.o ../src/Objects/abstract.c"),
            Some("Objects/abstract.o")
        );
        assert_eq!(product("gcc -shared Modules/a.o -lm -o Modules/a.so"), Some("Modules/a.so"));
        assert_eq!(
            product(
                "./_bootstrap_python Programs/_freeze_module.py abc Lib/abc.py Python/frozen_modules/abc.h"
            ),
            Some("Python/frozen_modules/abc.h")
        );
        assert_eq!(product("echo hello"), None);
    }

    #[test]
    fn only_the_last_files_are_removed() {
        let folder = std::env::temp_dir().join(format!("xtask-make-{}", std::process::id()));
        fs::create_dir_all(folder.join("Modules")).unwrap();
        for name in ["old.o", "new.o", "new.c"] {
            fs::write(folder.join("Modules").join(name), "x").unwrap();
        }
        let old = fs::File::options().write(true).open(folder.join("Modules/old.o")).unwrap();
        old.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();
        remove_half_written(&folder).unwrap();
        let left = |name: &str| folder.join("Modules").join(name).exists();
        assert!(left("old.o") && left("new.c") && !left("new.o"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
