//! The files that people wrote: everything in the workspace but what tools make.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// One text file of the workspace.
#[derive(Debug)]
pub struct File {
    /// Its path from the workspace, with `/` between the parts.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// The part of its name after the last dot; empty without one.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether it is in the folder of this path.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// All text files under `root`, by path; files that are not UTF-8 are not text.
pub fn files(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let place = root.join(&folder);
        let entries =
            fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type()?;
            if MADE.contains(&path.as_str()) || MADE_ANYWHERE.contains(&name.as_str()) {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What tools make at the top of the workspace; in a worktree, `.git` is a file.
const MADE: [&str; 4] = [".git", "build", "dist", "target"];

/// Folders that tools make anywhere.
const MADE_ANYWHERE: [&str; 1] = ["__pycache__"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_by_whole_names() {
        let file = File { path: "crates/cpython-sys/build.rs".to_owned(), text: String::new() };
        assert!(file.is_in("crates") && file.is_in("crates/cpython-sys"));
        assert!(!file.is_in("crates/cpython"));
        assert_eq!(file.extension(), "rs");
    }

    #[test]
    fn the_workspace_is_found_without_what_tools_made() {
        let files = files(crate::layout::root()).unwrap();
        assert!(files.iter().any(|file| file.path == "xtask/src/tidy/tree.rs"));
        assert!(!files.iter().any(|file| file.is_in("target") || file.is_in(".git")));
    }
}
