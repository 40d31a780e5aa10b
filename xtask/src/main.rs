//! Every tool of the project: `cargo xtask COMMAND`.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::test::soundness;
use xtask::{attach, bench, check, ecosystem, expand, fuzz, new_module, run, test, wheel};

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
    /// Pass the tests; the last line says how many did
    Test(test::Options),
    /// Try soundness at length: attacks, memory, threads, interpreters, sanitizers
    Soundness(soundness::Options),
    /// Fuzz the cores, guided by what the inputs reach
    Fuzz(fuzz::Options),
    /// Check format, lints and the rules of the house
    Check(check::Options),
    /// Measure the Rust modules beside their C twins
    Bench(bench::Options),
    /// Build the wheels for a CPython 3.15 that is already installed
    Wheel(wheel::Options),
    /// Run the tests of popular packages with the modules in C and in Rust, and compare
    Ecosystem(ecosystem::Options),
    /// Show what the macros made of a module
    Expand(expand::Options),
    /// Make a room for a new module: it builds and passes its tests at once
    NewModule(new_module::Options),
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
    let all_well = match Cli::parse().command {
        Command::Run(options) => run::run(&options).map(|()| true),
        Command::Test(options) => test::test(&options),
        Command::Soundness(options) => soundness::soundness(&options),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Check(options) => check::check(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Wheel(options) => wheel::wheel(&options).map(|()| true),
        Command::Ecosystem(options) => ecosystem::ecosystem(&options),
        Command::Expand(options) => expand::expand(&options).map(|()| true),
        Command::NewModule(options) => new_module::new_module(&options).map(|()| true),
        Command::Attach { build_dir } => attach::attach(&build_dir).map(|()| true),
        Command::Detach { build_dir } => attach::detach(&build_dir).map(|()| true),
    };
    match all_well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
