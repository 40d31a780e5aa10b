//! Every tool of the project: `cargo xtask COMMAND`.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{attach, run};

/// The tools of Rust for CPython
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build CPython 3.15 with its modules in Rust, and start it
    Run(run::Options),
    /// Put the Rust modules into a CPython 3.15 build folder that you already have
    Attach {
        /// The folder with CPython's Makefile
        build_dir: PathBuf,
    },
    /// Take the Rust modules out of it again: it is then byte for byte what it was before
    Detach {
        /// The folder that was attached to
        build_dir: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Attach { build_dir } => attach::attach(&build_dir),
        Command::Detach { build_dir } => attach::detach(&build_dir),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
