//! The C compiler (`CC`, else `cc`) with the headers that the bindings were made from.

use std::{env, ffi::OsStr, process::Command};

/// Compiles; what the compiler complains about is the error.
pub(crate) fn run(arguments: &[&OsStr]) -> Result<(), String> {
    let include = env::var_os("CPYTHON_INCLUDE").expect("CPYTHON_INCLUDE is not set");
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let output = Command::new(&compiler)
        .args(env::split_paths(&include).flat_map(|folder| ["-I".into(), folder.into_os_string()]))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("the C compiler {}: {error}", compiler.display()));
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
