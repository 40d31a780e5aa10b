//! Our own tests that are written in Python: `tests/interpreter`, and those that rooms have in `python/`.

use std::fs;
use std::path::Path;

use super::cargo::KINDS;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::Run;
use crate::kind::Kind;
use crate::layout;

/// The modules in each kind of interpreter: that they are there, that they are Rust, and in sub-interpreters.
pub(super) fn interpreter(scope: &Scope) -> Vec<Part> {
    let root = layout::root();
    let of_all = (!scope.narrow).then(|| root.join("tests/interpreter"));
    let of_rooms =
        scope.rooms.iter().map(|room| root.join("modules").join(&room.folder).join("python"));
    let folders: Vec<_> =
        of_all.into_iter().chain(of_rooms.filter(|folder| has_tests(folder))).collect();
    if folders.is_empty() {
        return Vec::new();
    }
    let part = |kind: Kind| {
        let folders = folders.clone();
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let mut tally = Tally::default();
            for folder in &folders {
                let run = Run { folder: Some(folder), ..Run::default() };
                tally.add(run.tally(session, &build)?);
            }
            Ok(Outcome::Ran(tally))
        })
    };
    KINDS.into_iter().map(part).collect()
}

/// Whether a folder has tests, and not only what those of `tests/proof` need.
fn has_tests(folder: &Path) -> bool {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("test_"))
}
