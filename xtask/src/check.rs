//! `cargo xtask check`: format, lints and tidy, before a push.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::test::{self, Plan};
use crate::tidy::Workspace;
use crate::{layout, programs};

/// What `cargo xtask check` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Format, and write the ledger of unsafe code and the README's table anew
    #[arg(long)]
    bless: bool,
}

/// Checks everything that needs no test to run; true when all is well.
pub fn check(options: &Options) -> Result<bool> {
    if options.bless {
        let mut command = Command::new("cargo");
        programs::without_cargo(command.current_dir(layout::root()));
        command.args(["fmt", "--all"]).status()?;
        for path in Workspace::read(layout::root())?.bless()? {
            eprintln!("{path}: written anew");
        }
    }
    for warning in Workspace::read(layout::root())?.warnings() {
        eprintln!("{warning}");
    }
    let names: Vec<String> = PARTS.iter().map(|&name| name.to_owned()).collect();
    test::run(Plan::of(&names, false)?, false)
}

/// What is checked; `cargo xtask test` has the lints of the other kinds of interpreter too.
const PARTS: [&str; 5] =
    ["tidy", "lints/fmt", "lints/clippy-gil", "lints/clippy-rooms", "lints/doc"];
