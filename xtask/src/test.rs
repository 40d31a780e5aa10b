//! `cargo xtask test`: runs suites of tests, prints a line for each part, and the sum of all at the end.

mod attacks;
mod bootstrap;
mod cargo;
mod command;
mod cpython;
mod guide;
mod lints;
mod model;
mod new_module;
mod no_python;
mod outcome;
mod plan;
mod proof;
mod races;
mod reader;
mod regrtest;
mod sanitizers;
mod scripts;
mod session;
pub mod soundness;
mod suites;
mod twins;
mod wheel;
mod whole;

use std::time::Instant;

use anyhow::Result;
use clap::Args;

pub use outcome::{Outcome, Tally};
pub use plan::{Part, Plan, Scope};
pub use session::Session;

/// What `cargo xtask test` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Suites, parts of suites or modules; everything without
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Also what takes long: all of CPython's tests, compared with a build without Rust
    #[arg(long)]
    full: bool,

    /// Say what there is, and run nothing
    #[arg(long)]
    list: bool,
}

/// Runs what was asked for; true when nothing failed.
///
/// With `--full`, a part that has passed before in the very same state of the workspace is not run again.
pub fn test(options: &Options) -> Result<bool> {
    if options.list {
        print!("{}", suites::list(&crate::rooms::all()?));
        return Ok(true);
    }
    run(Plan::of(&options.names, options.full)?, options.full)
}

/// Runs the parts of a plan one after the other; true when nothing failed.
pub fn run(plan: Plan, trust_earlier: bool) -> Result<bool> {
    let session = Session::open()?;
    session.note_state()?;
    let (mut passed, mut failed) = (0, 0);
    for Part { name, run } in plan.parts {
        let started = Instant::now();
        let session = session.of_part(&name);
        let earlier = trust_earlier.then(|| session.passed_earlier()).flatten();
        let outcome = match earlier {
            Some(outcome) => outcome,
            None => {
                let outcome = run(&session).unwrap_or_else(Outcome::broken);
                session.remember(&outcome)?;
                outcome
            }
        };
        println!("{}", outcome.line(&name, started.elapsed()));
        if let Some(trouble) = outcome.trouble(&session.log()) {
            println!("{trouble}");
        }
        passed += outcome.passed();
        failed += outcome.failed();
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}
