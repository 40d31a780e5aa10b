//! The packages that people install where the standard library is too slow, in a virtual environment of their own.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::interpreter::Build;
use crate::layout;
use crate::lock::Lock;
use crate::wheel::{self, Venv};

/// The folder where they are; those that cannot be had are said once, and not asked for again.
///
/// Only what comes compiled is taken: to build them here would tell of this machine's compilers, and often fails.
pub(super) fn ensure(build: &Build) -> Result<PathBuf> {
    let home = home(build);
    let lock = Lock::take(&home)?;
    let venv = Venv::ensure(build, &home.join("venv"), &lock)?;
    for package in PACKAGES {
        let asked = home.join(package);
        if asked.exists() {
            continue;
        }
        let mut pip = venv.pip("install");
        pip.args(["--only-binary", ":all:", "--timeout", "10", "--retries", "1", package]);
        let log = build.logs.join(format!("13-{package}.log"));
        if wheel::run(pip, &lock, &log, &format!("Installing {package}")).is_err() {
            eprintln!("{package} is left out: {} says why", layout::shown(&log));
        }
        fs::write(asked, "")?;
    }
    Ok(packages(build))
}

/// Where they are, or would be.
pub(super) fn packages(build: &Build) -> PathBuf {
    let version: Vec<_> = build.source.version.split('.').take(2).collect();
    let end = if build.kind.free_threaded { "t" } else { "" };
    home(build).join(format!("venv/lib/python{}{end}/site-packages", version.join(".")))
}

fn home(build: &Build) -> PathBuf {
    layout::build().join("bench/peers").join(build.kind.name())
}

const PACKAGES: [&str; 6] = ["orjson", "ujson", "msgspec", "pybase64", "zlib-ng", "isal"];
