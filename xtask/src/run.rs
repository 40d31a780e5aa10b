//! `cargo xtask run`: the interpreter with Rust in it, built as far as needed, and started.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::interpreter::{self, Request};
use crate::kind::Kind;
use crate::{rooms, table};

/// What `cargo xtask run` is told.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Build the interpreter without the GIL (configure --disable-gil)
    #[arg(long)]
    free_threaded: bool,

    /// Build the interpreter that checks itself (configure --with-pydebug)
    #[arg(long)]
    debug: bool,

    /// Use this CPython 3.15 source folder or archive, now and in later calls, instead of downloading one
    #[arg(long, value_name = "DIR|TARBALL")]
    source: Option<PathBuf>,

    /// Leave these modules as they are in C: Python names, separated by commas
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', conflicts_with = "no_rust")]
    without: Vec<String>,

    /// Build CPython as it is, without any Rust
    #[arg(long)]
    no_rust: bool,

    /// Arguments for Python; without any, a table of the Rust modules and the prompt
    #[arg(last = true, value_name = "PYTHON ARGS")]
    arguments: Vec<OsString>,
}

/// Builds what is lacking, and becomes the interpreter: its exit code is that of the command.
pub fn run(options: &Options) -> Result<()> {
    let kind = Kind {
        free_threaded: options.free_threaded,
        debug: options.debug,
        rust: !options.no_rust,
        ..Kind::GIL
    };
    let request = Request { kind, source: options.source.as_deref(), without: &options.without };
    let build = interpreter::ensure(request)?;
    if options.arguments.is_empty() {
        print!("{}", table::of_modules(&rooms::all()?, &build));
        if !std::io::stdin().is_terminal() {
            return Ok(());
        }
    }
    let error = build.python().args(&options.arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", build.python.display()))
}

const EXAMPLES: &str = "\
The first call gets CPython and what it needs, and builds it in the folder `build`; later calls build what changed.

Examples:
  cargo xtask run                                  the table of Rust modules, and the prompt
  cargo xtask run -- -m test test_binascii         CPython's own tests of a module
  cargo xtask run --without binascii -- script.py  a script, with the C binascii
  cargo xtask run --free-threaded --no-rust        plain C, without the GIL";
