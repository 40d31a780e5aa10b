//! What to run: the parts of the suites that were named.

use std::fmt;

use anyhow::{Result, bail};

use super::outcome::Outcome;
use super::session::Session;
use super::suites::{SUITES, Suite};
use crate::rooms::{self, Room};

/// The parts to run, in their order.
#[derive(Debug)]
pub struct Plan {
    /// The parts.
    pub parts: Vec<Part>,
}

/// What is run and told as one.
pub struct Part {
    /// Its suite and, where that has several, its own name: `sys/debug`.
    pub name: String,
    /// Runs it; an error means that it could not.
    pub run: Box<Work>,
}

/// What a part does.
type Work = dyn FnOnce(&Session<'_>) -> Result<Outcome>;

/// Which modules are tested.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The rooms of these modules.
    pub rooms: Vec<Room>,
    /// Whether that is not all of them; then only what is about a module is run.
    pub narrow: bool,
}

impl Part {
    /// A part called `name` within its suite; empty when the suite has only one.
    pub fn new(
        name: impl Into<String>,
        run: impl FnOnce(&Session<'_>) -> Result<Outcome> + 'static,
    ) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl Plan {
    /// The parts that have these names: all without a name; those that take long only when `full` or named.
    ///
    /// A name is that of a suite (`sys`), a part (`sys/debug`, or `debug` for such a part of every suite), or a
    /// module (`binascii`), which narrows those suites to it that are about modules. Fails with what there is when a name is none of these.
    pub fn of(names: &[String], full: bool) -> Result<Self> {
        Self::among(&SUITES, rooms::all()?, names, full)
    }

    /// The same of other suites.
    pub(super) fn among(
        suites: &[Suite],
        all: Vec<Room>,
        names: &[String],
        full: bool,
    ) -> Result<Self> {
        let is_of = |room: &Room, name: &String| room.folder == *name || room.facts.name == *name;
        let (modules, names): (Vec<_>, Vec<_>) =
            names.iter().partition(|name| all.iter().any(|room| is_of(room, name)));
        let narrow = !modules.is_empty();
        let chosen = |room: &Room| !narrow || modules.iter().any(|name| is_of(room, name));
        let scope =
            Scope { rooms: all.iter().filter(|room| chosen(room)).cloned().collect(), narrow };
        let everything = Scope { rooms: all.clone(), narrow: false };

        let mut parts = Vec::new();
        let mut found = vec![false; names.len()];
        for suite in suites {
            let mut about = (suite.parts)(&scope);
            if about.is_empty() && !names.is_empty() {
                about = (suite.parts)(&everything); // named besides the modules, and not about any
            }
            for part in about {
                let whole = suite.part_name(&part);
                let mut named = false;
                for (name, found) in names.iter().zip(&mut found) {
                    if [suite.name, &whole, &part.name].contains(&name.as_str()) {
                        *found = true;
                        named = true;
                    }
                }
                if named || (names.is_empty() && (full || !suite.long)) {
                    parts.push(Part { name: whole, ..part });
                }
            }
        }
        if let Some((name, _)) = names.iter().zip(found).find(|(_, found)| !found) {
            bail!(
                "there is no test called {name}; there are:\n\n{}",
                super::suites::list_of(suites, &all)
            );
        }
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::Facts;
    use crate::test::Tally;

    fn part(name: &str) -> Part {
        Part::new(name, |_| Ok(Outcome::Ran(Tally::default())))
    }

    const FEW: [Suite; 3] = [
        Suite {
            name: "tidy",
            about: "",
            long: false,
            parts: |scope| {
                if scope.narrow { Vec::new() } else { vec![part("")] }
            },
        },
        Suite {
            name: "python",
            about: "",
            long: false,
            parts: |_| vec![part("gil"), part("debug")],
        },
        Suite { name: "whole", about: "", long: true, parts: |_| vec![part("")] },
    ];

    fn planned(names: &[&str], full: bool) -> Result<String> {
        let room = |folder: &str| {
            let facts = Facts {
                name: format!("_{folder}"),
                replaces: None,
                tests: Vec::new(),
                not_repeated: Default::default(),
                skipped_when_built_in: Default::default(),
                state: String::new(),
                summary: String::new(),
            };
            Room { folder: folder.to_owned(), facts }
        };
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let plan = Plan::among(&FEW, vec![room("bisect"), room("heapq")], &names, full)?;
        Ok(format!("{:?}", plan.parts))
    }

    #[test]
    fn without_names_all_is_run_but_what_takes_long() {
        assert_eq!(planned(&[], false).unwrap(), "[tidy, python/gil, python/debug]");
        assert_eq!(planned(&[], true).unwrap(), "[tidy, python/gil, python/debug, whole]");
    }

    #[test]
    fn names_are_suites_parts_or_modules() {
        assert_eq!(planned(&["python"], false).unwrap(), "[python/gil, python/debug]");
        assert_eq!(planned(&["python/gil", "tidy"], true).unwrap(), "[tidy, python/gil]");
        assert_eq!(planned(&["debug"], false).unwrap(), "[python/debug]");
        assert_eq!(planned(&["whole"], false).unwrap(), "[whole]");
        assert_eq!(planned(&["_bisect"], false).unwrap(), "[python/gil, python/debug]");
        assert_eq!(planned(&["bisect", "gil"], false).unwrap(), "[python/gil]");
        assert_eq!(planned(&["tidy", "_bisect", "gil"], false).unwrap(), "[tidy, python/gil]");
        let error = planned(&["spam"], false).unwrap_err().to_string();
        assert!(error.contains("called spam") && error.contains("python"), "{error}");
    }
}
