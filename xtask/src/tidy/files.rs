//! Rules for single files: what the first line says, how long they are, what must not be in them.

use super::Workspace;
use super::code;
use super::ledger;
use super::tree::File;

/// The first line of a Rust file says what it is. Not of one that must not compile: its words are
/// the compiler's, and name lines.
pub(super) fn first_lines(workspace: &Workspace) -> Vec<String> {
    let silent = |file: &&File| {
        let first = file.text.lines().next().unwrap_or_default();
        file.extension() == "rs"
            && !file.path.contains(REFUSED_BY_THE_COMPILER)
            && first.strip_prefix("//! ").is_none_or(|words| words.len() < 4)
    };
    workspace
        .files
        .iter()
        .filter(silent)
        .map(|file| format!("{}: the first line is not a `//!` that says what it is", file.path))
        .collect()
}

/// No file has more lines than can be read in one go, but those in `ledgers/long-files.tsv`.
pub(super) fn sizes(workspace: &Workspace) -> Vec<String> {
    let (ledger, mut complaints) =
        ledger::read(LONG_FILES, workspace.text(&format!("ledgers/{LONG_FILES}")), 1);
    let lines_of = |file: &File| file.text.lines().count();
    let code_files = || workspace.files.iter().filter(|file| CODE.contains(&file.extension()));
    for file in code_files() {
        let (lines, allowed) =
            (lines_of(file), ledger.get(&file.path).map_or(REFUSED, |row| row.counts[0]));
        if lines > allowed {
            complaints.push(format!("{}: {lines} lines, {allowed} are allowed", file.path));
        }
    }
    for path in ledger.keys() {
        if !code_files().any(|file| file.path == *path && lines_of(file) > REFUSED) {
            complaints.push(format!("ledgers/{LONG_FILES}: {path} is not that long"));
        }
    }
    complaints
}

/// Files that grow long: worth a look, no mistake.
pub(super) fn long(workspace: &Workspace) -> Vec<String> {
    workspace
        .files
        .iter()
        .filter(|file| CODE.contains(&file.extension()))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > WARNED)
        .map(|(lines, path)| format!("{path}: {lines} lines, one idea?"))
        .collect()
}

/// No test or example is switched off, and nothing is left to be done later.
pub(super) fn unfinished(workspace: &Workspace) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in workspace.rust_files() {
        let code = code::only(&file.text);
        for (number, (line, whole)) in code.lines().zip(file.text.lines()).enumerate() {
            let mut complain =
                |sign: &str| complaints.push(format!("{}:{}: {sign}", file.path, number + 1));
            let told = whole.contains(RUN_ELSEWHERE);
            for sign in UNFINISHED.iter().filter(|sign| line.contains(**sign) && !told) {
                complain(sign);
            }
            let documentation = whole.trim_start().trim_start_matches(['/', '!']).trim_start();
            if documentation.starts_with("```ignore") || documentation.starts_with("```rust,ignore")
            {
                complain("an example that is not tried");
            }
        }
    }
    complaints
}

/// No file names a folder of some machine, or a host that is not a public project's own.
pub(super) fn machines(workspace: &Workspace) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in workspace.files.iter().filter(|file| file.path != THIS) {
        for (number, line) in file.text.lines().enumerate() {
            let mut complain =
                |what: String| complaints.push(format!("{}:{}: {what}", file.path, number + 1));
            for folder in FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
                complain(format!("names the folder {folder} of a machine"));
            }
            for host in hosts(line).filter(|host| !is_public(host)) {
                complain(format!("names the host {host}"));
            }
        }
    }
    complaints
}

/// Links from one page to another file of the workspace lead somewhere.
pub(super) fn links(workspace: &Workspace) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in workspace.files.iter().filter(|file| file.extension() == "md") {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            if !workspace.root.join(folder).join(target).exists() {
                complaints.push(format!("{}: a link to {target}, which is not there", file.path));
            }
        }
    }
    complaints
}

fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || "_.-/})$".contains(c)) && after == Some('/')
    })
}

