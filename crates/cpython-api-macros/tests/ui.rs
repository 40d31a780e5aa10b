//! Each misuse of a macro gives an error that says what is wrong, at the right place.
use std::process::Command;

/// What the macros themselves say.
#[test]
fn misuse() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// What the compiler says about the code they make. Its words change from version to version, so
/// they are compared with those of one version.
#[test]
fn refused_by_the_compiler() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout);
    if version.starts_with("rustc 1.95.") {
        trybuild::TestCases::new().compile_fail("tests/ui/compiler/*.rs");
    }
}
