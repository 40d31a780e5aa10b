//! What is remembered of each file of a folder, and how two states are told apart.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Every file, link and folder below a folder, by the path from there.
pub(super) type Tree = BTreeMap<PathBuf, State>;

/// The state of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) kind: Kind,
    pub(super) mode: u32,
    pub(super) owner: (u32, u32),
    pub(super) size: u64,
    /// When the content changed, in seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// Which file it is and when anything of it changed: nothing a program writes can leave this as it was.
    identity: (u64, i64, i64),
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Link,
    Folder,
}

impl State {
    /// The state of something that is a file, a link or a folder.
    pub(super) fn of(facts: &Metadata) -> Option<Self> {
        let kind = match facts.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_dir() => Kind::Folder,
            _ => return None,
        };
        Some(Self {
            kind,
            mode: facts.mode() & 0o7777,
            owner: (facts.uid(), facts.gid()),
            size: facts.size(),
            modified: (facts.mtime(), facts.mtime_nsec()),
            identity: (facts.ino(), facts.ctime(), facts.ctime_nsec()),
        })
    }

    /// Whether a file in state `self` has the content, time and mode of one in state `other`.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        let times = self.kind == Kind::Link || self.modified == other.modified;
        self.kind == other.kind && self.mode == other.mode && self.size == other.size && times
    }
}

/// Reads the state of everything below `folder`, except what is in the folders named `skipped` right below it.
pub(super) fn tree(folder: &Path, skipped: &[&str]) -> Result<Tree> {
    let mut tree = Tree::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let whole = folder.join(&inner);
        for entry in
            fs::read_dir(&whole).with_context(|| format!("cannot read {}", whole.display()))?
        {
            let entry = entry?;
            let path = inner.join(entry.file_name());
            if skipped.iter().any(|name| path == Path::new(name)) {
                continue;
            }
            let Some(state) = State::of(&entry.metadata()?) else { continue };
            if state.kind == Kind::Folder {
                folders.push(path.clone());
            }
            tree.insert(path, state);
        }
    }
    if let Some(state) = State::of(&fs::metadata(folder)?) {
        tree.insert(PathBuf::new(), state);
    }
    Ok(tree)
}

/// A tree as text, to be kept in a file.
pub(super) fn write(tree: &Tree) -> Result<String> {
    let mut text = String::new();
    for (path, state) in tree {
        let path = path.to_str().filter(|path| !path.contains('\n'));
        let path = path.context("the build folder has a file whose name is not plain text")?;
        let kind = match state.kind {
            Kind::File => 'f',
            Kind::Link => 'l',
            Kind::Folder => 'd',
        };
        let State { mode, owner, size, modified, identity, .. } = state;
        let numbers = format!(
            "{mode} {} {} {size} {} {} {} {} {}",
            owner.0, owner.1, modified.0, modified.1, identity.0, identity.1, identity.2
        );
        text.push_str(&format!("{kind} {numbers} {path}\n"));
    }
    Ok(text)
}

/// The tree that `write` wrote; none when the text is not one.
pub(super) fn read(text: &str) -> Option<Tree> {
    text.lines()
        .map(|line| {
            let mut fields = line.splitn(11, ' ');
            let kind = match fields.next()? {
                "f" => Kind::File,
                "l" => Kind::Link,
                "d" => Kind::Folder,
                _ => return None,
            };
            let mut number = || fields.next()?.parse::<i64>().ok();
            let mode = u32::try_from(number()?).ok()?;
            let owner = (u32::try_from(number()?).ok()?, u32::try_from(number()?).ok()?);
            let size = u64::try_from(number()?).ok()?;
            let modified = (number()?, number()?);
            let identity = (u64::try_from(number()?).ok()?, number()?, number()?);
            Some((fields.next()?.into(), State { kind, mode, owner, size, modified, identity }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_survives_being_written() {
        let tree = tree(Path::new(env!("CARGO_MANIFEST_DIR")), &["src"]).unwrap();
        assert!(tree.contains_key(Path::new("Cargo.toml")) && !tree.contains_key(Path::new("src")));
        assert_eq!(read(&write(&tree).unwrap()).unwrap(), tree);
    }
}
