//! `cargo xtask fuzz`: inputs that find their way by what the code does with them (libFuzzer, on stable Rust).
//!
//! The targets are the programs of `tests/fuzz`. Each starts from the corpus that is kept there; what it finds beyond
//! that stays in `build/fuzz`, and `--keep` puts into the corpus what reaches code that nothing there reaches. The
//! target `twins` gives all these inputs, and random calls, to the modules and to their C twins.

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::kind::Kind;
use crate::{interpreter, layout, programs};

/// What `cargo xtask fuzz` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Targets; all without
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,

    /// How long, for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,

    /// How many inputs for each target, however long it takes
    #[arg(long, value_name = "N", conflicts_with = "seconds")]
    runs: Option<u64>,

    /// Add to the kept corpus what reaches new code
    #[arg(long, conflicts_with = "runs")]
    keep: bool,
}

/// Runs the targets one after the other; true when none has found anything.
pub fn fuzz(options: &Options) -> Result<bool> {
    let all = targets()?;
    let known = |name: &&String| all.contains(name) || *name == TWINS;
    if let Some(name) = options.targets.iter().find(|name| !known(name)) {
        bail!("there is no target called {name}; there are {}, {TWINS}", all.join(", "));
    }
    let asked = |name: &str| {
        options.targets.is_empty() || options.targets.iter().any(|target| target == name)
    };
    build()?;
    let mut well = true;
    for target in all.iter().filter(|target| asked(target)) {
        let (found, kept) = (home().join(target), corpora().join(target));
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&kept)?;
        if options.keep {
            keep(target, &found, &kept)?;
        } else {
            well &= run(target, options, &found, &kept)?;
        }
    }
    if asked(TWINS) && !options.keep {
        well &= twins(options)?;
    }
    Ok(well)
}

/// One target; true when it has found nothing.
fn run(target: &str, options: &Options, found: &Path, kept: &Path) -> Result<bool> {
    let mut command = program(target);
    match options.runs {
        Some(runs) => command.arg(format!("-runs={runs}")),
        None => command.arg(format!("-max_total_time={}", options.seconds)),
    };
    command.arg("-print_final_stats=1").current_dir(found).args([found, kept]);
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        println!("ok   {target}: {}", told(&text).context("libFuzzer does not say what it ran")?);
    } else {
        println!("FAIL {target}: {}, {}", output.status, layout::shown(found));
        let last: Vec<_> = text.lines().rev().take(40).collect();
        last.iter().rev().for_each(|line| println!("    {line}"));
    }
    Ok(output.status.success())
}

/// What libFuzzer says of its run: `#9 DONE cov: 7 ft: 8 corp: 5/20b exec/s: 3 rss: 30Mb`, and how long it took.
fn told(text: &str) -> Option<String> {
    let done = text.lines().find(|line| line.contains("DONE   cov: "))?;
    let mut words = done.split_whitespace();
    let mut after = |name: &str| words.find(|word| *word == name).and_then(|_| words.next());
    let (edges, corpus) = (after("cov:")?, after("corp:")?.split('/').next()?);
    let ran = text.lines().find_map(|line| line.strip_prefix("Done "))?;
    let ran = ran.replace("second(s)", "s").replace("runs", "inputs");
    Some(format!("{ran}, {edges} edges reached by {corpus} of them"))
}

/// Puts into the corpus the fewest inputs that reach all edges.
fn keep(target: &str, found: &Path, kept: &Path) -> Result<()> {
    let mut command = program(target);
    command.args(["-set_cover_merge=1", "-use_counters=0"]).args([kept, found]);
    let output = command.current_dir(found).output()?;
    ensure!(output.status.success(), "{target}: {}", String::from_utf8_lossy(&output.stderr));
    println!("ok   {target}: {} inputs are kept", fs::read_dir(kept)?.count());
    Ok(())
}

/// The modules and their C twins; true when nothing differs.
fn twins(options: &Options) -> Result<bool> {
    let build = interpreter::ensure_built(Kind::GIL.c_only())?;
    let library = interpreter::build_shared(&build)?;
    let run = |program: &str, arguments: &[String]| -> Result<bool> {
        let mut command = build.python();
        command.arg(layout::root().join("tests/twin").join(program)).args(arguments);
        command.env("RUST_STDLIB", &library);
        Ok(command.status().context("cannot start the interpreter")?.success())
    };
    let folders = [corpora(), home()].map(|folder| folder.display().to_string());
    let much = match options.runs {
        Some(runs) => ["--cases".to_owned(), runs.to_string()],
        None => ["--seconds".to_owned(), (options.seconds * 9).to_string()],
    };
    Ok(run("corpus.py", &folders)? & run("differential.py", &much)?)
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

fn corpora() -> PathBuf {
    layout::root().join("tests/fuzz/corpus")
}

fn home() -> PathBuf {
    layout::build().join("fuzz")
}

/// Not a program of `tests/fuzz`.
const TWINS: &str = "twins";

const COVERAGE: [&str; 4] = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_corpus() {
        let targets = targets().unwrap();
        assert!(targets.contains(&"binascii".to_owned()));
        for target in targets {
            let corpus = corpora().join(&target);
            assert!(fs::read_dir(corpus).unwrap().next().is_some(), "{target}");
        }
    }

    #[test]
    fn every_core_has_a_target() {
        let targets = targets().unwrap();
        for room in crate::rooms::all().unwrap() {
            let core = layout::root().join("modules").join(&room.folder).join("core");
            assert!(!core.exists() || targets.contains(&room.folder), "{}", room.folder);
        }
    }

    #[test]
    fn what_libfuzzer_says_is_understood() {
        let text = "INFO: x\n#512\tDONE   cov: 64 ft: 80 corp: 7/90b lim: 4 exec/s: 9 rss: 30Mb\nDone 512 runs in 6 second(s)\n";
        assert_eq!(told(text).unwrap(), "512 inputs in 6 s, 64 edges reached by 7 of them");
        assert_eq!(told("nothing"), None);
    }
}
