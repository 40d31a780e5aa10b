//! `cargo xtask expand NAME`: the face of a module with what its macros made of it, as Rust that a person can read.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::kind::Kind;
use crate::{interpreter, layout, rooms};

/// What `cargo xtask expand` is told.
#[derive(Args, Debug)]
pub struct Options {
    /// A module, by its Python name or its folder; or `attacks`, the modules that test the API
    name: String,
}

/// Prints the expanded face on stdout.
///
/// The compiler itself expands it, so what is shown is what is compiled. Printing that is not a stable option of
/// rustc: `RUSTC_BOOTSTRAP` allows it in this one call, whose results are kept apart from all others.
pub fn expand(options: &Options) -> Result<()> {
    let package = package(&options.name)?;
    let mut command = interpreter::headers(Kind::GIL)?.cargo()?;
    command
        .args(["rustc", "--quiet", "--package", &package, "--lib", "--profile", "check"])
        .arg("--target-dir")
        .arg(layout::build().join("expand"))
        .args(["--", "-Zunpretty=expanded"])
        .env("RUSTC_BOOTSTRAP", "1")
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "{package} does not compile");
    let text = own_words(&String::from_utf8(output.stdout)?);
    print!("{}", formatted(&text).unwrap_or(text));
    Ok(())
}

fn package(name: &str) -> Result<String> {
    if name == "attacks" {
        return Ok(name.to_owned());
    }
    let rooms = rooms::all()?;
    match rooms.iter().find(|room| room.folder == name || room.facts.name == name) {
        Some(room) => Ok(format!("{}-face", room.folder)),
        None => {
            let names: Vec<_> = rooms.iter().map(|room| room.facts.name.as_str()).collect();
            bail!("there is no module called {name}; there are {}, attacks", names.join(", "))
        }
    }
}

/// The expanded text without what the compiler puts before every crate.
fn own_words(text: &str) -> String {
    const OF_THE_COMPILER: [&str; 4] = [
        "#![feature(prelude_import)]",
        "extern crate std;",
        "#[prelude_import]",
        "use std::prelude::rust_2024::*;",
    ];
    let mut kept = String::new();
    let mut left = OF_THE_COMPILER.to_vec();
    for line in text.lines() {
        if let Some(at) = left.iter().position(|known| *known == line) {
            left.remove(at);
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The text as rustfmt writes it; none when rustfmt cannot.
fn formatted(text: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "normalize_doc_attributes=true"])
        .current_dir(layout::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).ok())??;
    Some(text.lines().map(|line| spaced(line) + "\n").collect())
}

/// A line of documentation as people write it: with a space before the words.
fn spaced(line: &str) -> String {
    let words = line.trim_start();
    match words.strip_prefix("///") {
        Some(text) if text.starts_with(|c: char| !c.is_whitespace() && c != '/') => {
            format!("{}/// {text}", &line[..line.len() - words.len()])
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_people_and_macros_wrote_is_shown() {
        let text = "#![feature(prelude_import)]\n//! A.\nextern crate std;\n#[prelude_import]\n\
                    use std::prelude::rust_2024::*;\nfn f() {}\n";
        assert_eq!(own_words(text), "//! A.\nfn f() {}\n");
    }

    #[test]
    fn documentation_has_its_space() {
        assert_eq!(spaced("    ///The module."), "    /// The module.");
        assert_eq!(spaced("/// The module."), "/// The module.");
        assert_eq!(spaced("///"), "///");
        assert_eq!(spaced("let x = 1;"), "let x = 1;");
    }

    #[test]
    fn modules_have_two_names() {
        assert_eq!(package("_bisect").unwrap(), "bisect-face");
        assert_eq!(package("bisect").unwrap(), "bisect-face");
        assert!(package("spam").unwrap_err().to_string().contains("binascii"));
    }
}
