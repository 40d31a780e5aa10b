//! `cargo xtask new-module NAME`: a new room, in the libraries at once, with a function that works and is tested.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use crate::tidy::Workspace;
use crate::{layout, rooms};

/// What `cargo xtask new-module` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// The name in Python: `_heapq`; its folder is `modules/heapq`
    name: String,

    /// The C file of CPython that it replaces: `Modules/_heapqmodule.c`
    #[arg(long, value_name = "FILE")]
    replaces: Option<PathBuf>,

    /// CPython's own tests for it, separated by commas: `test_heapq`
    #[arg(long, value_name = "TEST,...", value_delimiter = ',')]
    tests: Vec<String>,
}

/// Makes the room, and says what to do with it.
pub fn new_module(options: &Options) -> Result<()> {
    let written = create(layout::root(), options)?;
    for path in written {
        println!("{path}");
    }
    let name = &options.name;
    println!("\n`cargo xtask test {name}` tests it, `cargo xtask run` has it: import {name}");
    if options.replaces.is_some() {
        println!(
            "Python now gets this room instead of the C module. Until it is whole: \
             cargo xtask run --without {name}"
        );
    }
    Ok(())
}

/// Makes the room in the workspace `root`; the paths of the files that were written.
pub fn create(root: &Path, options: &Options) -> Result<Vec<String>> {
    let name = &options.name;
    let folder = name.strip_prefix('_').unwrap_or(name);
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    ensure!(
        folder.starts_with(|c: char| c.is_ascii_lowercase()) && folder.chars().all(lower),
        "{name}: the name of a module is of small letters, digits and underscores"
    );
    let room = root.join("modules").join(folder);
    ensure!(!room.exists(), "modules/{folder} is there already");

    // What is changed is read first, so that nothing is written when a place for the new room is not found.
    let manifest =
        registered(&read(root, MANIFEST)?, folder).with_context(|| cannot_add(MANIFEST))?;
    let exports =
        exported(&read(root, EXPORTS)?, name, folder).with_context(|| cannot_add(EXPORTS))?;

    let mut written = Vec::new();
    let mut write = |path: String, text: &str| -> Result<()> {
        let file = root.join(&path);
        fs::create_dir_all(file.parent().unwrap_or(root))?;
        fs::write(&file, text).with_context(|| format!("cannot write {path}"))?;
        written.push(path);
        Ok(())
    };
    for (path, text) in TEMPLATE {
        let path = filled(path, options, folder, path);
        write(format!("modules/{folder}/{path}"), &filled(text, options, folder, &path))?;
    }
    write(MANIFEST.to_owned(), &manifest)?;
    write(EXPORTS.to_owned(), &exports)?;
    let table = Workspace::of_files(root, rooms::all_in(root)?)?.renewed_table();
    if let Some((path, text)) = table {
        write(path, &text)?;
    }
    Ok(written)
}

/// The template's text with the words in capitals replaced.
fn filled(text: &str, options: &Options, folder: &str, path: &str) -> String {
    let replaces = options.replaces.as_ref().map_or(String::new(), |file| {
        let file = file.display();
        if path.ends_with(".toml") {
            format!("replaces = \"{file}\"\n")
        } else {
            format!("    replaces: \"{file}\",\n")
        }
    });
    let tests: Vec<_> = options.tests.iter().map(|test| format!("\"{test}\"")).collect();
    text.replace("REPLACES", &replaces)
        .replace("TESTS", &tests.join(", "))
        .replace("FOLDER", folder)
        .replace("NAME", &options.name)
}

/// The manifest of the libraries with the new room in it.
fn registered(manifest: &str, folder: &str) -> Option<String> {
    let (before, rest) = manifest.split_once("default = [")?;
    let (names, after) = rest.split_once(']')?;
    let mut names: Vec<_> = names.split(", ").map(|name| name.trim_matches('"')).collect();
    names.push(folder);
    names.sort_unstable();
    let names: Vec<_> = names.into_iter().map(|name| format!("\"{name}\"")).collect();
    let text = format!("{before}default = [{}]{after}", names.join(", "));

    let feature = format!("{folder} = [\"dep:{folder}-face\"]");
    let text = inserted(&text, |line| line.ends_with("-face\"]"), &feature)?;
    let dependency =
        format!("{folder}-face = {{ path = \"../modules/{folder}/face\", optional = true }}");
    inserted(&text, |line| line.contains("-face = { path = "), &dependency)
}

