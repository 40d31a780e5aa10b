//! Finds libclang, with which bindgen reads `Python.h`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::layout;
use crate::lock::Lock;
use crate::progress::Step;
use crate::{logged, programs};

/// The folder of libclang, fetched from PyPI when the machine has none and no package manager could install it.
pub fn ensure(lock: &Lock, logs: &Path) -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    let pip = ["pip3", "pip"].into_iter().find_map(programs::find);
    let pip = pip.context(
        "bindgen needs libclang: install it, or set LIBCLANG_PATH to the folder that has it",
    )?;
    let mut command = Command::new(pip);
    command.args(["install", "--no-deps", "--target"]).arg(fetched()).arg("libclang");
    let step = Step::counting("Fetching libclang");
    logged::run(command, lock, &logs.join("03-libclang.log"), step, |line, step| {
        step.advance(line)
    })?;
    find().context(
        "PyPI's libclang has no library for this machine: install libclang, or set LIBCLANG_PATH",
    )
}

/// The folder of libclang, where it is usually found; none when it is not there.
pub fn find() -> Option<PathBuf> {
    let given = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let given = given.map(|path| if path.is_file() { folder_of(&path) } else { path });
    let told = || {
        let output = Command::new("llvm-config").arg("--libdir").output().ok()?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
    };
    let known = usual_folders().into_iter().chain([fetched().join("clang/native")]);
    given.into_iter().chain(known).chain(told()).find(|folder| has_libclang(folder))
}

/// Arguments for bindgen's clang: the compiler's own headers, last, for a libclang that came without its own.
pub fn clang_arguments() -> String {
    let output = Command::new("cc").arg("-print-file-name=include").output();
    let folder =
        output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    match folder.trim() {
        folder if folder.starts_with('/') && !folder.contains(char::is_whitespace) => {
            format!("-idirafter {folder}")
        }
        _ => String::new(),
    }
}

/// Where PyPI's library is put.
fn fetched() -> PathBuf {
    layout::build().join("libclang")
}

fn usual_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, prefix) in [
        ("/usr/lib", "llvm-"),
        ("/usr/lib/llvm", ""),
        ("/opt/homebrew/opt", "llvm"),
        ("/usr/local/opt", "llvm"),
    ] {
        let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let version = name.strip_prefix(prefix)?.trim_start_matches('@');
                Some((version.parse().unwrap_or(0), entry.path().join("lib")))
            })
            .collect();
        versions.sort();
        folders.extend(versions.into_iter().rev().map(|(_, folder)| folder));
    }
    let architecture = format!("{}-linux-gnu", env::consts::ARCH);
    folders.push(Path::new("/usr/lib").join(architecture));
    folders.extend(["/usr/lib64", "/usr/lib", "/usr/local/lib"].map(PathBuf::from));
    folders
}

fn has_libclang(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        (name.starts_with("libclang.") || name.starts_with("libclang-"))
            && (name.contains(".so") || name.ends_with(".dylib"))
            && !name.contains("libclang-cpp")
            && entry.path().is_file() // not a link to nowhere
    })
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("/")).to_owned()
}
