//! Rules on dependencies: which crate may see which, and under which licence the foreign ones come.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::Workspace;
use crate::programs;
use crate::rooms::Room;

/// What `cargo metadata` says of the workspace and of all crates that it is built with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    id: String,
    version: String,
    license: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo about the workspace in `root`.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let rustc = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
        let facts = String::from_utf8_lossy(&rustc.stdout).into_owned();
        let host = facts.lines().find_map(|line| line.strip_prefix("host: "));
        let mut command = Command::new("cargo");
        programs::without_cargo(command.current_dir(root));
        command.args(["metadata", "--format-version", "1", "--locked"]);
        command.args(["--filter-platform", host.context("rustc names no host")?]);
        let output = command.output().context("cannot start cargo")?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo metadata: {}", complaint.trim());
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }
}

/// A crate depends on the layer beneath it, and on what its row of the table allows; nothing else.
pub(super) fn dependencies(workspace: &Workspace) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in workspace.metadata.members() {
        let Some(allowed) = allowed(&package.name, &workspace.rooms) else {
            complaints.push(format!("{}: is no layer and no room", package.name));
            continue;
        };
        let built_with = package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev"));
        for dependency in built_with.filter(|d| !allowed.contains(&d.name)) {
            complaints.push(format!("{} must not depend on {}", package.name, dependency.name));
        }
    }
    complaints
}

/// Every licence is one of those that were read and found good.
pub(super) fn licences(workspace: &Workspace) -> Vec<String> {
    let stranger = |package: &&Package| {
        !package.license.as_deref().is_some_and(|licence| LICENCES.contains(&licence))
    };
    let packages = workspace.metadata.packages.iter();
    packages
        .filter(stranger)
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("none");
            format!(
                "{} {}: the licence {licence} is not in the list",
                package.name, package.version
            )
        })
        .collect()
}

/// Every crate of the workspace takes the lints, and what all crates have in common, from the top.
pub(super) fn manifests(workspace: &Workspace) -> Vec<String> {
    let manifests = workspace
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.is_in("xtask/templates"))
        .filter(|file| !file.text.contains("\n[workspace]\n")); // has a workspace of its own
    let mut complaints = Vec::new();
    for file in manifests {
        for line in ["version", "edition", "rust-version", "license", "publish"] {
            if !file.text.lines().any(|text| text == format!("{line}.workspace = true")) {
                complaints.push(format!("{}: no `{line}.workspace = true`", file.path));
            }
        }
        if !file.text.contains("[lints]\nworkspace = true") {
            complaints.push(format!("{}: the lints are not the workspace's", file.path));
        }
    }
    complaints
}

/// What the crate of this name may be built with; none for a crate that nobody knows.
fn allowed(name: &str, rooms: &[Room]) -> Option<Vec<String>> {
    let crates: Vec<String> = match name {
        "cpython-sys" => vec!["bindgen".into()],
        "cpython-ffi" => vec!["cpython-sys".into()],
        "cpython-api" => ["cpython-ffi", "cpython-api-macros", "cpython-shared", "cpython-simd"]
            .map(String::from)
            .into(),
        "cpython-api-macros" => ["proc-macro2", "quote", "syn"].map(String::from).into(),
        "cpython-simd" => Vec::new(),
        "cpython-streaming" => vec!["cpython-simd".into()],
        "cpython-shared" => Vec::new(),
        "cpython-bzip2" => ["cpython-simd", "libbz2-rs-sys"].map(String::from).into(),
        "cpython-zlib" => ["cpython-shared", "cpython-simd", "zlib-rs"].map(String::from).into(),
        "attacks" => ["cpython-api", "scoped-tls-hkt", "send_wrapper"].map(String::from).into(),
        "attacks-export" => vec!["attacks".into(), "cpython-api".into()],
        "rust-stdlib" => {
            let faces = rooms.iter().map(|room| format!("{}-face", room.folder));
            faces.chain(["cpython-api".into(), "cpython-simd".into()]).collect()
        }
        "model" => vec!["loom".into()],
        "objects" => ["cpython-api", "cpython-ffi"].map(String::from).into(),
        "guide-tests" => Vec::new(),
        "xtask" => TOOLS.map(String::from).into(),
        _ => match (name.strip_suffix("-core"), name.strip_suffix("-face")) {
            (Some(room), _) => {
                let cellar = CELLARS.iter().find(|(above, _)| *above == room);
                let cellar = cellar.map(|(_, cellar)| (*cellar).to_owned());
                ["cpython-shared", "cpython-simd", "cpython-streaming"]
                    .map(String::from)
                    .into_iter()
                    .chain(cellar)
                    .collect()
            }
            (_, Some(room)) => {
                vec!["cpython-api".into(), "cpython-streaming".into(), format!("{room}-core")]
            }
            _ => return None,
        },
    };
    Some(crates)
}

