//! Our own tests that are written in Python: `tests/interpreter`.

use super::cargo::KINDS;
use super::outcome::Outcome;
use super::plan::{Part, Scope};
use super::regrtest::Run;
use crate::kind::Kind;
use crate::layout;

/// The modules in each kind of interpreter: that they are there, that they are Rust, and in sub-interpreters.
pub(super) fn interpreter(scope: &Scope) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |kind: Kind| {
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let folder = layout::root().join("tests/interpreter");
            let run = Run { folder: Some(&folder), ..Run::default() };
            Ok(Outcome::Ran(run.tally(session, &build)?))
        })
    };
    KINDS.into_iter().map(part).collect()
}
