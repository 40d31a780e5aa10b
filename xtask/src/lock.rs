//! One `cargo xtask` at a time in each folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::layout;

/// A folder held by this process, and by the commands it starts.
///
/// The commands get the open lock file as their standard input, so that a `make` whose parent was killed still
/// holds the folder until it has ended, and a second call waits instead of building into the same files.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Waits until nobody else works in `folder` (made when missing), and holds it until dropped.
    pub fn take(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", layout::shown(folder)))?;
        let path = folder.join("lock");
        let file = File::options().create(true).read(true).append(true).open(&path);
        let file = file.with_context(|| format!("cannot open {}", layout::shown(&path)))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!(
                    "Waiting for another command to finish with {} ...",
                    layout::shown(folder)
                );
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        Ok(Self(file))
    }

    /// The lock file, to be the standard input of a command.
    pub fn file(&self) -> Result<File> {
        Ok(self.0.try_clone()?)
    }
}
