//! The programs of `tests/speed`, run in the interpreter that is measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::peers;
use super::results::{Case, Results, Whole};
use crate::interpreter::{self, Build};
use crate::kind::Kind;
use crate::{layout, programs};

/// What is measured, and where.
pub(super) struct Comparison<'a> {
    build: Build,
    folder: &'a Path,
    quick: bool,
    seconds: f64,
}

/// What speed.py and programs.py write.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    peers: BTreeMap<String, Option<String>>,
    cases: Vec<Case>,
}

impl<'a> Comparison<'a> {
    /// In an interpreter that is built now, if it is not yet.
    pub(super) fn new(kind: Kind, folder: &'a Path, quick: bool, seconds: f64) -> Result<Self> {
        Ok(Self { build: interpreter::ensure_built(kind)?, folder, quick, seconds })
    }

    /// The machine, the versions, the flags.
    pub(super) fn facts(&self) -> Result<BTreeMap<String, String>> {
        let output = self.python("facts.py").output().context("cannot start the interpreter")?;
        let mut facts: BTreeMap<String, String> = serde_json::from_slice(&output.stdout)?;
        let mut say = |name: &str, program: &str, arguments: &[&str], more: &str| {
            let mut command = Command::new(program);
            programs::without_cargo(command.args(arguments).current_dir(layout::root()));
            if let Ok(output) = command.output()
                && output.status.success()
            {
                let text = String::from_utf8_lossy(&output.stdout);
                facts.insert(name.to_owned(), format!("{}{more}", text.trim()));
            }
        };
        let flags = ", opt-level 3, fat LTO, one codegen unit";
        say("Rust", "rustc", &["--version"], flags);
        say("commit", "git", &["describe", "--always", "--dirty", "--abbrev=12"], "");
        let mode = if self.quick { ", quick" } else { "" };
        facts.insert("measured".to_owned(), format!("{} s for each case{mode}", self.seconds));
        Ok(facts)
    }

    /// Every function of these names beside its C twin; all without names.
    pub(super) fn functions(&self, names: &[&str], results: &mut Results) -> Result<()> {
        let mut command = self.python("speed.py");
        command.args(["--seconds", &self.seconds.to_string(), "--pin", "-1"]);
        if !self.build.kind.rust {
            command.arg("--rust").arg(interpreter::build_shared(&self.build)?);
        }
        if !self.quick && (names.is_empty() || names.iter().any(|name| name.starts_with("calls"))) {
            command.arg("--attacks").arg(interpreter::build_attacks(&self.build)?);
        }
        // What takes long to get is not got in a hurry, but used when it is there.
        let peers = if self.quick || !names.is_empty() {
            peers::packages(&self.build)
        } else {
            peers::ensure(&self.build)?
        };
        command.arg("--peers").arg(peers);
        if !names.is_empty() {
            command.arg("--only").args(names);
        }
        self.add(command, "functions.json", results)
    }

    /// Whole programs of these names; all without names.
    pub(super) fn programs(&self, names: &[&str], results: &mut Results) -> Result<()> {
        if !self.build.kind.rust {
            println!(
                "programs are left out: they need an interpreter with the Rust modules built in"
            );
            return Ok(());
        }
        let mut command = self.python("programs.py");
        command.args(["--pairs", if self.quick { "5" } else { "15" }]);
        if !names.is_empty() {
            command.arg("--only").args(names);
        }
        self.add(command, "programs.json", results)
    }

    /// What streams cost beyond time: size, memory, a second thread.
    pub(super) fn streams(&self) -> Result<Vec<Whole>> {
        let mut command = self.python("streams.py");
        if !self.build.kind.rust {
            command.arg("--rust").arg(interpreter::build_shared(&self.build)?);
        }
        let file = self.file("streams.json")?;
        command.arg("--json").arg(&file);
        let status = command.status().context("cannot start the interpreter")?;
        ensure!(status.success(), "the measurement failed ({status})");
        read(&file)
    }

    /// Runs a program, and adds what it has written to the results.
    fn add(&self, mut command: Command, file: &str, results: &mut Results) -> Result<()> {
        let file = self.file(file)?;
        command.arg("--json").arg(&file);
        let status = command.status().context("cannot start the interpreter")?;
        ensure!(status.success(), "the measurement failed ({status})");
        let written: Written = read(&file)?;
        results.peers.extend(written.peers);
        results.cases.extend(written.cases);
        Ok(())
    }

    fn python(&self, script: &str) -> Command {
        let mut command = self.build.python();
        command.arg(layout::root().join("tests/speed").join(script));
        command
    }

    fn file(&self, name: &str) -> Result<PathBuf> {
        let file = self.folder.join(name);
        if file.exists() {
            fs::remove_file(&file)?;
        }
        Ok(file)
    }
}

/// Reads JSON that a program has written.
pub(super) fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let shown = layout::shown(file);
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    serde_json::from_str(&text).with_context(|| format!("{shown} is not as expected"))
}
