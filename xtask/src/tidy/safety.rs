//! Rules on unsafe code: where it may be, where it is forbidden, how much there is of it.

use std::collections::BTreeMap;

use super::code;
use super::ledger::{self, Rows};
use super::{Workspace, tree::File};

/// Crates without unsafe code say so in their first attribute.
pub(super) fn forbidden(workspace: &Workspace) -> Vec<String> {
    let roots = workspace.files.iter().filter(|file| is_crate_root(&file.path));
    roots
        .filter(|file| !FENCED.iter().chain(&EXPORTS).any(|folder| file.is_in(folder)))
        .filter(|file| {
            let first =
                file.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("//"));
            first != Some("#![forbid(unsafe_code)]")
        })
        .map(|file| format!("{}: the first attribute is not `#![forbid(unsafe_code)]`", file.path))
        .collect()
}

/// Unsafe code is in the fenced crates only.
pub(super) fn fenced(workspace: &Workspace) -> Vec<String> {
    workspace
        .rust_files()
        .filter(|file| !FENCED.iter().any(|folder| file.is_in(folder)))
        .filter(|file| {
            let code = code::only(&file.text);
            let forms = code::count(&code, &["unsafe"]) - code::count(&code, &["unsafe", "("]);
            let attributes = code::count(&code, &["unsafe", "("]);
            forms > 0 || (attributes > 0 && !EXPORTS.iter().any(|folder| file.is_in(folder)))
        })
        .map(|file| format!("{}: has unsafe code", file.path))
        .collect()
}

/// Only the bindings know for which kind of CPython they are built.
pub(super) fn versions(workspace: &Workspace) -> Vec<String> {
    let conditional = |file: &&File| {
        let code = code::only(&file.text);
        ["cfg(", "cfg!(", "cfg_attr("]
            .iter()
            .flat_map(|sign| code.split(sign).skip(1))
            .any(|rest| in_parentheses(rest).contains("Py_"))
    };
    workspace
        .rust_files()
        .filter(|file| !file.is_in("crates/cpython-sys"))
        .filter(conditional)
        .map(|file| format!("{}: depends on a kind of CPython", file.path))
        .collect()
}

/// The number of unsafe blocks and implementations of each file is the one in `ledgers/unsafe.tsv`.
pub(super) fn counted(workspace: &Workspace) -> Vec<String> {
    let (ledger, mut complaints) = read(workspace);
    let counts = counts(workspace);
    for (path, found) in &counts {
        match ledger.get(path) {
            Some(row) if row.counts == *found => {}
            row => complaints.push(format!(
                "{path}: {} unsafe blocks and {} unsafe implementations, {} in ledgers/{LEDGER}",
                found[0],
                found[1],
                row.map_or("no row".to_owned(), |row| format!(
                    "{} and {}",
                    row.counts[0], row.counts[1]
                )),
            )),
        }
    }
    for path in ledger.keys().filter(|path| !counts.contains_key(*path)) {
        complaints.push(format!("ledgers/{LEDGER}: {path} has no unsafe code"));
    }
    complaints
}

/// The path and the new text of the ledger.
pub(super) fn blessed(workspace: &Workspace) -> (String, String) {
    let (old, _) = read(workspace);
    let rows: Rows = counts(workspace)
        .into_iter()
        .map(|(path, counts)| {
            let row = ledger::renewed(old.get(&path), counts);
            (path, row)
        })
        .collect();
    (format!("ledgers/{LEDGER}"), ledger::write(HEADING, &rows))
}

fn read(workspace: &Workspace) -> (Rows, Vec<String>) {
    ledger::read(LEDGER, workspace.text(&format!("ledgers/{LEDGER}")), 2)
}

/// Blocks and implementations of every file that has any.
fn counts(workspace: &Workspace) -> BTreeMap<String, Vec<usize>> {
    let of = |file: &File| {
        let code = code::only(&file.text);
        vec![code::count(&code, &["unsafe", "{"]), code::count(&code, &["unsafe", "impl"])]
    };
    workspace
        .rust_files()
        .map(|file| (file.path.clone(), of(file)))
        .filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .collect()
}

