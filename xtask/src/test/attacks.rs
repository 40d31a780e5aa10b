//! The attacks: test modules written with the API, and the Python programs that turn them against it.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::cargo::KINDS;
use super::outcome::Outcome;
use super::plan::{Part, Scope};
use super::regrtest::Run;
use super::session::Session;
use crate::interpreter::{self, Build, watch_cargo};
use crate::kind::Kind;
use crate::{layout, logged};

/// Every attack, in each kind of interpreter, with memory that is marked when it is freed.
pub(super) fn attacks(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |kind: Kind| {
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let library = library(session, &build)?;
            let folder = layout::root().join("tests/attacks/python");
            let run = Run {
                folder: Some(&folder),
                environment: vec![("PYTHONMALLOC", "debug".to_owned()), ("ATTACKS", library)],
                limit: Duration::from_secs(300),
                ..Run::default()
            };
            Ok(Outcome::Ran(run.tally(session, &build)?))
        })
    };
    KINDS.into_iter().map(part).collect()
}

/// Builds the test modules for an interpreter; the path of the shared object.
pub(super) fn library(session: &Session<'_>, build: &Build) -> Result<String> {
    let mut command = build.cargo()?;
    command.args(["build", "--release", "--package", "attacks-export"]);
    interpreter::show_cargo_bar(&mut command);
    let title = format!("Building the attacks ({})", build.kind.name());
    let ended = session.run(command, &title, Duration::from_secs(1200), watch_cargo)?;
    ensure!(ended.success, "the attacks could not be built:\n{}", logged::excerpt(&ended.text));
    let suffix = if cfg!(target_os = "macos") { "dylib" } else { "so" };
    let library = build.cargo_target.join("release").join(format!("libattacks_export.{suffix}"));
    Ok(library.display().to_string())
}
