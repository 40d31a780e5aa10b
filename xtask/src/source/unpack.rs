//! Unpacks a source archive, so that the folder is either complete or not there.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;

use crate::layout;
use crate::progress::Step;

/// Unpacks `archive` (`.tar`, `.tar.gz`, `.tar.xz`), whose files are all in one folder, as the folder `target`.
pub(super) fn unpack(archive: &Path, target: &Path) -> Result<()> {
    let name = archive.file_name().unwrap_or_default().display().to_string();
    let mut step = Step::bytes(format!("Unpacking {name}"));
    let file = File::open(archive).with_context(|| format!("cannot open {}", archive.display()))?;
    step.expect(file.metadata()?.len());

    let temporary = layout::beside(target, ".unpacking");
    if temporary.exists() {
        fs::remove_dir_all(&temporary)?; // a call that was interrupted left it
    }
    fs::create_dir_all(&temporary)?;
    let file = Watched { file, done: 0, step: &mut step };
    let unpacked =
        unpack_into(file, &name, &temporary).and_then(|top| Ok(fs::rename(top, target)?));
    fs::remove_dir_all(&temporary)?;
    unpacked.with_context(|| format!("cannot unpack {}", archive.display()))?;
    step.done();
    Ok(())
}

/// Unpacks into a folder; the path of the one folder that is then in it.
fn unpack_into(file: impl Read, name: &str, folder: &Path) -> Result<PathBuf> {
    let file = BufReader::with_capacity(1 << 20, file);
    let unpacked = match Format::of(name) {
        Some(Format::Xz) => tar::Archive::new(XzReader::new(file, true)).unpack(folder),
        Some(Format::Gzip) => tar::Archive::new(MultiGzDecoder::new(file)).unpack(folder),
        Some(Format::Tar) => tar::Archive::new(file).unpack(folder),
        None => bail!("it is neither a folder nor a .tar.xz, .tar.gz, .tgz or .tar archive"),
    };
    if let Err(error) = unpacked {
        let mut reason: &dyn std::error::Error = &error;
        while let Some(cause) = reason.source() {
            reason = cause;
        }
        bail!("is it complete? ({reason})");
    }
    let mut folders = fs::read_dir(folder)?;
    let top = folders.next().context("it is empty")??.path();
    ensure!(
        folders.next().is_none(),
        "it is not a CPython source archive: its files are not in one folder"
    );
    Ok(top)
}

/// The name of an archive without its endings.
pub(super) fn stem(archive: &Path) -> String {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let end = name.find(".tar").or(name.find(".tgz")).unwrap_or(name.len());
    name[..end].to_owned()
}

enum Format {
    Xz,
    Gzip,
    Tar,
}

impl Format {
    fn of(name: &str) -> Option<Self> {
        let ends = |ending: &[&str]| ending.iter().any(|ending| name.ends_with(ending));
        match () {
            () if ends(&[".tar.xz", ".txz"]) => Some(Self::Xz),
            () if ends(&[".tar.gz", ".tgz"]) => Some(Self::Gzip),
            () if ends(&[".tar"]) => Some(Self::Tar),
            () => None,
        }
    }
}

/// A file that reports how much of it has been read.
struct Watched<'a> {
    file: File,
    done: u64,
    step: &'a mut Step,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.done += read as u64;
        self.step.report(self.done, "");
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_cut() {
        assert_eq!(stem(Path::new("/x/Python-3.15.0rc2.tar.xz")), "Python-3.15.0rc2");
        assert_eq!(stem(Path::new("Python-3.15.0.tgz")), "Python-3.15.0");
    }

    #[test]
    fn a_broken_archive_leaves_no_folder() {
        let folder = std::env::temp_dir().join(format!("xtask-unpack-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let archive = folder.join("broken.tar");
        fs::write(&archive, vec![b'x'; 2048]).unwrap();
        let target = folder.join("target");
        assert!(unpack(&archive, &target).is_err());
        assert!(!target.exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
