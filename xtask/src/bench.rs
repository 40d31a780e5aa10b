//! `cargo xtask bench`: the speed of the Rust modules beside that of their C twins, by `tests/speed`.

mod whole;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::kind::Kind;
use crate::{interpreter, layout};

/// What `cargo xtask bench` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Modules, or groups of cases: large, whole, small, bisect, csv, calls; interpreter, builds; all but builds without
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Fail when a case misses its bar
    #[arg(long)]
    check: bool,

    /// Measure in an interpreter without the GIL
    #[arg(long)]
    free_threaded: bool,

    /// Seconds for each case
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<f64>,
}

/// Prints the tables; false when `--check` was asked for and a bar was missed.
pub fn bench(options: &Options) -> Result<bool> {
    let named = |name: &str| options.names.iter().any(|named| named == name);
    let (interpreter, builds) = (named(INTERPRETER), named(BUILDS));
    let everything = options.names.is_empty();
    let functions: Vec<_> = options
        .names
        .iter()
        .filter(|name| ![INTERPRETER, BUILDS].contains(&name.as_str()))
        .collect();
    let mut reached = true;
    if everything || !functions.is_empty() {
        reached &= compare(options, &functions)?;
    }
    if everything || interpreter {
        reached &= whole::start_and_size()?;
    }
    if builds {
        reached &= whole::builds()?;
    }
    Ok(reached || !options.check)
}

/// Every function beside its C twin.
fn compare(options: &Options, names: &[&String]) -> Result<bool> {
    let kind = Kind { free_threaded: options.free_threaded, ..Kind::GIL.c_only() };
    let build = interpreter::ensure_built(kind)?;
    let mut command = build.python();
    command.arg(layout::root().join("tests/speed/speed.py")).arg("--check");
    command.arg("--rust").arg(interpreter::build_shared(&build)?);
    command.arg("--attacks").arg(interpreter::build_attacks(&build)?);
    if let Some(seconds) = options.seconds {
        command.args(["--seconds", &seconds.to_string()]);
    }
    if !names.is_empty() {
        command.arg("--only").args(names);
    }
    let status = command.status().context("cannot start the interpreter")?;
    Ok(status.success())
}

const INTERPRETER: &str = "interpreter";
const BUILDS: &str = "builds";
