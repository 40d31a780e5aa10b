//! Programs on the PATH, and the environment they are started in.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The path of a program, when it is on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// How many commands to run at a time.
pub fn jobs() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Gives `command` the environment of the user's shell: `cargo run` adds variables of its own to ours, which would
/// be seen by Python's programs and tests, and would make a nested cargo build differently from one typed by hand.
pub fn without_cargo(command: &mut Command) -> &mut Command {
    const WHOLE: [&str; 4] =
        ["CARGO", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "RUST_RECURSION_COUNT"];
    const PREFIXES: [&str; 3] = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_"];
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if WHOLE.contains(&&*text) || PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    for variable in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        if let Some(paths) = env::var_os(variable) {
            match users_paths(&paths) {
                Some(paths) => command.env(variable, paths),
                None => command.env_remove(variable),
            };
        }
    }
    command
}

/// The entries of a library path that cargo did not put there: those in its target folder and in the toolchain.
fn users_paths(paths: &OsString) -> Option<OsString> {
    let target = env::current_exe().ok();
    let target = target.as_deref().and_then(Path::parent);
    let kept = env::split_paths(paths).filter(|path| {
        let in_target = target.is_some_and(|target| path.starts_with(target));
        let in_toolchain = path
            .components()
            .any(|part| part.as_os_str() == "rustlib" || part.as_os_str() == "toolchains");
        !in_target && !in_toolchain && !path.as_os_str().is_empty()
    });
    let kept = env::join_paths(kept).ok()?;
    (!kept.is_empty()).then_some(kept)
}
