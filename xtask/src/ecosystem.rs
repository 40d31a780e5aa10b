//! `cargo xtask ecosystem`: the tests of popular packages, with the modules in Rust and in C.

use anyhow::{Context as _, Result};
use clap::Args;

use crate::lock::Lock;
use crate::wheel::{self, Venv};
use crate::{interpreter, layout};

/// What `cargo xtask ecosystem` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// Packages of tests/ecosystem/packages.toml; all without
    #[arg(value_name = "PACKAGE")]
    names: Vec<String>,

    /// In an interpreter without the GIL
    #[arg(long)]
    free_threaded: bool,
}

/// Installs the wheel into a plain C interpreter and runs `tests/ecosystem` there; true when nothing differs.
pub fn ecosystem(options: &Options) -> Result<bool> {
    let build = interpreter::ensure_built(wheel::KINDS[usize::from(options.free_threaded)])?;
    let file = wheel::build(&build)?;
    let home = layout::build().join("ecosystem").join(build.kind.name());
    let lock = Lock::take(&home)?;
    let venv = Venv::ensure(&build, &home.join("venv"), &lock)?;
    venv.install(&["--force-reinstall", "--no-deps", &file.display().to_string()], &lock)?;
    let mut python = venv.python();
    python.arg(layout::root().join("tests/ecosystem/ecosystem.py")).arg(&home).args(&options.names);
    let status = python.status().context("cannot start the interpreter")?;
    Ok(status.success())
}
