//! From nothing: a reader types the guide's commands, on a `PATH` without Python, and ends with a module of their own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::new_module::copy;
use super::no_python;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::reader::{CHAPTER, Chapter};
use super::session::Session;
use crate::interpreter::{self, watch_cargo};
use crate::kind::Kind;
use crate::{layout, logged, programs};

/// Each command of the chapter is a test, and so is what they lead to.
pub(super) fn bootstrap(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("", |session| {
        let home = session.scratch()?;
        let path = no_python::path(&home.join("bin"))?;
        let copy = copy(&home)?;
        let chapter = Chapter::of(&fs::read_to_string(layout::root().join(CHAPTER))?)?;
        // Fetching the source is not what is tested; all else is made anew.
        let known = interpreter::headers(Kind::GIL)?.source.folder;
        let sources = copy.join("build/source");
        fs::create_dir_all(&sources)?;
        fs::write(sources.join("current"), known.as_os_str().as_encoded_bytes())?;
        let editor = editor(&home, &chapter)?;

        let (clone, commands) = chapter.commands.split_first().context("there is no command")?;
        ensure!(clone.starts_with("git clone "), "the first command is not the clone: {clone}");
        let mut said = Vec::new();
        for typed in commands {
            let mut command = Command::new("sh");
            programs::without_cargo(command.current_dir(&copy)).args(["-c", typed]);
            command.env("PATH", &path).env("EDITOR", &editor);
            command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET");
            let ended = session.run(command, typed, LIMIT, |line, step| {
                watch_cargo(line, step);
                step.advance(line);
            })?;
            ensure!(ended.success, "{typed}: {}\n{}", ended.how, logged::excerpt(&ended.text));
            said.push(ended.text);
        }
        let mut tally = Tally { passed: said.len(), ..Tally::default() };
        tally.add(Tally::of_complaints(lacking(&said)));
        tally.add(Tally::of_complaints(not_built_in(session, &copy)?));
        if tally.failed == 0 {
            fs::remove_dir_all(&home)?;
        }
        Ok(Outcome::Ran(tally))
    })]
}

/// An editor in which somebody writes the chapter's files: it is given the room's folder.
fn editor(home: &Path, chapter: &Chapter) -> Result<std::path::PathBuf> {
    let written = home.join("written");
    for (path, text) in &chapter.files {
        let file = written.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&written))?;
        fs::write(file, text)?;
    }
    let editor = home.join("editor");
    let script = format!("#!/bin/sh\ntest -d \"$1\" && cp -R '{}/.' .\n", written.display());
    fs::write(&editor, script)?;
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755))?;
    Ok(editor)
}

/// What a reader should have seen, and has not: tests that passed, the answer of the module, a row.
fn lacking(said: &[String]) -> Vec<String> {
    let has = |wanted: &dyn Fn(&str) -> bool| said.iter().flat_map(|text| text.lines()).any(wanted);
    let mut complaints = Vec::new();
    let mut want = |there: bool, what: &str| {
        if !there {
            complaints.push(format!("not seen: {what}"));
        }
    };
    let good = |text: &&String| {
        text.trim_end().lines().last().is_some_and(|line| line.ends_with(" passed, 0 failed"))
    };
    want(said.iter().filter(good).count() == 2, "two runs of tests, without a failure");
    want(has(&|line| line == "1798"), "what the module says");
    want(has(&|line| line.starts_with("bulk peak 1 MiB ") && line.ends_with(" ok")), "the row");
    want(has(&|line| line.starts_with("worst ratio ")), "the sum of the benchmark");
    complaints
}

/// The modules that the interpreter of the copy lacks.
fn not_built_in(session: &Session<'_>, copy: &Path) -> Result<Vec<String>> {
    let mut python = Command::new(copy.join("build/gil/cpython/python"));
    python.args(["-c", "import _rust; print(*(m['name'] for m in _rust.modules()))"]);
    let said = session.run(python, "Asking it for its modules", LIMIT, |_, _| ())?.text;
    let there: Vec<_> = said.split_whitespace().collect();
    let rooms = crate::rooms::all_in(copy)?;
    let lacking = rooms.iter().filter(|room| !there.contains(&room.facts.name.as_str()));
    Ok(lacking.map(|room| format!("{} is not in: {said}", room.facts.name)).collect())
}

const LIMIT: Duration = Duration::from_secs(30 * 60);
