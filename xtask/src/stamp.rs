//! Short facts that tell whether something changed since the last call.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The SHA-256 of a text, as hexadecimal digits.
pub fn digest(text: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(text))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is known of a file without reading it: it changes with every write.
pub fn of_file(path: &Path) -> String {
    match fs::metadata(path) {
        Ok(facts) => format!("{} {} {}", facts.len(), facts.mtime(), facts.mtime_nsec()),
        Err(_) => "missing".to_owned(),
    }
}

/// The state of every file of a CPython source tree that ends up in the interpreter.
///
/// The library's Python files are read where they lie, but some are frozen into the interpreter, so they count;
/// their tests, the documentation and compiled `.pyc` files do not.
pub fn of_source(folder: &Path) -> Result<String> {
    const SKIPPED: [&str; 8] =
        ["Doc", "test", "idlelib", "__pycache__", "PC", "PCbuild", "Mac", "InternalDocs"];
    let mut hash = Sha256::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".")
                || SKIPPED.iter().any(|skipped| name == *skipped)
            {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                hash.update(entry.path().as_os_str().as_encoded_bytes());
                hash.update(of_file(&entry.path()));
            }
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Whether the stamp in `file` says `text`.
pub fn matches(file: &Path, text: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|old| old == text)
}

/// Writes `text` unless the file says so already, so that its time tells of the last real change; true if written.
pub fn write_if_changed(file: &Path, text: &str) -> Result<bool> {
    if matches(file, text) {
        return Ok(false);
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(true)
}