/// The rooms that have a fenced cellar of their own, or a library in its place.
const CELLARS: [(&str, &str); 3] =
    [("bz2", "cpython-bzip2"), ("json", "zmij"), ("zlib", "cpython-zlib")];

/// What the tools are built with: none of it gets into an interpreter.
const TOOLS: [&str; 11] = [
    "anyhow",
    "clap",
    "flate2",
    "indicatif",
    "lzma-rust2",
    "minijinja",
    "serde",
    "serde_json",
    "sha2",
    "tar",
    "toml",
];

/// The licences of all crates, word for word.
const LICENCES: [&str; 17] = [
    "(MIT OR Apache-2.0) AND Unicode-3.0",
    "0BSD OR MIT OR Apache-2.0",
    "Apache-2.0",
    "Apache-2.0 AND ISC",
    "Apache-2.0 OR ISC OR MIT",
    "Apache-2.0 OR MIT",
    "Apache-2.0/MIT",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT OR Apache-2.0",
    "MIT OR Zlib OR Apache-2.0",
    "MIT/Apache-2.0",
    "Unlicense OR MIT",
    "Zlib",
    "bzip2-1.0.6",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::workspace;

    fn with(packages: &str) -> Workspace {
        let text = format!(r#"{{"packages": [{packages}], "workspace_members": ["member"]}}"#);
        Workspace { metadata: serde_json::from_str(&text).unwrap(), ..workspace(&[]) }
    }

    fn member(name: &str, on: &str, kind: &str) -> Workspace {
        with(&format!(
            r#"{{"name": "{name}", "id": "member", "version": "1", "license": "MIT",
                "dependencies": [{{"name": "{on}", "kind": {kind}}}]}}"#
        ))
    }

    #[test]
    fn a_layer_sees_only_the_one_beneath() {
        let count = |name: &str, on: &str| dependencies(&member(name, on, "null")).len();
        assert_eq!(count("cpython-ffi", "cpython-sys"), 0);
        assert_eq!(count("cpython-api", "cpython-sys"), 1);
        assert_eq!(count("bisect-core", "cpython-simd"), 0);
        assert_eq!(count("bisect-core", "cpython-streaming"), 0);
        assert_eq!(count("bisect-core", "cpython-api"), 1);
        assert_eq!(count("bisect-core", "cpython-bzip2"), 1);
        assert_eq!(count("bz2-core", "cpython-bzip2"), 0);
        assert_eq!(count("bz2-face", "cpython-bzip2"), 1);
        assert_eq!(count("bisect-face", "bisect-core"), 0);
        assert_eq!(count("bisect-face", "heapq-core"), 1);
        assert_eq!(count("stranger", "libc"), 1);
        assert_eq!(dependencies(&member("bisect-core", "rand", "\"dev\"")).len(), 0);
        assert_eq!(dependencies(&member("bisect-core", "cc", "\"build\"")).len(), 1);
    }

    #[test]
    fn licences_are_those_of_the_list() {
        let count = |licence: &str| {
            licences(&with(&format!(
                r#"{{"name": "a", "id": "a", "version": "1", "license": {licence}, "dependencies": []}}"#
            )))
            .len()
        };
        assert_eq!(count("\"MIT\""), 0);
        assert_eq!(count("\"GPL-3.0\""), 1);
        assert_eq!(count("null"), 1);
        assert!(LICENCES.is_sorted());
    }

    #[test]
    fn manifests_are_the_workspaces() {
        let common = "version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
                      license.workspace = true\npublish.workspace = true\n";
        let of = |text: &str| manifests(&workspace(&[("a/Cargo.toml", text)])).len();
        assert_eq!(of(&format!("{common}[lints]\nworkspace = true\n")), 0);
        assert_eq!(of(common), 1);
        assert_eq!(of("[lints]\nworkspace = true\n"), 5);
    }
}
