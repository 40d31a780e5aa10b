//! A `PATH` with every program of the user's but Python.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

/// Fills `folder` with links to all programs on the `PATH` that are no Python; the `PATH` to give to a command.
pub(super) fn path(folder: &Path) -> Result<OsString> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for entries in env::split_paths(&env::var_os("PATH").context("there is no PATH")?) {
        let Ok(entries) = fs::read_dir(entries) else { continue };
        for entry in entries {
            let entry = entry?;
            let link = folder.join(entry.file_name());
            // The first on the PATH wins.
            if !is_python(&entry.file_name().to_string_lossy()) && link.symlink_metadata().is_err()
            {
                symlink(entry.path(), link)?;
            }
        }
    }
    ensure!(folder.join("cargo").exists(), "there is no cargo on the PATH");
    Ok(folder.as_os_str().to_owned())
}

fn is_python(program: &str) -> bool {
    ["python", "pypy", "pyenv"].iter().any(|name| program.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn only_python_is_gone() {
        let folder = env::temp_dir().join(format!("xtask-no-python-{}", std::process::id()));
        let path = path(&folder).unwrap();
        let found = |program: &str| {
            Command::new("sh")
                .args(["-c", &format!("command -v {program}")])
                .env("PATH", &path)
                .output()
                .unwrap()
                .status
                .success()
        };
        assert!(found("cargo") && found("cc"));
        assert!(!found("python3") && !found("python"));
        fs::remove_dir_all(folder).unwrap();
    }
}
