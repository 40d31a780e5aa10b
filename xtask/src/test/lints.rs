//! The suites that run nothing of ours: tidy, rustfmt, clippy, rustdoc.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::cargo;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::session::Session;
use crate::interpreter::{self, watch_cargo};
use crate::kind::Kind;
use crate::tidy::{RULES, Workspace};
use crate::{layout, logged};

/// The rules of the house; each is a test.
pub(super) fn tidy(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![Part::new("", |_| {
        let workspace = Workspace::read(layout::root())?;
        let mut tally = Tally::default();
        for rule in RULES {
            let mut complaints = (rule.check)(&workspace);
            if !complaints.is_empty() {
                complaints.insert(0, format!("{}:", rule.name));
            }
            tally.add(Tally::of_complaints(complaints));
        }
        Ok(Outcome::Ran(tally))
    })]
}

/// What the compiler's own tools complain about.
pub(super) fn lints(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let clippy = |kind: Kind, packages: &'static [&'static str]| {
        Part::new(format!("clippy-{}", kind.name()), move |session| {
            let mut command = interpreter::headers(kind)?.cargo()?;
            command.args(["clippy", "--all-targets"]).args(packages).args(["--", "-D", "warnings"]);
            command.args(DOORS.iter().flat_map(|lint| ["-A", lint]));
            succeeds_with("clippy", session, command)
        })
    };
    let rooms: Vec<String> = scope
        .rooms
        .iter()
        .flat_map(|room| ["core", "face"].map(|part| format!("{}-{part}", room.folder)))
        .collect();
    let rooms = Part::new("clippy-rooms", move |session| {
        let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
        command.args(["clippy", "--no-deps", "--lib"]);
        command
            .args(rooms.iter().flat_map(|name| ["--package", name]))
            .args(["--", "-D", "warnings"]);
        command.args(DOORS.iter().chain(&PANICS).flat_map(|lint| ["-D", lint]));
        succeeds_with("clippy", session, command)
    });
    let fmt = Part::new("fmt", |session| {
        let mut command = cargo::plain_cargo();
        command.args(["fmt", "--all", "--check"]);
        succeeds_with("fmt", session, command)
    });
    let doc = Part::new("doc", |session| {
        let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
        command.args(["doc", "--workspace", "--no-deps"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        succeeds(session, command)
    });
    // What depends on the kind of interpreter is in the bindings alone.
    vec![
        fmt,
        clippy(Kind::GIL, &["--workspace"]),
        rooms,
        clippy(Kind::FREE_THREADED, &["--package", "cpython-sys"]),
        clippy(Kind::DEBUG, &["--package", "cpython-sys"]),
        doc,
    ]
}

/// The same for a program that comes with Rust, but that a machine may lack.
fn succeeds_with(program: &str, session: &Session<'_>, command: Command) -> Result<Outcome> {
    let there = cargo::plain_cargo().args([program, "--version"]).output()?.status.success();
    if there {
        return succeeds(session, command);
    }
    let component = if program == "fmt" { "rustfmt" } else { program };
    Ok(Outcome::Skipped(format!("there is no {component}: `rustup component add {component}`")))
}

/// One test: the command has nothing to complain about.
fn succeeds(session: &Session<'_>, mut command: Command) -> Result<Outcome> {
    interpreter::show_cargo_bar(&mut command);
    let ended = session.run(command, session.part(), LIMIT, watch_cargo)?;
    let complaints =
        if ended.success { Vec::new() } else { vec![ended.how, logged::excerpt(&ended.text)] };
    Ok(Outcome::Ran(Tally::of_complaints(complaints)))
}

/// What `modules/clippy.toml` closes: to the code of rooms, not to their tests.
const DOORS: [&str; 3] =
    ["clippy::disallowed_methods", "clippy::disallowed_types", "clippy::disallowed_macros"];

/// What the code of a room must not do: it would be a `SystemError` where C has an answer.
const PANICS: [&str; 4] =
    ["clippy::unwrap_used", "clippy::expect_used", "clippy::panic", "clippy::unreachable"];

const LIMIT: Duration = Duration::from_secs(20 * 60);
