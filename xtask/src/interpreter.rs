//! Builds interpreters: from nothing to a `python` that can be started, doing only what is not done yet.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::kind::Kind;
use crate::lock::Lock;
use crate::progress::Step;
use crate::rooms::{self, Room};
use crate::source::{self, Source};
use crate::{configure, glue, layout, libclang, logged, make, programs, stamp};

/// What to build.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The kind of interpreter.
    pub kind: Kind,
    /// The user's own source, as a folder or an archive.
    pub source: Option<&'a Path>,
    /// Python names of the modules that stay C.
    pub without: &'a [String],
}

/// An interpreter that has been built.
#[derive(Clone, Debug)]
pub struct Build {
    /// The kind of interpreter.
    pub kind: Kind,
    /// CPython's source.
    pub source: Source,
    /// The build folder.
    pub folder: PathBuf,
    /// The interpreter in it.
    pub python: PathBuf,
    /// The folders with `Python.h` and `pyconfig.h`: what `CPYTHON_INCLUDE` is made of.
    pub includes: Vec<PathBuf>,
    /// Cargo's target folder for everything that is built against this interpreter.
    pub cargo_target: PathBuf,
    /// The modules that are Rust in it.
    pub rooms: Vec<Room>,
    /// The folder for logs of steps on this interpreter.
    pub logs: PathBuf,
}

impl Build {
    /// A `cargo` whose crates are built against this interpreter's headers, into its own target folder.
    ///
    /// Fails when there is no libclang and none can be had.
    pub fn cargo(&self) -> Result<Command> {
        let lock = Lock::take(&layout::kind(self.kind))?;
        let libclang = libclang::ensure(&lock, &self.logs)?;
        let mut command = Command::new("cargo");
        programs::without_cargo(command.current_dir(layout::root()));
        command
            .env_remove("CARGO_BUILD_TARGET")
            .env("CARGO_TARGET_DIR", &self.cargo_target)
            .env("CPYTHON_INCLUDE", env::join_paths(&self.includes)?)
            .env("LIBCLANG_PATH", libclang)
            .env("BINDGEN_EXTRA_CLANG_ARGS", libclang::clang_arguments());
        Ok(command)
    }

    /// A command that starts the interpreter, in the environment of the user's shell.
    pub fn python(&self) -> Command {
        let mut command = Command::new(&self.python);
        programs::without_cargo(&mut command);
        command
    }
}

/// Builds the interpreter of `kind` with every module, from the source that was used last or is easiest to get.
pub fn ensure_built(kind: Kind) -> Result<Build> {
    ensure(Request { kind, source: None, without: &[] })
}

/// The interpreter of `kind` as far as its headers go, for what only compiles: its `python` may not be there yet.
pub fn headers(kind: Kind) -> Result<Build> {
    Ok(configured(Request { kind, source: None, without: &[] })?.0)
}

/// Builds what is requested, as far as it is not built yet.
pub fn ensure(request: Request<'_>) -> Result<Build> {
    let (build, lock) = configured(request)?;
    let kind = build.kind;
    let home = layout::kind(kind);
    if kind.rust {
        let libclang = libclang::ensure(&lock, &build.logs)?;
        let glue = glue::Glue {
            source: &build.source.folder,
            build: &build.folder,
            target: "../cargo",
            rooms: &build.rooms,
            libclang: &libclang,
        };
        glue.install("", &lock, &build.logs.join("05-makefile.log"))?;
        build_library(&build.folder, &lock, &build.logs.join("06-rust.log"))?;
    }
    let stamp_file = home.join("built");
    if !stamp::matches(&stamp_file, &stamp_of(&build)?) {
        _ = fs::remove_file(&stamp_file);
        let title = format!("Building CPython {} ({})", build.source.version, kind.name());
        make::all(
            &build.folder,
            &lock,
            &build.logs.join("07-make.log"),
            &home.join("making"),
            &title,
        )?;
        fs::write(stamp_file, stamp_of(&build)?)?;
    }
    Ok(build)
}

/// Builds the static library of a build folder that has the glue in it.
pub fn build_library(folder: &Path, lock: &Lock, log: &Path) -> Result<()> {
    let mut command = make::command(folder);
    command.args(["--silent", "rust-library"]);
    show_cargo_bar(&mut command);
    logged::run(command, lock, log, Step::counting("Building the Rust modules"), watch_cargo)
}

/// Builds the shared object with every module, which the unmodified interpreter of `build` can load; its path.
pub fn build_shared(build: &Build) -> Result<PathBuf> {
    shared_object(build, "rust-stdlib", "the Rust modules as a shared object", "07-shared.log")
}

/// Builds the shared object with the modules that test the API; its path.
pub fn build_attacks(build: &Build) -> Result<PathBuf> {
    shared_object(build, "attacks-export", "the test modules", "08-attacks.log")
}

fn shared_object(build: &Build, package: &str, what: &str, log: &str) -> Result<PathBuf> {
    let mut command = build.cargo()?;
    command.args(["rustc", "--package", package, "--release", "--crate-type", "cdylib"]);
    show_cargo_bar(&mut command);
    let lock = Lock::take(&layout::kind(build.kind))?;
    let title = format!("Building {what} ({})", build.kind.name());
    logged::run(command, &lock, &build.logs.join(log), Step::counting(title), watch_cargo)?;
    let file = format!("{DLL_PREFIX}{}{DLL_SUFFIX}", package.replace('-', "_"));
    Ok(build.cargo_target.join("release").join(file))
}

/// Has cargo print its bar although nobody looks at a terminal: `watch_cargo` reads it.
pub fn show_cargo_bar(command: &mut Command) {
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "200");
}

/// Shows cargo's progress as that of the step.
pub fn watch_cargo(line: &str, step: &mut Step) {
    if let Some((done, total, doing)) = logged::cargo_progress(line) {
        step.expect(total);
        step.report(done, doing);
    }
}

/// Gets the source and configures the build folder, as far as that is not done yet; the folder stays locked.
fn configured(request: Request<'_>) -> Result<(Build, Lock)> {
    let Request { kind, source, without } = request;
    let rooms = if kind.rust { rooms::chosen(rooms::all()?, without)? } else { Vec::new() };
    let source = source::find(source)?;
    let home = layout::kind(kind);
    let lock = Lock::take(&home)?;
    configure::ensure(kind, &source, &lock)?;

    let folder = home.join("cpython");
    let build = Build {
        kind,
        python: folder.join(PYTHON),
        includes: glue::includes(&source.folder, &folder),
        cargo_target: home.join("cargo"),
        logs: home.join("logs"),
        source,
        folder,
        rooms,
    };
    Ok((build, lock))
}

/// Everything that decides whether `make` has anything to do.
fn stamp_of(build: &Build) -> Result<String> {
    let of = |file: &str| stamp::of_file(&build.folder.join(file));
    Ok(format!(
        "source {}\nSetup.local {}\nGNUmakefile {}\nMakefile {}\nlibrary {}\npython {}\n",
        stamp::of_source(&build.source.folder)?,
        of("Modules/Setup.local"),
        of("GNUmakefile"),
        of("Makefile"),
        stamp::of_file(&build.cargo_target.join("release").join(glue::LIBRARY)),
        of(PYTHON),
    ))
}

/// What CPython calls the interpreter in a build folder.
const PYTHON: &str = if cfg!(target_os = "macos") { "python.exe" } else { "python" };
