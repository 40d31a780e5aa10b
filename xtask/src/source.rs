//! Where CPython's source comes from: what the user gives, else python.org, else the machine's Debian mirror.

mod debian;
mod fetch;
mod release;
mod unpack;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::layout;
use crate::lock::Lock;

/// The only version of CPython that is built here.
pub const SERIES: (u32, u32) = (3, 15);

/// A CPython source tree of the right version.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its top folder.
    pub folder: PathBuf,
    /// `PY_VERSION` of its `patchlevel.h`: `3.15.0rc2`.
    pub version: String,
}

impl Source {
    /// The source tree in `folder`; an error when there is none or it has another version.
    pub fn open(folder: &Path) -> Result<Self> {
        let header = folder.join("Include/patchlevel.h");
        let text = fs::read_to_string(&header)
            .with_context(|| format!("{} is not a CPython source folder", folder.display()))?;
        let (series, version) = parse_patchlevel(&text)
            .with_context(|| format!("cannot read the version in {}", header.display()))?;
        ensure!(
            series == SERIES,
            "{} is CPython {version}; Rust for CPython builds {}.{} only",
            folder.display(),
            SERIES.0,
            SERIES.1
        );
        Ok(Self { folder: fs::canonicalize(folder)?, version })
    }

    /// An error when the tree was built in place: CPython then refuses to build anywhere else.
    fn check_clean(&self) -> Result<()> {
        let left = ["Programs/python.o", "Python/frozen_modules/importlib._bootstrap.h"];
        let folder = self.folder.display();
        ensure!(
            !left.iter().any(|file| self.folder.join(file).exists()),
            "{folder} has been built in place, so it cannot be built elsewhere.\n\
             Type `make -C {folder} distclean` first, or put Rust into that very build: `cargo xtask attach {folder}`."
        );
        Ok(())
    }
}

/// Finds the source to build; fetches it when there is none yet.
///
/// `given` is the user's own folder or archive. What was found is remembered in `build/source/current`, so the next
/// call without `given` takes the same and needs no network.
pub fn find(given: Option<&Path>) -> Result<Source> {
    let sources = layout::sources();
    if given.is_none()
        && let Some(source) = remembered()
    {
        return Ok(source);
    }
    let lock = Lock::take(&sources)?;
    let source = match (given, remembered()) {
        (Some(path), _) if path.is_dir() => Source::open(path)?,
        (Some(path), _) => from_archive(path)?,
        (None, Some(source)) => source, // another call fetched it while this one waited
        (None, None) => download(&lock)?,
    };
    source.check_clean()?;
    fs::write(sources.join("current"), source.folder.as_os_str().as_encoded_bytes())?;
    Ok(source)
}

fn remembered() -> Option<Source> {
    let folder = fs::read_to_string(layout::sources().join("current")).ok()?;
    Source::open(Path::new(&folder)).ok()
}

/// Unpacks a user's archive, once for each state of the file.
fn from_archive(archive: &Path) -> Result<Source> {
    ensure!(archive.exists(), "--source {}: there is no such folder or archive", archive.display());
    let facts = fs::metadata(archive)?;
    let facts = (fs::canonicalize(archive)?, facts.len(), facts.modified()?);
    let name = format!("given-{}", &crate::stamp::digest(format!("{facts:?}"))[..12]);
    let folder = layout::sources().join(name);
    if !folder.exists() {
        unpack::unpack(archive, &folder)?;
    }
    Source::open(&folder).with_context(|| {
        _ = fs::remove_dir_all(&folder);
        format!("--source {} is of no use", archive.display())
    })
}

fn download(lock: &Lock) -> Result<Source> {
    let mut failures = Vec::new();
    type Way = fn(&Lock) -> Result<PathBuf>;
    let ways: [(&str, Way); 2] =
        [("python.org", release::fetch), ("the Debian mirror", debian::fetch)];
    for (name, fetch) in ways {
        match fetch(lock) {
            Ok(archive) => {
                let folder = layout::sources().join(unpack::stem(&archive));
                if !folder.exists() {
                    unpack::unpack(&archive, &folder)?;
                }
                return Source::open(&folder);
            }
            Err(error) => failures.push(format!("  {name}: {error:#}")),
        }
    }
    bail!(
        "cannot get the source of CPython {}.{}:\n{}\n\
         Download it yourself and type `cargo xtask run --source FOLDER_OR_ARCHIVE`.",
        SERIES.0,
        SERIES.1,
        failures.join("\n")
    )
}

/// The series and `PY_VERSION` in the text of a `patchlevel.h`.
fn parse_patchlevel(text: &str) -> Option<((u32, u32), String)> {
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("#define") && words.next() == Some(name)).then(|| words.next())?
        })
    };
    let series =
        (value("PY_MAJOR_VERSION")?.parse().ok()?, value("PY_MINOR_VERSION")?.parse().ok()?);
    Some((series, value("PY_VERSION")?.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_header() {
        let text = "/* Version */\n#define PY_MAJOR_VERSION        3\n#define PY_MINOR_VERSION\t15\n\
                    #define PY_MICRO_VERSION 1\n#define PY_VERSION              \"3.15.1+\"\n\
                    #define PY_VERSION_HEX _Py_PACK_FULL_VERSION( \\\n";
        assert_eq!(parse_patchlevel(text), Some(((3, 15), "3.15.1+".to_owned())));
        assert_eq!(parse_patchlevel("#define PY_MAJOR_VERSION 3\n"), None);
    }
}
