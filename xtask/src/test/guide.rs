//! The guide: its Rust code compiles, its Python code does what it says, its commands exist, it is a book.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::cargo::tests;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::Run;
use super::session::Session;
use crate::kind::Kind;
use crate::{interpreter, layout, mdbook};

/// Its code in Rust, its pages as mdBook makes them, and everything else.
pub(super) fn guide(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    vec![
        Part::new("rust", |session| {
            let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
            command.args(["test", "--package", "guide-tests"]);
            tests(session, command)
        }),
        Part::new("python", |session| {
            let build = session.built(Kind::GIL)?;
            let folder = layout::root().join("tests/guide/python");
            let run = Run { folder: Some(&folder), ..Run::default() };
            Ok(Outcome::Ran(run.tally(session, &build)?))
        }),
        Part::new("book", book),
    ]
}

/// mdBook makes the pages and warns of nothing; every link in them leads somewhere.
fn book(session: &Session<'_>) -> Result<Outcome> {
    let pages = session.scratch()?;
    let mut command = Command::new(mdbook::ensure()?);
    command.arg("build").arg(layout::root().join("docs/guide")).arg("--dest-dir").arg(&pages);
    let ended = session.run(command, "Making the book", LIMIT, |_, _| ())?;
    let warned = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    let mut complaints: Vec<String> =
        ended.text.lines().filter(warned).map(str::to_owned).collect();
    if !ended.success {
        complaints.push(ended.how);
    }
    let mut tally = Tally::of_complaints(complaints);
    let mut python = session.built(Kind::GIL)?.python();
    python.arg(layout::root().join("tests/guide/pages.py")).arg(&pages);
    let ended = session.run(python, "Following its links", LIMIT, |_, _| ())?;
    let count = ended.text.trim_end().lines().last();
    tally.add(match count.and_then(|line| line.strip_suffix(" links are right")) {
        Some(count) if ended.success => Tally { passed: count.parse()?, ..Tally::default() },
        _ => Tally::failure(ended.text),
    });
    Ok(Outcome::Ran(tally))
}

const LIMIT: Duration = Duration::from_secs(10 * 60);
