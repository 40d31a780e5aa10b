//! Compares the inline macros with C inside the interpreter that the bindings were made for.
//!
//! `CPYTHON_BUILD_DIR` names the folder of that interpreter, with `python` in it. The C originals
//! (`inline/inline.c`) become a library, the comparison (`inline/compare.rs`) an extension module,
//! and the interpreter imports it.

#[path = "support/compiler.rs"]
mod compiler;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inline");

#[test]
fn macros_do_what_c_does() {
    let build = PathBuf::from(env::var_os("CPYTHON_BUILD_DIR").expect(
        "CPYTHON_BUILD_DIR is not set: it names the folder where the interpreter was built \
         that CPYTHON_INCLUDE has the headers of",
    ));
    let (originals, module) = (c_library(), extension_module());
    let code = "import sys, importlib.util as u; from importlib.machinery import ExtensionFileLoader; \
                s = u.spec_from_file_location('compare', sys.argv[1], \
                    loader=ExtensionFileLoader('compare', sys.argv[1])); \
                s.loader.exec_module(u.module_from_spec(s))";
    let output = Command::new(build.join("python"))
        .args(["-I", "-X", "faulthandler", "-c", code])
        .arg(module)
        .env("COMPARE_WITH", originals)
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", build.join("python").display()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("comparisons, 0 differences"),
        "{}\n{said}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
}

/// No macro can be added without being compared.
#[test]
fn every_macro_is_compared() {
    let originals = fs::read_to_string(format!("{FOLDER}/inline.c")).unwrap();
    let internal = fs::read_to_string(format!("{FOLDER}/internal.c")).unwrap();
    let comparisons: String = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let macros = redone();
    assert!(macros.len() > 90, "only {} macros found: is the scan broken?", macros.len());
    for name in macros {
        if name == "PyThreadState_is_attached" {
            continue; // our own name: C has no such macro outside of its core
        }
        assert!(has_word(&comparisons, &name), "{name} is not compared");
        assert!(
            has_word(&originals, &name) || internal.contains(&format!("c{name}")),
            "{name} is not in inline.c"
        );
    }
}

/// The C names that `src/` defines: functions, constants, and the rows of its tables.
fn redone() -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || ["lib.rs", "bindings.rs"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let row = line.strip_prefix("    ").filter(|row| row.ends_with(';'));
            let definition = line.strip_prefix("pub ").map(|rest| {
                ["const ", "unsafe ", "fn "]
                    .iter()
                    .fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest))
            });
            let Some(text) = definition.or(row) else { continue };
            let name: String = text.chars().take_while(|c| is_word_character(*c)).collect();
            if name.trim_start_matches('_').starts_with("Py") {
                names.push(name);
            }
        }
    }
    names
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let ends = |c: Option<char>| !c.is_some_and(is_word_character);
        let before = text[..at].strip_suffix("c_").unwrap_or(&text[..at]);
        ends(before.chars().next_back()) && ends(text[at + word.len()..].chars().next())
    })
}

fn is_word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The C originals as a shared library.
fn c_library() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("originals.so");
    let sources = ["inline.c", "internal.c"].map(|name| format!("{FOLDER}/{name}"));
    let flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Werror"];
    let mut arguments: Vec<&std::ffi::OsStr> = flags.iter().map(AsRef::as_ref).collect();
    arguments.extend(sources.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    arguments.extend(["-o".as_ref(), target.as_os_str()]);
    if let Err(complaints) = compiler::run(&arguments) {
        panic!("{complaints}");
    }
    target
}

/// The example `compare`, built (if it is not yet) in the profile of this test.
fn extension_module() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let (profile, folder) =
        if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "cpython-sys", "--example", "compare"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join(folder).join("examples/libcompare.so")
}
