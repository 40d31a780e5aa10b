//! `cargo xtask attach` and `detach`: Rust into, and out of, a CPython build folder that somebody already has.

mod snapshot;
mod state;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::glue::Glue;
use crate::lock::Lock;
use crate::source::{SERIES, Source};
use crate::{interpreter, layout, libclang, make, packages, rooms, stamp};
use snapshot::Snapshot;

/// The folder, inside the build folder, with all that detach needs and with cargo's files; detach removes it.
const OURS: &str = ".rust";

/// Puts every Rust module into the build folder, and builds the interpreter there.
///
/// When anything fails, the folder is as before.
pub fn attach(folder: &Path) -> Result<()> {
    let build = BuildFolder::open(folder)?;
    build.check_untouched()?;
    let time = fs::metadata(&build.folder)?.modified()?;
    fs::create_dir_all(build.folder.join(OURS))
        .with_context(|| format!("{} cannot be written to", folder.display()))?;
    fs::File::open(&build.folder)?.set_modified(time)?; // the snapshot must see the folder as it was
    match put_in(&build) {
        Ok(names) => {
            println!(
                "{} has these modules in Rust now: {}. `make` there keeps them up to date; \
                 `cargo xtask detach {}` puts everything back.",
                folder.display(),
                names.join(", "),
                folder.display()
            );
            Ok(())
        }
        Err(error) => {
            take_out(&build.folder).context("and what was changed could not be put back")?;
            Err(error.context(format!("{} is as it was before", folder.display())))
        }
    }
}

/// Puts the build folder back as it was before attach, byte for byte.
pub fn detach(folder: &Path) -> Result<()> {
    ensure!(
        folder.join(OURS).is_dir(),
        "{} has no Rust in it, so there is nothing to detach",
        folder.display()
    );
    let left = take_out(&fs::canonicalize(folder)?)?;
    println!("{} is as it was before `cargo xtask attach`.", folder.display());
    if !left.is_empty() {
        let names: Vec<_> = left.iter().map(|path| path.display().to_string()).collect();
        println!("Not touched, because no build makes them: {}", names.join(", "));
    }
    Ok(())
}

/// A build folder of the right version.
struct BuildFolder {
    folder: PathBuf,
    source: Source,
}

impl BuildFolder {
    /// Looks at the folder without writing to it.
    fn open(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        ensure!(folder.is_dir(), "{shown}: there is no such folder");
        let Ok(makefile) = fs::read_to_string(folder.join("Makefile")) else {
            bail!(
                "{shown} has no Makefile: it is not a CPython build folder, or `configure` has not been run there"
            );
        };
        let (Some(version), Some(source)) =
            (variable(&makefile, "VERSION"), variable(&makefile, "srcdir"))
        else {
            bail!("{shown} is not a CPython build folder: its Makefile is not CPython's");
        };
        let (major, minor) = SERIES;
        ensure!(
            version == format!("{major}.{minor}"),
            "{shown} is a build of CPython {version}, and Rust for CPython needs {major}.{minor}"
        );
        let folder = fs::canonicalize(folder)?;
        let source = Source::open(&folder.join(source))?;
        Ok(Self { folder, source })
    }

    /// An error when Rust is in it already, or nothing can be written.
    fn check_untouched(&self) -> Result<()> {
        let shown = self.folder.display();
        ensure!(
            !snapshot::is_complete(&self.folder.join(OURS)),
            "{shown} has Rust in it already: type `make` there to rebuild it, or `cargo xtask detach {shown}` first"
        );
        let interrupted = self.folder.join(OURS).exists();
        ensure!(
            interrupted || !self.folder.join("GNUmakefile").exists(),
            "{shown} has a GNUmakefile of its own, which Rust would need to replace"
        );
        for folder in [&self.folder, &self.folder.join("Modules")] {
            let facts =
                fs::metadata(folder).with_context(|| format!("{} is lacking", folder.display()))?;
            ensure!(
                facts.permissions().mode() & 0o222 != 0,
                "{shown} is read-only: nothing can be built in it"
            );
        }
        Ok(())
    }
}

fn put_in(build: &BuildFolder) -> Result<Vec<String>> {
    let home = home_of(&build.folder);
    let lock = Lock::take(&home)?;
    let logs = home.join("logs");
    let ours = build.folder.join(OURS);
    packages::ensure(true, &lock, &logs)?;
    let libclang = libclang::ensure(&lock, &logs)?;

    let snapshot = Snapshot::take(&build.folder, &ours, build.folder == build.source.folder)?;
    let rooms = rooms::all()?;
    let target = format!("{OURS}/cargo");
    let glue = Glue {
        source: &build.source.folder,
        build: &build.folder,
        target: &target,
        rooms: &rooms,
        libclang: &libclang,
    };
    let setup =
        fs::read_to_string(snapshot.copy_of(Path::new("Modules/Setup.local"))).unwrap_or_default();
    glue.install(&setup, &lock, &logs.join("05-makefile.log"))?;
    interpreter::build_library(&build.folder, &lock, &logs.join("06-rust.log"))?;
    let title = format!("Building CPython {} in {}", build.source.version, build.folder.display());
    make::all(&build.folder, &lock, &logs.join("07-make.log"), &ours.join("making"), &title)?;
    snapshot.complete()?;
    Ok(rooms.into_iter().map(|room| room.facts.name).collect())
}

/// Puts everything back; the files that were left because they are not ours to remove.
fn take_out(folder: &Path) -> Result<Vec<PathBuf>> {
    let _lock = Lock::take(&home_of(folder))?;
    snapshot::restore(folder, &folder.join(OURS))
}

/// Where this checkout keeps its lock and logs for a build folder.
fn home_of(folder: &Path) -> PathBuf {
    let id = stamp::digest(folder.as_os_str().as_encoded_bytes());
    layout::build().join("attached").join(&id[..12])
}

/// The value of a variable in a Makefile.
fn variable<'a>(makefile: &'a str, name: &str) -> Option<&'a str> {
    makefile.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim_end() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_from_a_makefile() {
        let text =
            "# VERSION= 1\nMACHDEP=\tlinux\nVERSION=\t3.15\nVERSIONS = 2\nsrcdir=\t\t../src\n";
        assert_eq!(variable(text, "VERSION"), Some("3.15"));
        assert_eq!(variable(text, "srcdir"), Some("../src"));
        assert_eq!(variable(text, "abs_srcdir"), None);
    }
}
