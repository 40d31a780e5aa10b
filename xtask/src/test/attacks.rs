//! The attacks: test modules written with the API, and the Python programs that turn them against it.

use std::time::Duration;

use super::cargo::KINDS;
use super::outcome::{Outcome, Tally};
use super::plan::{Part, Scope};
use super::regrtest::Run;
use crate::interpreter;
use crate::kind::Kind;
use crate::layout;

/// Every attack, in each kind of interpreter, with memory that is marked when it is freed.
pub(super) fn attacks(scope: &Scope) -> Vec<Part> {
    repeated(scope, 1)
}

/// The same ten times: what depends on the order of threads shows itself at last.
pub(super) fn again(scope: &Scope) -> Vec<Part> {
    repeated(scope, 10)
}

fn repeated(scope: &Scope, times: usize) -> Vec<Part> {
    if scope.narrow {
        return Vec::new();
    }
    let part = |kind: Kind| {
        Part::new(kind.name(), move |session| {
            let build = session.built(kind)?;
            let library = interpreter::build_attacks(&build)?.display().to_string();
            let folder = layout::root().join("tests/attacks/python");
            let run = Run {
                folder: Some(&folder),
                environment: vec![
                    ("PYTHONMALLOC", "debug".to_owned()),
                    ("PYTHONPATH", folder.display().to_string()), // for sub-interpreters
                    ("ATTACKS", library),
                    ("RUST_BACKTRACE", "0".to_owned()), // panics are what is tested
                ],
                limit: Duration::from_secs(300),
                ..Run::default()
            };
            let mut tally = Tally::default();
            for _ in 0..times {
                tally.add(run.tally(session, &build)?);
            }
            Ok(Outcome::Ran(tally))
        })
    };
    KINDS.into_iter().map(part).collect()
}