fn hosts(line: &str) -> impl Iterator<Item = &str> {
    line.split("://").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || ".-".contains(c)));
        &rest[..end.unwrap_or(rest.len())]
    })
}

fn is_public(host: &str) -> bool {
    !host.contains('.') || host.ends_with(".example") || HOSTS.contains(&host)
}

/// Extensions of files that hold code.
const REFUSED_BY_THE_COMPILER: &str = "/tests/ui/";
const CODE: [&str; 4] = ["rs", "py", "c", "h"];

const WARNED: usize = 400;
const REFUSED: usize = 600;
const LONG_FILES: &str = "long-files.tsv";

/// Signs of what is not done.
const UNFINISHED: [&str; 5] = ["#[ignore]", "#[ignore =", "todo!", "unimplemented!", "dbg!"];

/// What the reason says of a test that a bare `cargo test` leaves to `cargo xtask test`.
const RUN_ELSEWHERE: &str = "`cargo xtask test` runs it\"]";

/// This file, which must name what it looks for.
const THIS: &str = "xtask/src/tidy/files.rs";

/// Folders that are only on some machine.
const FOLDERS: [&str; 5] = ["/tmp", "/root", "/work", "/home", "/Users"];

/// Hosts that anybody can reach and that say where something comes from, and the name of SVG. Never a registry's or a mirror's.
const HOSTS: [&str; 8] = [
    "www.python.org",
    "docs.python.org",
    "peps.python.org",
    "github.com",
    "doc.rust-lang.org",
    "www.rfc-editor.org",
    "www.debian.org",
    "www.w3.org",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::workspace;

    #[test]
    fn a_first_line_must_speak() {
        let of = |text: &str| first_lines(&workspace(&[("a.rs", text), ("b.py", "x")])).len();
        assert_eq!(of("//! What it is.\n"), 0);
        assert_eq!(of("//!\n//! What it is.\n"), 1);
        assert_eq!(of("use x;\n"), 1);
    }

    #[test]
    fn long_files_need_a_row() {
        let long = "//! Long.\n".repeat(601);
        let ledger = |row: &str| format!("path\tlines\treason\n{row}");
        let complaints = |row: &str| {
            sizes(&workspace(&[("a.rs", &long), ("ledgers/long-files.tsv", &ledger(row))]))
                .join(";")
        };
        assert_eq!(complaints(""), "a.rs: 601 lines, 600 are allowed");
        assert_eq!(complaints("a.rs\t601\ta table\n"), "");
        assert!(
            complaints("a.rs\t601\ta table\nb.rs\t700\tgone\n").contains("b.rs is not that long")
        );
    }

    #[test]
    fn what_is_unfinished_is_found_in_code_only() {
        let of = |text: &str| unfinished(&workspace(&[("a.rs", text)])).len();
        assert_eq!(of("#[test]\n#[ignore]\nfn f() { todo!() }"), 2);
        assert_eq!(of("#[ignore = \"slow\"] fn f() {}"), 1);
        assert_eq!(of("#[ignore = \"builds CPython; `cargo xtask test` runs it\"] fn f() {}"), 0);
        assert_eq!(of("// todo!\nlet x = \"dbg!\";"), 0);
        assert_eq!(of("/// ```ignore\n/// f();\n/// ```\n//! ```text\n"), 1);
    }

    #[test]
    fn machines_are_found() {
        let of = |text: &str| machines(&workspace(&[("a.py", text)])).join(";");
        assert_eq!(of("open('/tmp/x')"), "a.py:1: names the folder /tmp of a machine");
        assert_eq!(of("see build/tmp/x and $HOME/work/y"), "");
        assert_eq!(of("https://docs.python.org/3 http://one.example/"), "");
        assert_eq!(
            of("x\nhttps://mirror.company.com/pypi"),
            "a.py:2: names the host mirror.company.com"
        );
    }

    #[test]
    fn hosts_and_folders_end_where_they_end() {
        assert_eq!(hosts("a://b.c/d ftp://e.f)").collect::<Vec<_>>(), ["b.c", "e.f"]);
        assert!(!names_folder("/tmpfile", "/tmp") && names_folder(" /tmp/", "/tmp"));
    }
}
