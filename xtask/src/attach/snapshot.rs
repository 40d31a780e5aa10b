//! A copy of a build folder, from which it can be put back as it was.
//!
//! The copies are in the folder itself (`.rust/files`), so that putting one back is a rename, and so that the folder
//! needs nothing else. They keep the files' times: `make` then has nothing to do in the folder that was put back.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use super::OURS;
use super::state::{self, Kind, State, Tree};
use crate::progress::Step;

/// Folders that no build writes to, and that are not ours.
const SKIPPED: [&str; 2] = [OURS, ".git"];

/// The file that says that the folder is the source folder too.
const IN_PLACE: &str = "in-place";

/// The state of a folder, and the copies of its files.
pub(super) struct Snapshot<'a> {
    folder: &'a Path,
    ours: &'a Path,
    before: Tree,
}

/// Whether attaching has been done to its end.
pub(super) fn is_complete(ours: &Path) -> bool {
    ours.join("touched").exists()
}

impl<'a> Snapshot<'a> {
    /// Copies everything in `folder` to `ours`; or takes the copy that an interrupted call has made.
    ///
    /// `in_place` says that the folder is the source folder too: then what is neither built nor changed by us is the
    /// user's own work, which detaching must not undo.
    pub(super) fn take(folder: &'a Path, ours: &'a Path, in_place: bool) -> Result<Self> {
        if let Some(before) = read_manifest(ours) {
            return Ok(Self { folder, ours, before });
        }
        let files = ours.join("files");
        if files.exists() {
            fs::remove_dir_all(&files)?;
        }
        fs::create_dir_all(&files)?;
        fs::write(ours.join(".gitignore"), "*\n")?;
        if in_place {
            fs::write(ours.join(IN_PLACE), "")?;
        }
        let before = state::tree(folder, &SKIPPED)?;
        let mut step = Step::counting(format!("Keeping a copy of {}", folder.display()));
        step.expect(before.len() as u64);
        for (path, state) in &before {
            step.advance(&path.display().to_string());
            copy(&folder.join(path), &files.join(path), state)
                .with_context(|| format!("cannot copy {}", path.display()))?;
        }
        let part = ours.join("manifest.part");
        fs::write(&part, state::write(&before)?)?;
        fs::rename(part, ours.join("manifest"))?;
        step.done();
        Ok(Self { folder, ours, before })
    }

    /// Where the copy of a file is.
    pub(super) fn copy_of(&self, path: &Path) -> PathBuf {
        self.ours.join("files").join(path)
    }

    /// Notes which files have changed since, and drops the copies that will not be needed.
    pub(super) fn complete(&self) -> Result<()> {
        let in_place = self.ours.join(IN_PLACE).exists();
        let after = state::tree(self.folder, &SKIPPED)?;
        let changed = after.iter().filter(|(path, state)| self.before.get(*path) != Some(state));
        let gone = self.before.keys().filter(|path| !after.contains_key(*path));
        let touched: BTreeSet<&Path> =
            changed.map(|(path, _)| path.as_path()).chain(gone.map(PathBuf::as_path)).collect();
        for (path, state) in &self.before {
            if state.kind != Kind::Folder
                && in_place
                && !touched.contains(path.as_path())
                && !is_built(path)
            {
                fs::remove_file(self.copy_of(path))?;
            }
        }
        let text: String = touched.iter().map(|path| format!("{}\n", path.display())).collect();
        fs::write(self.ours.join("touched"), text)?;
        Ok(())
    }
}

