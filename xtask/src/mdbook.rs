//! mdBook, which makes pages of the guide: installed once under `build/`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::lock::Lock;
use crate::progress::Step;
use crate::{interpreter, layout, logged, programs};

/// The program, installed if it is not yet.
///
/// It is no dependency of a crate, because its licence is none that tidy allows in what is linked, and because a
/// change in the tools should not compile it anew.
pub fn ensure() -> Result<PathBuf> {
    let home = layout::build().join("mdbook");
    let lock = Lock::take(&home)?;
    let installed = home.join("installed");
    let program = home.join("bin/mdbook");
    if !program.exists() || !crate::stamp::matches(&installed, VERSION) {
        let mut cargo = Command::new("cargo");
        programs::without_cargo(cargo.current_dir(&home)).env_remove("CARGO_BUILD_TARGET");
        cargo.args(["install", "mdbook", "--version", VERSION, "--locked", "--force"]);
        cargo.args(["--debug", "--no-default-features", "--root"]).arg(&home);
        cargo.env("CARGO_TARGET_DIR", home.join("cargo"));
        interpreter::show_cargo_bar(&mut cargo);
        let step = Step::counting(format!("Installing mdBook {VERSION}"));
        logged::run(cargo, &lock, &home.join("install.log"), step, interpreter::watch_cargo)?;
        fs::remove_dir_all(home.join("cargo"))?;
        fs::write(installed, VERSION)?;
    }
    Ok(program)
}

const VERSION: &str = "0.5.4";
