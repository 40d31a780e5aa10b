//! From nothing: CPython with Rust in it, configured and built on a `PATH` without Python.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::no_python;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::glue::Glue;
use crate::interpreter::{self, watch_cargo};
use crate::kind::Kind;
use crate::lock::Lock;
use crate::{layout, libclang, logged, make, programs};

/// Builds an interpreter that nobody else uses, and asks it for its modules.
pub(super) fn bootstrap(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("", |session| {
        // The source and libclang are at hand: fetching them is not what is tested.
        let known = interpreter::headers(Kind::GIL)?;
        let lock = Lock::take(&layout::kind(Kind::GIL))?;
        let libclang = libclang::ensure(&lock, &known.logs)?;
        let home = session.scratch()?;
        let path = no_python::path(&home.join("bin"))?;
        let folder = home.join("cpython");
        std::fs::create_dir(&folder)?;

        let mut configure = Command::new(known.source.folder.join("configure"));
        programs::without_cargo(configure.current_dir(&folder)).env("PATH", &path);
        step(session, configure, "Configuring without Python")?;
        let glue = Glue {
            source: &known.source.folder,
            build: &folder,
            target: "../cargo",
            rooms: &known.rooms,
            libclang: &libclang,
        };
        glue.install("", &lock, &session.log())?;
        drop(lock);
        for target in ["rust-library", "all"] {
            let mut make = make::command(&folder);
            make.arg(format!("-j{}", programs::jobs())).arg(target).env("PATH", &path);
            interpreter::show_cargo_bar(&mut make);
            step(session, make, &format!("Building without Python ({target})"))?;
        }
        let mut python = Command::new(folder.join("python"));
        python.args(["-c", "import _rust; print(*(m['name'] for m in _rust.modules()))"]);
        let said = session.run(python, "Starting it", LIMIT, |_, _| ())?.text;
        let lacking = known.rooms.iter().filter(|room| !said.contains(&room.facts.name));
        let complaints = lacking.map(|room| format!("{} is not in: {said}", room.facts.name));
        let tally = Tally::of_complaints(complaints.collect());
        if tally.failed == 0 {
            std::fs::remove_dir_all(&home)?;
        }
        Ok(Outcome::Ran(tally))
    })]
}

fn step(session: &Session<'_>, command: Command, title: &str) -> Result<()> {
    let ended = session.run(command, title, LIMIT, |line, step| {
        watch_cargo(line, step);
        step.advance(line);
    })?;
    ensure!(ended.success, "{title}: {}\n{}", ended.how, logged::excerpt(&ended.text));
    Ok(())
}

const LIMIT: Duration = Duration::from_secs(30 * 60);
