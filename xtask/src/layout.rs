//! Where everything is: the workspace, and what is made under its `build/` folder.

use std::path::{Path, PathBuf};

use crate::kind::Kind;

/// The workspace: the folder with the top `Cargo.toml`.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/"))
}

/// Everything the tools make; git ignores it and it can be deleted at any time.
pub fn build() -> PathBuf {
    root().join("build")
}

/// Files fetched from the network.
pub fn downloads() -> PathBuf {
    build().join("downloads")
}

/// Unpacked CPython sources.
pub fn sources() -> PathBuf {
    build().join("source")
}

/// Everything made for one kind of interpreter.
pub fn kind(kind: Kind) -> PathBuf {
    build().join(kind.name())
}

/// The path with an ending added to its name: for what is not complete yet.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A path as a person wants to read it: from the workspace when it is inside.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
