//! What the parts of a test run share: logs, the interpreters built so far, and what passed earlier.

use std::cell::{OnceCell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, anyhow};

use super::command::{self, Ended};
use super::outcome::{Outcome, Tally};
use crate::interpreter::{self, Build};
use crate::kind::Kind;
use crate::lock::Lock;
use crate::progress::Step;
use crate::tidy::tree;
use crate::{layout, stamp};

/// One test run, seen by one of its parts.
#[derive(Debug)]
pub struct Session<'a> {
    part: &'a str,
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    builds: RefCell<Vec<(Kind, Result<Build, String>)>>,
    workspace: OnceCell<String>,
    _lock: Lock,
}

impl Session<'_> {
    /// Waits until no other test run is under way.
    pub fn open() -> Result<Self> {
        let folder = layout::build().join("test");
        let shared = Shared {
            _lock: Lock::take(&folder)?,
            folder,
            builds: RefCell::default(),
            workspace: OnceCell::new(),
        };
        Ok(Self { part: "", shared: Rc::new(shared) })
    }

    /// The same run, seen by the part of this name; its log is empty.
    pub fn of_part<'a>(&self, part: &'a str) -> Session<'a> {
        let session = Session { part, shared: Rc::clone(&self.shared) };
        _ = fs::remove_file(session.log());
        session
    }

    /// The name of this part.
    pub fn part(&self) -> &str {
        self.part
    }

    /// The log of this part.
    pub fn log(&self) -> PathBuf {
        self.shared.folder.join("logs").join(format!("{}.log", self.part.replace('/', "-")))
    }

    /// An empty folder for this part alone.
    pub fn scratch(&self) -> Result<PathBuf> {
        let folder = self.shared.folder.join(self.part.replace('/', "-"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The interpreter of `kind`, built if it is not yet; tried once in a run.
    pub fn built(&self, kind: Kind) -> Result<Build> {
        let known = |builds: &[(Kind, Result<Build, String>)]| {
            builds.iter().find(|(of, _)| *of == kind).map(|(_, build)| build.clone())
        };
        if let Some(build) = known(&self.shared.builds.borrow()) {
            return build.map_err(|_| {
                anyhow!("the interpreter ({}) could not be built, see above", kind.name())
            });
        }
        let build = interpreter::ensure_built(kind);
        let kept = build.as_ref().map(Build::clone).map_err(ToString::to_string);
        self.shared.builds.borrow_mut().push((kind, kept));
        build
    }

    /// Runs a command to its end, with its output added to the log of this part.
    ///
    /// `title` and what `watch` reads from each line are shown meanwhile. After `limit` the command is ended, and
    /// has failed.
    pub fn run(
        &self,
        command: Command,
        title: &str,
        limit: Duration,
        watch: impl FnMut(&str, &mut Step),
    ) -> Result<Ended> {
        command::run(command, &self.log(), title, limit, watch)
    }

    /// Notes the state of the workspace as it is now, before anything runs and somebody may edit it.
    pub(crate) fn note_state(&self) -> Result<()> {
        self.workspace().map(drop)
    }

    /// What came of this part earlier, if it passed in the very same state of the workspace.
    pub fn passed_earlier(&self) -> Option<Outcome> {
        let text = fs::read_to_string(self.record()).ok()?;
        let mut lines = text.lines();
        let same = lines.next()? == self.state().ok()?;
        let mut numbers = lines.map(|line| line.parse().ok());
        let tally =
            Tally { passed: numbers.next()??, skipped: numbers.next()??, ..Tally::default() };
        same.then_some(Outcome::Earlier(tally))
    }

    /// Writes down what came of this part, for `passed_earlier`.
    pub fn remember(&self, outcome: &Outcome) -> Result<()> {
        let record = self.record();
        _ = fs::remove_file(&record);
        if let Outcome::Ran(tally) = outcome
            && tally.failed == 0
        {
            fs::create_dir_all(record.parent().unwrap_or(Path::new(".")))?;
            let text = format!("{}\n{}\n{}\n", self.state()?, tally.passed, tally.skipped);
            fs::write(record, text)?;
        }
        Ok(())
    }

    fn record(&self) -> PathBuf {
        self.shared.folder.join("passed").join(self.part.replace('/', "-"))
    }

    /// The state of everything that a test depends on: the workspace's files, the compilers, CPython's source. The first
    /// run on a clean machine gets the source when it already runs, so that is looked at anew each time.
    fn state(&self) -> Result<String> {
        let source = fs::read_to_string(layout::sources().join("current")).unwrap_or_default();
        let version = stamp::of_file(&Path::new(&source).join("Include/patchlevel.h"));
        Ok(stamp::digest(format!("{source}{version}{}", self.workspace()?)))
    }

    /// The state of the workspace's files and of the compilers, as it is when first asked for.
    fn workspace(&self) -> Result<String> {
        if let Some(state) = self.shared.workspace.get() {
            return Ok(state.clone());
        }
        let mut text = String::new();
        for file in tree::files(layout::root())? {
            text.push_str(&format!("{} {}\n", file.path, stamp::digest(&file.text)));
        }
        for compiler in ["rustc", "cc"] {
            let version = Command::new(compiler).arg("--version").output();
            text.push_str(&String::from_utf8_lossy(&version.map_or(Vec::new(), |o| o.stdout)));
        }
        Ok(self.shared.workspace.get_or_init(|| stamp::digest(text)).clone())
    }
}
