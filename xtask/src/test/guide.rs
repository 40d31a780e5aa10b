//! The guide: its Rust code compiles, its Python code does what it says, its commands exist.

use super::cargo::tests;
use super::outcome::Outcome;
use super::plan::{Part, Scope};
use super::regrtest::Run;
use crate::interpreter;
use crate::kind::Kind;
use crate::layout;

/// Its code in Rust, and everything else.
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
    ]
}
