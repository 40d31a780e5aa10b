//! What is written into a build folder so that its ordinary `make` links the Rust modules: two small files.
//!
//! `Modules/Setup.local` names the modules and the library, `GNUmakefile` adds the rule that builds the library
//! (`integration/rust.mk`) to CPython's `Makefile`. CPython's own files stay as they are.

use std::env;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::lock::Lock;
use crate::progress::Step;
use crate::rooms::Room;
use crate::{layout, libclang, logged, make, stamp};

/// The name of the file with the static library.
pub const LIBRARY: &str = "librust_stdlib.a";

/// What `make` must know to build the library.
pub struct Glue<'a> {
    /// CPython's source folder.
    pub source: &'a Path,
    /// CPython's build folder.
    pub build: &'a Path,
    /// Cargo's target folder, from the build folder.
    pub target: &'a str,
    /// The modules to build in.
    pub rooms: &'a [Room],
    /// The folder of libclang.
    pub libclang: &'a Path,
}

impl Glue<'_> {
    /// The static library, from the build folder.
    pub fn library(&self) -> String {
        format!("{}/release/{LIBRARY}", self.target)
    }

    /// Writes both files where they differ, and brings the Makefile up to date; `setup` is what else `Setup.local` says.
    pub fn install(&self, setup: &str, lock: &Lock, log: &Path) -> Result<()> {
        for path in [self.source, self.build, layout::root()] {
            let text = path.display().to_string();
            ensure!(
                !text.contains(|c: char| c.is_whitespace() || "'\"$#;&|<>()*?[]\\".contains(c)),
                "{text}: CPython cannot be built in a folder with such characters in its name"
            );
        }
        stamp::write_if_changed(&self.build.join("GNUmakefile"), &self.gnumakefile())?;
        change_setup(self.build, &self.setup_local(setup), lock, log)
    }

    /// One line for each module: `make` would take several on one, but its check of the modules reads only the first.
    fn setup_local(&self, setup: &str) -> String {
        let library = self.library();
        let names = self.rooms.iter().map(|room| room.facts.name.as_str());
        let rules: String =
            iter::once("_rust").chain(names).map(|name| format!("{name} {library}\n")).collect();
        format!(
            "# From `cargo xtask`: modules in the Rust library. The first rule for a name wins.\n*static*\n{rules}{setup}"
        )
    }

    fn gnumakefile(&self) -> String {
        let features: Vec<_> = self.rooms.iter().map(|room| room.folder.as_str()).collect();
        let twins: Vec<_> = self.rooms.iter().filter_map(twin).collect();
        format!(
            "# From `cargo xtask`: CPython's Makefile, and the rule that builds its Rust modules.\n\
             # GNU make takes this file before the one called Makefile.\n\
             RUST_WORKSPACE = {workspace}\n\
             RUST_FEATURES = {features}\n\
             RUST_TWINS = {twins}\n\
             RUST_TARGET_DIR = {target}\n\
             RUST_LIBRARY = {library}\n\
             RUST_INCLUDE = {include}\n\
             RUST_LIBCLANG_PATH = {libclang}\n\
             RUST_CLANG_ARGS = {arguments}\n\
             include Makefile\n\
             include $(RUST_WORKSPACE)/integration/rust.mk\n",
            workspace = layout::root().display(),
            features = features.join(","),
            twins = twins.join(" "),
            target = self.target,
            library = self.library(),
            include = include_path(self.source, self.build),
            libclang = self.libclang.display(),
            arguments = libclang::clang_arguments(),
        )
    }
}

/// What `rust.mk` must know to build the C module that a room replaces: its name as Python, as the Makefile's
/// variables and as the file system know it.
fn twin(room: &Room) -> Option<String> {
    let file = room.facts.replaces.as_ref()?.file_name()?.to_str()?;
    let name = &room.facts.name;
    Some(format!("{name}:{}:{file}", name.to_uppercase()))
}

/// Makes `Modules/Setup.local` say `text`, and has only what that changes built anew.
///
/// CPython's Makefile builds every extension module and some more after each change of this file, because it cannot
/// know what changed. Here it is known: the table of built-in modules in `config.c`, and which rules the Makefile
/// has. So these files keep their old times, and the one object file that depends on their text is removed. (Killed
/// in between, the next `make` builds everything, which is right too.)
pub fn change_setup(build: &Path, text: &str, lock: &Lock, log: &Path) -> Result<()> {
    let modules = build.join("Modules");
    let written = [modules.join("Setup.local"), modules.join("config.c"), build.join("Makefile")];
    let times =
        written.each_ref().map(|file| fs::metadata(file).and_then(|facts| facts.modified()));
    if !stamp::write_if_changed(&written[0], text)? {
        return Ok(());
    }
    let object = modules.join("config.o");
    if !object.exists() {
        return Ok(()); // nothing is built yet
    }
    let mut command = make::command(build);
    command.args(["-f", "Makefile", "Makefile"]);
    logged::run(command, lock, log, Step::counting(""), |_, _| {})?;
    fs::remove_file(object)?;
    for (file, time) in written.iter().zip(times) {
        if let Ok(time) = time {
            fs::File::options().append(true).open(file)?.set_modified(time)?;
        }
    }
    Ok(())
}

/// The folders with `Python.h` and `pyconfig.h`.
pub fn includes(source: &Path, build: &Path) -> Vec<PathBuf> {
    vec![source.join("Include"), build.to_owned()]
}

/// The same as one text, as the bindings' build script reads it from `CPYTHON_INCLUDE`.
pub fn include_path(source: &Path, build: &Path) -> String {
    env::join_paths(includes(source, build))
        .map(|paths| paths.display().to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::Facts;

    fn room(folder: &str, name: &str) -> Room {
        let facts = Facts {
            name: name.to_owned(),
            replaces: (name == "_bisect").then(|| PathBuf::from("Modules/_bisectmodule.c")),
            tests: Vec::new(),
            not_repeated: Default::default(),
            skipped_when_built_in: Default::default(),
            state: "whole".to_owned(),
            summary: String::new(),
        };
        Room { folder: folder.to_owned(), facts }
    }

    #[test]
    fn the_rust_line_comes_before_the_users_own_rules() {
        let rooms = [room("bisect", "_bisect"), room("binascii", "binascii")];
        let glue = Glue {
            source: Path::new("/s"),
            build: Path::new("/b"),
            target: "../cargo",
            rooms: &rooms,
            libclang: Path::new("/l"),
        };
        let text = glue.setup_local("spam spam.c\n");
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let library = "../cargo/release/librust_stdlib.a";
        let expected = [
            "*static*".to_owned(),
            format!("_rust {library}"),
            format!("_bisect {library}"),
            format!("binascii {library}"),
            "spam spam.c".to_owned(),
        ];
        assert_eq!(lines, expected);
        let text = glue.gnumakefile();
        assert!(text.contains("\nRUST_FEATURES = bisect,binascii\n"), "{text}");
        assert!(text.contains("\nRUST_TWINS = _bisect:_BISECT:_bisectmodule.c\n"), "{text}");
        assert!(text.contains("\nRUST_INCLUDE = /s/Include:/b\n"), "{text}");
    }
}
