//! CPython can be built on a machine that has no Python: making the bindings must not need one.

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

#[test]
fn bindings_are_made_without_python() {
    let programs = path_without_python(&scratch().join("bin"));
    assert!(programs.join("cc").exists(), "cc was not found on PATH either");

    // What was generated before must be generated again; the compiled dependencies may stay.
    let (target, _guard) = target();
    for entry in fs::read_dir(target.join("debug/build")).into_iter().flatten() {
        let folder = entry.unwrap().path();
        if folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("cpython-sys"))
        {
            fs::remove_dir_all(folder).unwrap();
        }
    }
    let output = build(&target).env("PATH", &programs).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made = fs::read_dir(target.join("debug/build"))
        .unwrap()
        .any(|entry| entry.unwrap().path().join("out/bindings.rs").exists());
    assert!(made, "the build made no bindings");
}

#[test]
fn what_is_missing_is_said_in_a_sentence() {
    let (target, _guard) = target();
    let refuses = |command: &mut Command, sentence: &str| {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(sentence), "{sentence}: {said}");
    };
    refuses(
        build(&target).env_remove("CPYTHON_INCLUDE"),
        "CPYTHON_INCLUDE is not set: `cargo xtask`",
    );

    let old = scratch().join("old");
    fs::create_dir_all(&old).unwrap();
    let patchlevel = "#define PY_MAJOR_VERSION 3\n#define PY_MINOR_VERSION 14\n";
    fs::write(old.join("patchlevel.h"), patchlevel).unwrap();
    refuses(
        build(&target).env("CPYTHON_INCLUDE", &old),
        "are of CPython 3.14; this workspace supports",
    );

    let source = env::var_os("CPYTHON_INCLUDE").expect("CPYTHON_INCLUDE is not set");
    let source =
        env::split_paths(&source).find(|folder| folder.join("patchlevel.h").exists()).unwrap();
    if !source.join("pyconfig.h").exists() {
        refuses(
            build(&target).env("CPYTHON_INCLUDE", source),
            "no folder in CPYTHON_INCLUDE has pyconfig.h",
        );
    }
    refuses(build(&target).env("LIBCLANG_PATH", &old), "libclang cannot be used: `cargo xtask`");
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bootstrap")
}

/// A target folder for these tests, one at a time.
fn target() -> (PathBuf, MutexGuard<'static, ()>) {
    static ONE: Mutex<()> = Mutex::new(());
    (scratch().join("target"), ONE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A build of this crate.
fn build(target: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["build", "--quiet", "--package", "cpython-sys", "--target-dir"])
        .arg(target)
        .env_remove("PYTHON")
        .env_remove("PYTHONHOME");
    command
}

/// A folder with links to all programs on `PATH` but `python`, `python3` and the like.
fn path_without_python(folder: &Path) -> PathBuf {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    for place in env::split_paths(&env::var_os("PATH").unwrap()) {
        for entry in fs::read_dir(&place).into_iter().flatten() {
            let program = entry.unwrap().path();
            if let Some(name) = program.file_name()
                && !name.to_string_lossy().contains("python")
            {
                let _ = symlink(&program, folder.join(name)); // the first one on PATH counts
            }
        }
    }
    folder.to_owned()
}
