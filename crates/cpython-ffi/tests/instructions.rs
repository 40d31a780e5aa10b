//! A typed call compiles to the instructions of the raw call.
//!
//! The examples `calls_raw` and `calls_typed` have functions of the same names and bodies, one
//! with the bindings, one with the contracts. Both are compiled to assembly and compared. (That
//! the types agree in size and calling convention is proven where they are declared, in
//! `src/contracts.rs`.)
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn typed_calls_are_raw_calls() {
    let (raw, typed) = (functions("calls_raw"), functions("calls_typed"));
    assert!(raw.len() >= 10, "only {} functions were found", raw.len());
    assert_eq!(raw.keys().collect::<Vec<_>>(), typed.keys().collect::<Vec<_>>());
    for (name, instructions) in &raw {
        assert!(!instructions.is_empty(), "{name} has no instructions");
        assert_eq!(instructions, &typed[name], "{name} differs");
    }
}

/// The instructions of each function of an example.
fn functions(example: &str) -> BTreeMap<String, Vec<String>> {
    let assembly = std::fs::read_to_string(assembly_of(example)).expect("readable assembly");
    let mut functions = BTreeMap::new();
    let mut name = None;
    for line in assembly.lines() {
        match line.split_once(':') {
            Some((label, _)) if is_name(label) => name = Some(label.to_owned()),
            _ => {
                let line = line.trim();
                if line.starts_with(".Lfunc_end") || line.starts_with(".cfi_endproc") {
                    name = None;
                } else if let Some(name) = &name
                    && !line.is_empty()
                    && !line.starts_with(".cfi")
                    && !line.starts_with('#')
                {
                    functions.entry(name.clone()).or_insert_with(Vec::new).push(line.to_owned());
                }
            }
        }
    }
    functions
}

/// Whether a label is the name of one of the functions: they are not mangled.
fn is_name(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('_')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Compiles an example, optimised, and finds the assembly beside what cargo says it has made.
fn assembly_of(example: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(example);
    let assembly = target.with_extension("s");
    let emit = format!("--emit=asm={}", assembly.display());
    let made = Command::new(env!("CARGO"))
        .args(["rustc", "--quiet", "--package", "cpython-ffi", "--example", example, "--"])
        .args(["-Copt-level=3", "-Ccodegen-units=1", "-Cdebuginfo=0", "-Cdebug-assertions=off"])
        .arg("-Coverflow-checks=off")
        .arg(emit)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assembly
}
