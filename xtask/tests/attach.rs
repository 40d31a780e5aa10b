//! `cargo xtask attach` and `detach` on real and on wrong folders.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xtask::interpreter;
use xtask::kind::Kind;
use xtask::stamp;

/// A folder of this test, empty at its start and removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = xtask::layout::build().join("attach-test").join(name);
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(fs::canonicalize(folder).unwrap())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn xtask(command: &str, folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg(command).arg(folder).output().unwrap()
}

/// Content, mode and time of everything in a folder.
fn inventory(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let facts = fs::metadata(&folder).unwrap();
        found.insert(
            folder.clone(),
            format!("folder {:o} {}.{}", facts.mode(), facts.mtime(), facts.mtime_nsec()),
        );
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let facts = fs::symlink_metadata(&path).unwrap();
            if facts.is_dir() {
                folders.push(path);
            } else if facts.is_symlink() {
                found.insert(
                    path.clone(),
                    format!("link to {}", fs::read_link(&path).unwrap().display()),
                );
            } else {
                let digest = stamp::digest(fs::read(&path).unwrap());
                let state =
                    format!("{digest} {:o} {}.{}", facts.mode(), facts.mtime(), facts.mtime_nsec());
                found.insert(path, state);
            }
        }
    }
    found
}

fn differences(
    before: &BTreeMap<PathBuf, String>,
    after: &BTreeMap<PathBuf, String>,
) -> Vec<String> {
    let changed = before.iter().filter(|(path, state)| after.get(*path) != Some(state));
    let changed = changed
        .map(|(path, state)| format!("{}: {state} -> {:?}", path.display(), after.get(path)));
    let new = after.keys().filter(|path| !before.contains_key(*path));
    changed.chain(new.map(|path| format!("{} is new", path.display()))).collect()
}

fn python(folder: &Path, code: &str) -> String {
    let output = Command::new(folder.join("python")).args(["-c", code]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn make(folder: &Path, argument: &str) -> String {
    let output = Command::new("make")
        .arg(argument)
        .current_dir(folder)
        .env_remove("MAKEFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "builds CPython; `cargo xtask test` runs it"]
fn after_detach_every_byte_is_as_before() {
    let built = interpreter::ensure_built(Kind::GIL.c_only()).unwrap();
    let scratch = Scratch::new("real");
    let folder = scratch.0.join("build");
    let copied = Command::new("cp").arg("-a").arg(&built.folder).arg(&folder).status().unwrap();
    assert!(copied.success());
    let setup = folder.join("Modules/Setup.local");
    let time = fs::metadata(&setup).unwrap().modified().unwrap();
    fs::write(&setup, "# mine\n").unwrap();
    fs::File::options().append(true).open(setup).unwrap().set_modified(time).unwrap();
    let before = inventory(&folder);
    const IS_RUST: &str = "import sys; print('_rust' in sys.builtin_module_names)";
    assert_eq!(python(&folder, IS_RUST), "False");
    let before_running = inventory(&folder);
    assert_eq!(differences(&before, &before_running), [""; 0]);

    let attached = xtask("attach", &folder);
    assert!(attached.status.success(), "{attached:?}");
    assert_eq!(python(&folder, IS_RUST), "True");
    assert!(fs::read_to_string(folder.join("Modules/Setup.local")).unwrap().ends_with("# mine\n"));
    let compiled = make(&folder, "all");
    assert!(!compiled.contains(" -c "), "make had something to do after attach: {compiled}");
    let again = xtask("attach", &folder);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");
    // What people do with a build: run it, start over.
    python(&folder, "import sysconfig; sysconfig.get_config_vars()");
    fs::remove_file(folder.join("Modules/config.o")).unwrap();
    make(&folder, "all");

    let detached = xtask("detach", &folder);
    assert!(detached.status.success(), "{detached:?}");
    assert_eq!(differences(&before, &inventory(&folder)), [""; 0]);
    assert_eq!(python(&folder, IS_RUST), "False");
    let again = xtask("detach", &folder);
    assert_eq!(again.status.code(), Some(1));
    let compiled = make(&folder, "-n");
    assert!(!compiled.contains(" -c "), "make has something to do after detach: {compiled}");
}

#[test]
fn a_wrong_folder_gets_one_sentence_and_no_write() {
    let scratch = Scratch::new("wrong");
    let build = |name: &str, makefile: Option<&str>, minor: u32| {
        let folder = scratch.0.join(name);
        fs::create_dir_all(folder.join("Modules")).unwrap();
        fs::create_dir_all(folder.join("Include")).unwrap();
        let header = format!(
            "#define PY_MAJOR_VERSION 3\n#define PY_MINOR_VERSION {minor}\n#define PY_VERSION \"3.{minor}.0\"\n"
        );
        fs::write(folder.join("Include/patchlevel.h"), header).unwrap();
        if let Some(text) = makefile {
            fs::write(folder.join("Makefile"), text).unwrap();
        }
        folder
    };
    const RIGHT: &str = "VERSION=\t3.15\nsrcdir=\t\t.\n";
    let read_only = build("read-only", Some(RIGHT), 15);
    fs::set_permissions(&read_only, fs::Permissions::from_mode(0o555)).unwrap();
    let taken = build("taken", Some(RIGHT), 15);
    fs::write(taken.join("GNUmakefile"), "include Makefile\n").unwrap();
    let cases = [
        (scratch.0.join("nowhere"), "no such folder"),
        (build("no-makefile", None, 15), "no Makefile"),
        (build("other-makefile", Some("all:\n\techo\n"), 15), "not CPython's"),
        (build("old", Some("VERSION=\t3.14\nsrcdir=\t.\n"), 14), "3.14"),
        (build("changed-source", Some(RIGHT), 16), "3.16"),
        (
            build("moved", Some("VERSION=\t3.15\nsrcdir=\tgone\n"), 15),
            "not a CPython source folder",
        ),
        (read_only.clone(), "read-only"),
        (taken, "GNUmakefile"),
    ];
    let before = inventory(&scratch.0);
    for (folder, says) in cases {
        let output = xtask("attach", &folder);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{folder:?}: {text}");
        assert!(text.contains(says) && text.lines().count() == 1, "{folder:?}: {text}");
        let output = xtask("detach", &folder);
        assert_eq!(output.status.code(), Some(1), "{folder:?}");
    }
    assert_eq!(differences(&before, &inventory(&scratch.0)), [""; 0]);
    fs::set_permissions(&read_only, fs::Permissions::from_mode(0o755)).unwrap();
}
