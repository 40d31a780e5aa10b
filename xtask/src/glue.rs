//! What is written into a build folder so that its ordinary `make` links the Rust modules: two small files.
//!
//! `Modules/Setup.local` names the modules and the library, `GNUmakefile` adds the rule that builds the library
//! (`integration/rust.mk`) to CPython's `Makefile`. CPython's own files stay as they are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::rooms::Room;
use crate::{layout, libclang, stamp};

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

    /// Writes both files where they differ; `setup` is what the user had in `Setup.local`.
    pub fn write(&self, setup: &str) -> Result<()> {
        for path in [self.source, self.build, layout::root()] {
            let text = path.display().to_string();
            ensure!(
                !text.contains(|c: char| c.is_whitespace() || "'\"$#;&|<>()*?[]\\".contains(c)),
                "{text}: CPython cannot be built in a folder with such characters in its name"
            );
        }
        stamp::write_if_changed(&self.build.join("Modules/Setup.local"), &self.setup_local(setup))?;
        stamp::write_if_changed(&self.build.join("GNUmakefile"), &self.gnumakefile())?;
        Ok(())
    }

    fn setup_local(&self, setup: &str) -> String {
        let names: Vec<_> = self.rooms.iter().map(|room| room.facts.name.as_str()).collect();
        format!(
            "# From `cargo xtask`: modules in the Rust library. The first rule for a name wins.\n\
             *static*\n\
             _rust {} {}\n\
             {setup}",
            names.join(" "),
            self.library()
        )
    }

    fn gnumakefile(&self) -> String {
        let features: Vec<_> = self.rooms.iter().map(|room| room.folder.as_str()).collect();
        format!(
            "# From `cargo xtask`: CPython's Makefile, and the rule that builds its Rust modules.\n\
             # GNU make takes this file before the one called Makefile.\n\
             RUST_WORKSPACE = {workspace}\n\
             RUST_FEATURES = {features}\n\
             RUST_TARGET_DIR = {target}\n\
             RUST_LIBRARY = {library}\n\
             RUST_INCLUDE = {include}\n\
             RUST_LIBCLANG_PATH = {libclang}\n\
             RUST_CLANG_ARGS = {arguments}\n\
             include Makefile\n\
             include $(RUST_WORKSPACE)/integration/rust.mk\n",
            workspace = layout::root().display(),
            features = features.join(","),
            target = self.target,
            library = self.library(),
            include = include_path(self.source, self.build),
            libclang = self.libclang.display(),
            arguments = libclang::clang_arguments(),
        )
    }
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
            replaces: None,
            tests: Vec::new(),
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
        assert_eq!(
            lines,
            ["*static*", "_rust _bisect binascii ../cargo/release/librust_stdlib.a", "spam spam.c"]
        );
        let text = glue.gnumakefile();
        assert!(text.contains("\nRUST_FEATURES = bisect,binascii\n"), "{text}");
        assert!(text.contains("\nRUST_INCLUDE = /s/Include:/b\n"), "{text}");
    }
}
