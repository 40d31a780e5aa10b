//! `cargo xtask soundness`: what the tests show of soundness, at length.

use anyhow::Result;
use clap::Args;

use super::plan::Plan;
use super::suites::{Suite, long, suite};
use super::{attacks, model, proof, sanitizers, twins};
use crate::rooms;

/// What `cargo xtask soundness` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Suites, parts of suites or modules; everything without
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Say what there is, and run nothing
    #[arg(long)]
    list: bool,
}

/// Runs what was asked for; true when nothing failed. What this machine cannot run is said, and is not counted.
pub fn soundness(options: &Options) -> Result<bool> {
    let all = rooms::all()?;
    if options.list {
        print!("{}", super::suites::list_of(&SUITES, &all));
        return Ok(true);
    }
    super::run(Plan::among(&SUITES, all, &options.names, true)?, false)
}

/// All suites, the shortest first.
const SUITES: [Suite; 9] = [
    suite(
        "model",
        "lock and queue in every order that threads can have; the API on a model of CPython, and the cores, under Miri",
        model::long,
    ),
    suite(
        "sanitizers",
        "the modules and the attacks compiled with AddressSanitizer, the interpreter too with ThreadSanitizer",
        sanitizers::sanitizers,
    ),
    suite("panics", "panics where none can be caught", proof::panics),
    suite("attacks", "every attack, again and again", attacks::again),
    suite("no-memory", "every call, with each of its allocations failing", proof::no_memory),
    suite("threads", "eight threads that share every object", proof::threads),
    suite("ends", "forks, daemon threads, destructors at the end", proof::ends),
    suite(
        "interpreters",
        "a thousand times sixteen interpreters at once",
        proof::many_interpreters,
    ),
    long("twins", "random calls of the modules and their C twins", twins::at_length),
];
