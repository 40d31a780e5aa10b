//! What the compiler must refuse: each file in `ui` is an attack in safe code that does not compile.
use std::process::Command;

/// The compiler's words change from version to version, so they are compared with those of one.
#[test]
fn attacks_fail_to_compile() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout);
    if version.starts_with("rustc 1.95.") {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}