/// Puts `folder` back as it was when the copy in `ours` was made, and removes `ours`.
///
/// Files that have appeared since and that no build makes are left and returned. Can be interrupted and repeated.
pub(super) fn restore(folder: &Path, ours: &Path) -> Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    if let Some(before) = read_manifest(ours) {
        let in_place = ours.join(IN_PLACE).exists();
        let touched = fs::read_to_string(ours.join("touched")).ok();
        let touched: Option<BTreeSet<&Path>> =
            touched.as_deref().map(|text| text.lines().map(Path::new).collect());
        // Interrupted while attaching: whatever differs was changed by us.
        let ours_to_change = |path: &Path| {
            is_built(path) || touched.as_ref().is_none_or(|touched| touched.contains(path))
        };
        let now = state::tree(folder, &SKIPPED)?;

        for (path, state) in now.iter().rev().filter(|(path, _)| !before.contains_key(*path)) {
            let whole = folder.join(path);
            match state.kind {
                Kind::Folder => drop(fs::remove_dir(whole)), // fails when something in it was left
                _ if ours_to_change(path) => fs::remove_file(whole)?,
                _ => left.push(path.clone()),
            }
        }
        for (path, state) in &before {
            let same = now.get(path) == Some(state);
            if !same && (!in_place || ours_to_change(path)) {
                put_back(&ours.join("files").join(path), &folder.join(path), state)
                    .with_context(|| format!("cannot put {} back", path.display()))?;
            }
        }
        remove_ours(ours)?;
        // Last, because everything above changes the times of folders.
        for (path, state) in before.iter().filter(|(_, state)| state.kind == Kind::Folder) {
            match set_time(&folder.join(path), state) {
                Err(error) if error.kind() == ErrorKind::NotFound => {} // a source folder that the user removed
                result => result?,
            }
        }
    } else {
        remove_ours(ours)?; // nothing was changed yet
    }
    Ok(left)
}

/// Removes our folder, what is needed to repeat that last.
fn remove_ours(ours: &Path) -> Result<()> {
    for entry in fs::read_dir(ours)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != "manifest" {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(fs::remove_dir_all(ours)?)
}

fn read_manifest(ours: &Path) -> Option<Tree> {
    state::read(&fs::read_to_string(ours.join("manifest")).ok()?)
}

/// Whether a file is of the kind that building or running CPython writes.
fn is_built(path: &Path) -> bool {
    const NAMES: [&str; 18] = [
        "Makefile",
        "Makefile.pre",
        "GNUmakefile",
        "Setup.local",
        "Setup.stdlib",
        "Setup.bootstrap",
        "config.c",
        "config.log",
        "config.status",
        "config.cache",
        "pyconfig.h",
        "pybuilddir.txt",
        "platform",
        "python",
        "python.exe",
        "_bootstrap_python",
        "_freeze_module",
        "_testembed",
    ];
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let extension = path.extension().and_then(|extension| extension.to_str());
    let inside = |folder: &str| path.components().any(|part| part.as_os_str() == folder);
    matches!(extension, Some("o" | "a" | "so" | "dylib" | "pyc" | "gcda" | "gcno"))
        || NAMES.contains(&name)
        || path.starts_with("build")
        || inside("__pycache__")
        || (inside("frozen_modules") && extension == Some("h"))
}

fn copy(from: &Path, to: &Path, state: &State) -> Result<()> {
    match state.kind {
        Kind::Folder => fs::create_dir_all(to)?,
        Kind::Link => symlink(fs::read_link(from)?, to)?,
        Kind::File => {
            fs::copy(from, to)?;
            // Only root can give a file away, and only root gets copies that are not its own.
            _ = chown(to, Some(state.owner.0), Some(state.owner.1));
            fs::set_permissions(to, Permissions::from_mode(state.mode))?;
            set_time(to, state)?;
        }
    }
    Ok(())
}

fn put_back(copy: &Path, to: &Path, state: &State) -> Result<()> {
    if state.kind == Kind::Folder {
        fs::create_dir_all(to)?;
        return Ok(fs::set_permissions(to, Permissions::from_mode(state.mode))?);
    }
    if to.is_dir() && !to.is_symlink() {
        fs::remove_dir_all(to)?;
    }
    match fs::rename(copy, to) {
        // A call that was interrupted has put it back already.
        Err(error) if error.kind() == ErrorKind::NotFound && is_back(to, state) => Ok(()),
        result => Ok(result?),
    }
}

fn is_back(path: &Path, state: &State) -> bool {
    let parent = path.parent().unwrap_or(path);
    let name = path.file_name().unwrap_or_default();
    let here = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .find(|entry| entry.file_name() == name);
    let here = here.and_then(|entry| entry.metadata().ok()).and_then(|facts| State::of(&facts));
    here.is_some_and(|here| here.looks_like(state))
}

/// Gives a file or folder the time that it had.
fn set_time(path: &Path, state: &State) -> std::io::Result<()> {
    let (seconds, nanoseconds) = state.modified;
    let fine = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0));
    let time = match u64::try_from(seconds) {
        Ok(after) => SystemTime::UNIX_EPOCH + Duration::from_secs(after) + fine,
        Err(_) => SystemTime::UNIX_EPOCH - Duration::from_secs(seconds.unsigned_abs()) + fine,
    };
    File::open(path)?.set_modified(time)
}