/// The exports of the libraries with those of the new module among them.
fn exported(exports: &str, name: &str, folder: &str) -> Option<String> {
    let row = format!("    \"{folder}\" => {folder}_face: PyInit_{name}, PyModExport_{name};");
    inserted(exports, |line| line.starts_with("    \"") && line.contains("\" => "), &row)
}

/// The text with a line added to the rows of a list, in order; none when it has no such rows.
fn inserted(text: &str, is_row: impl Fn(&str) -> bool, row: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let rows = || lines.iter().enumerate().filter(|(_, line)| is_row(line));
    let after = rows().filter(|(_, line)| **line < row).map(|(at, _)| at + 1).max();
    let at = after.or_else(|| rows().map(|(at, _)| at).min())?;
    lines.insert(at, row);
    Some(lines.join("\n") + "\n")
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
}

fn cannot_add(path: &str) -> String {
    format!("{path} has no list of rooms to add to")
}

/// The files of a room.
const TEMPLATE: [(&str, &str); 9] = [
    ("room.toml", include_str!("../templates/room.toml")),
    ("README.md", include_str!("../templates/README.md")),
    ("core/Cargo.toml", include_str!("../templates/core/Cargo.toml")),
    ("core/src/lib.rs", include_str!("../templates/core/src/lib.rs")),
    ("core/tests/oracle.rs", include_str!("../templates/core/tests/oracle.rs")),
    ("face/Cargo.toml", include_str!("../templates/face/Cargo.toml")),
    ("face/src/lib.rs", include_str!("../templates/face/src/lib.rs")),
    ("python/test_FOLDER.py", include_str!("../templates/python/test_FOLDER.py")),
    ("speed.py", include_str!("../templates/speed.py")),
];

const MANIFEST: &str = "integration/Cargo.toml";
const EXPORTS: &str = "integration/src/lib.rs";

impl Options {
    /// A module of this name that replaces nothing.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), replaces: None, tests: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_in_order() {
        let is_row = |line: &str| line.starts_with('-');
        let of = |text: &str, row: &str| inserted(text, is_row, row);
        assert_eq!(of("a\n- b\n- d\ne\n", "- c").unwrap(), "a\n- b\n- c\n- d\ne\n");
        assert_eq!(of("a\n- b\n- d\ne\n", "- a").unwrap(), "a\n- a\n- b\n- d\ne\n");
        assert_eq!(of("a\n- b\n- d\ne\n", "- e").unwrap(), "a\n- b\n- d\n- e\ne\n");
        assert_eq!(of("a\n", "- e"), None);
    }

    #[test]
    fn the_libraries_get_the_room() {
        let manifest = read(layout::root(), MANIFEST).unwrap();
        let text = registered(&manifest, "aaa").unwrap();
        assert!(text.contains("default = [\"aaa\", "), "{text}");
        assert!(text.contains("\naaa = [\"dep:aaa-face\"]\n"), "{text}");
        assert!(
            text.contains("\naaa-face = { path = \"../modules/aaa/face\", optional = true }\n")
        );
        let text = exported(&read(layout::root(), EXPORTS).unwrap(), "_zzz", "zzz").unwrap();
        assert!(
            text.contains(";\n    \"zzz\" => zzz_face: PyInit__zzz, PyModExport__zzz;\n}"),
            "{text}"
        );
    }

    #[test]
    fn every_word_of_the_template_is_filled() {
        let replaces = Options {
            replaces: Some("Modules/_heapqmodule.c".into()),
            tests: vec!["test_heapq".to_owned()],
            ..Options::named("_heapq")
        };
        for options in [Options::named("_heapq"), replaces] {
            for (path, text) in TEMPLATE {
                let text = filled(text, &options, "heapq", path);
                let left = ["NAME", "FOLDER", "REPLACES", "TESTS"].map(|word| text.contains(word));
                assert_eq!(left, [false; 4], "{path}: {text}");
                assert_eq!(
                    text.contains("_heapqmodule.c"),
                    options.replaces.is_some()
                        && (path == "room.toml" || path == "face/src/lib.rs"),
                    "{path}"
                );
            }
        }
    }

    #[test]
    fn wrong_names_are_refused() {
        for name in ["", "_", "Spam", "sp-am", "9a", "a/b", "binascii"] {
            assert!(create(layout::root(), &Options::named(name)).is_err(), "{name}");
        }
    }
}