/// What comes before the parenthesis that closes one opened earlier.
fn in_parentheses(rest: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return &rest[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    rest
}

fn is_crate_root(path: &str) -> bool {
    ["lib.rs", "main.rs"]
        .iter()
        .filter_map(|name| path.strip_suffix(name))
        .any(|folder| folder.ends_with("/src/"))
}

/// Crates that may have unsafe code. The macros write one form of it, `unsafe impl Traverse`; the model
/// compiles files of the API once more.
const FENCED: [&str; 9] = [
    "crates/cpython-sys",
    "crates/cpython-ffi",
    "crates/cpython-api",
    "crates/cpython-api-macros",
    "crates/cpython-simd",
    "crates/cpython-bzip2",
    "crates/cpython-shared",
    "crates/cpython-zlib",
    "tests/model",
];

/// Crates that export functions to C, for which Rust's attribute is called unsafe.
const EXPORTS: [&str; 2] = ["integration", "tests/attacks-export"];

const LEDGER: &str = "unsafe.tsv";
const HEADING: &str = "path\tblocks\timplementations\twhat they are for";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::workspace;

    #[test]
    fn rooms_forbid_unsafe_code_first() {
        let of = |text: &str| forbidden(&workspace(&[("modules/a/core/src/lib.rs", text)])).len();
        assert_eq!(of("//! A.\n#![forbid(unsafe_code)]\n"), 0);
        assert_eq!(of("//! A.\n#![no_std]\n#![forbid(unsafe_code)]\n"), 1);
        assert_eq!(of("//! A.\n//! #![forbid(unsafe_code)]\nuse x;\n"), 1);
        assert!(forbidden(&workspace(&[("crates/cpython-ffi/src/lib.rs", "//! A.\n")])).is_empty());
    }

    #[test]
    fn unsafe_code_outside_the_fence_is_found() {
        let of = |path: &str, text: &str| fenced(&workspace(&[(path, text)])).len();
        assert_eq!(of("modules/a/core/tests/oracle.rs", "fn f() { unsafe { g() } }"), 1);
        assert_eq!(of("modules/a/core/src/lib.rs", "#[unsafe(no_mangle)] fn f() {}"), 1);
        assert_eq!(of("integration/src/lib.rs", "#[unsafe(no_mangle)] fn f() {}"), 0);
        assert_eq!(of("integration/src/lib.rs", "unsafe fn f() {}"), 1);
        assert_eq!(of("crates/cpython-sys/src/lib.rs", "unsafe fn f() {}"), 0);
        assert_eq!(of("xtask/src/a.rs", "// unsafe\n#![forbid(unsafe_code)]"), 0);
    }

    #[test]
    fn kinds_of_python_are_for_the_bindings() {
        let of = |path: &str, text: &str| versions(&workspace(&[(path, text)])).len();
        assert_eq!(of("crates/cpython-api/src/a.rs", "#[cfg(not(Py_GIL_DISABLED))]"), 1);
        assert_eq!(of("crates/cpython-api/src/a.rs", "if cfg!(Py_DEBUG) {} // cfg"), 1);
        assert_eq!(of("crates/cpython-sys/src/a.rs", "#[cfg(Py_DEBUG)]"), 0);
        assert_eq!(of("crates/cpython-api/src/a.rs", "#[cfg(test)] fn Py_x() {}"), 0);
    }

    #[test]
    fn the_ledger_pins_the_counts() {
        let code = "//! A.\nfn f() { unsafe { g() } }\nunsafe impl X for Y {}\n";
        let with = |rows: &str| {
            let ledger = format!("{HEADING}\n{rows}");
            counted(&workspace(&[
                ("crates/cpython-ffi/a.rs", code),
                ("ledgers/unsafe.tsv", &ledger),
            ]))
        };
        assert!(with("crates/cpython-ffi/a.rs\t1\t1\twhy\n").is_empty());
        assert_eq!(with("crates/cpython-ffi/a.rs\t2\t1\twhy\n").len(), 1);
        assert_eq!(with("").len(), 1);
        assert_eq!(with("crates/cpython-ffi/a.rs\t1\t1\twhy\ngone.rs\t1\t0\twhy\n").len(), 1);
    }

    #[test]
    fn blessing_asks_for_a_reason_of_what_is_new() {
        let (path, text) = blessed(&workspace(&[("a.rs", "unsafe { f() }")]));
        assert_eq!(path, "ledgers/unsafe.tsv");
        assert_eq!(text, format!("{HEADING}\na.rs\t1\t0\t?\n"));
    }
}
