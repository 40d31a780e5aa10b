//! `cargo xtask fuzz`: inputs that find their way by what the code does with them (libFuzzer, on stable Rust).
//!
//! The targets are the programs of `tests/fuzz`. Each starts from the corpus that is kept there; what it finds beyond
//! that stays in `build/fuzz`, and `--keep` puts into the corpus what reaches code that nothing there reaches.

use std::env::consts::ARCH;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::{layout, programs};

/// What `cargo xtask fuzz` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Targets; all without
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,

    /// How long, for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,

    /// Add to the kept corpus what reaches new code
    #[arg(long)]
    keep: bool,
}

/// Runs the targets one after the other; true when none has found anything.
pub fn fuzz(options: &Options) -> Result<bool> {
    let all = targets()?;
    if let Some(name) = options.targets.iter().find(|name| !all.contains(name)) {
        bail!("there is no target called {name}; there are {}", all.join(", "));
    }
    let chosen = if options.targets.is_empty() { &all } else { &options.targets };
    build()?;
    let mut well = true;
    for target in chosen {
        let (found, kept) =
            (home().join(target), layout::root().join("tests/fuzz/corpus").join(target));
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&kept)?;
        let mut command = program(target);
        command.current_dir(&found);
        if options.keep {
            ensure!(
                command.arg("-merge=1").args([&kept, &found]).status()?.success(),
                "{target}: cannot merge"
            );
            continue;
        }
        command.arg(format!("-max_total_time={}", options.seconds)).arg("-print_final_stats=1");
        let output = command.args([&found, &kept]).output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let ran =
            text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units: "));
        let ran = ran.unwrap_or("no").trim();
        if output.status.success() {
            println!("ok   {target}: {ran} inputs in {} s", options.seconds);
        } else {
            well = false;
            println!("FAIL {target}: {}, {}", output.status, layout::shown(&found));
            let last: Vec<_> = text.lines().rev().take(40).collect();
            last.iter().rev().for_each(|line| println!("    {line}"));
        }
    }
    Ok(well)
}

/// The names of all targets.
pub fn targets() -> Result<Vec<String>> {
    let folder = layout::root().join("tests/fuzz/src/bin");
    let mut names = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", layout::shown(&folder)))?
    {
        let name = entry?.file_name();
        names.extend(name.to_string_lossy().strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Compiles all targets, with counters in each branch. The option of the compiler is a stable one.
fn build() -> Result<()> {
    let mut command = Command::new("cargo");
    programs::without_cargo(command.current_dir(layout::root().join("tests/fuzz")));
    command.args(["build", "--release", "--target", &triple()]);
    command.env("CARGO_TARGET_DIR", home().join("target"));
    let passes = COVERAGE.iter().map(|option| format!(" -Cllvm-args=-sanitizer-coverage-{option}"));
    let flags = passes
        .fold("--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module".to_owned(), |a, b| a + &b);
    command.env("RUSTFLAGS", flags);
    ensure!(
        command.status().context("cannot start cargo")?.success(),
        "the targets do not compile"
    );
    Ok(())
}

fn program(target: &str) -> Command {
    Command::new(home().join("target").join(triple()).join("release").join(target))
}

/// Named, so that the flags are those of the targets alone and not of what builds them.
fn triple() -> String {
    format!("{ARCH}-unknown-linux-gnu")
}

fn home() -> PathBuf {
    layout::build().join("fuzz")
}

const COVERAGE: [&str; 4] = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_corpus() {
        let targets = targets().unwrap();
        assert!(targets.contains(&"binascii".to_owned()));
        for target in targets {
            let corpus = layout::root().join("tests/fuzz/corpus").join(&target);
            assert!(fs::read_dir(corpus).unwrap().next().is_some(), "{target}");
        }
    }
}
