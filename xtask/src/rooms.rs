//! The rooms: what each folder under `modules/` says of itself in its `room.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::layout;

/// One module written in Rust.
#[derive(Clone, Debug)]
pub struct Room {
    /// The folder under `modules/`, and the cargo feature of the `rust-stdlib` package that turns it on.
    pub folder: String,
    /// What its `room.toml` says.
    pub facts: Facts,
}

/// The fields of a `room.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The module's name in Python: `_bisect`.
    pub name: String,
    /// The C file of CPython that it replaces; none for a module that is new.
    pub replaces: Option<PathBuf>,
    /// CPython's own test files for it, as `python -m test` names them.
    pub tests: Vec<String>,
    /// Those among them that the suite `leaks` does not repeat, each with the reason.
    #[serde(default)]
    pub not_repeated: BTreeMap<String, String>,
    /// How many cases of a file CPython itself skips when the module is built in, as ours is and C's is not.
    #[serde(default)]
    pub skipped_when_built_in: BTreeMap<String, usize>,
    /// How much of it is there: `whole`, or what is lacking.
    pub state: String,
    /// One line on what it does.
    pub summary: String,
}

impl Facts {
    /// The test files that the suite `leaks` runs several times over.
    pub fn repeated(&self) -> impl Iterator<Item = &String> {
        self.tests.iter().filter(|&test| !self.not_repeated.contains_key(test))
    }
}

impl Room {
    /// How many lines the C file has in this source tree; none without such a file.
    pub fn c_lines(&self, source: &Path) -> Option<usize> {
        let text = fs::read(source.join(self.facts.replaces.as_ref()?)).ok()?;
        Some(text.iter().filter(|byte| **byte == b'\n').count())
    }
}

/// All rooms, by the names of their folders.
pub fn all() -> Result<Vec<Room>> {
    all_in(layout::root())
}

/// All rooms of a workspace that may be another than this.
pub fn all_in(root: &Path) -> Result<Vec<Room>> {
    let modules = root.join("modules");
    let mut rooms = Vec::new();
    for entry in
        fs::read_dir(&modules).with_context(|| format!("cannot read {}", modules.display()))?
    {
        let folder = entry?.path();
        let file = folder.join("room.toml");
        if !file.exists() {
            continue;
        }
        let facts = parse(&fs::read_to_string(&file)?)
            .with_context(|| format!("{} is not right", layout::shown(&file)))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        rooms.push(Room { folder: name, facts });
    }
    rooms.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(rooms)
}

/// The rooms whose modules are not among `without`; an error when one of these names is not that of a Rust module.
pub fn chosen(rooms: Vec<Room>, without: &[String]) -> Result<Vec<Room>> {
    if let Some(name) =
        without.iter().find(|name| !rooms.iter().any(|room| room.facts.name == **name))
    {
        let names: Vec<_> = rooms.iter().map(|room| room.facts.name.as_str()).collect();
        bail!(
            "--without {name}: there is no Rust module of this name; there are {}",
            names.join(", ")
        );
    }
    Ok(rooms.into_iter().filter(|room| !without.contains(&room.facts.name)).collect())
}

fn parse(text: &str) -> Result<Facts> {
    let facts: Facts = toml::from_str(text)?;
    for (test, reason) in &facts.not_repeated {
        if !facts.tests.contains(test) {
            bail!("`not_repeated` names {test}, which is not among `tests`");
        }
        if reason.trim().is_empty() {
            bail!("`not_repeated` gives no reason for {test}");
        }
    }
    if !facts.tests.is_empty() && facts.repeated().next().is_none() {
        bail!("`not_repeated` leaves no test that could show a leak");
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(folder: &str, name: &str) -> Room {
        let text = format!("name = '{name}'\ntests = ['test_x']\nstate = 'whole'\nsummary = 'x'\n");
        Room { folder: folder.to_owned(), facts: parse(&text).unwrap() }
    }

    #[test]
    fn modules_are_switched_off_by_their_python_names() {
        let rooms = || vec![room("bisect", "_bisect"), room("binascii", "binascii")];
        let names = |without: &[&str]| -> Result<Vec<String>> {
            let without: Vec<String> = without.iter().map(|&name| name.to_owned()).collect();
            Ok(chosen(rooms(), &without)?.into_iter().map(|room| room.folder).collect())
        };
        assert_eq!(names(&[]).unwrap(), ["bisect", "binascii"]);
        assert_eq!(names(&["_bisect"]).unwrap(), ["binascii"]);
        let error = names(&["bisect"]).unwrap_err().to_string();
        assert!(
            error.contains("--without bisect") && error.contains("_bisect, binascii"),
            "{error}"
        );
    }

    #[test]
    fn a_room_with_a_mistake_is_refused() {
        assert!(parse("name = 'x'\ntests = []\nstate = 'whole'\nsummary = ''\n").is_ok());
        assert!(parse("name = 'x'\n").is_err());
        assert!(
            parse("name = 'x'\ntests = []\nstate = 'whole'\nsummary = ''\nreplace = 'y'\n")
                .is_err()
        );
    }

    #[test]
    fn a_test_is_left_out_of_leaks_with_a_reason_only() {
        let facts = |left_out: &str| {
            parse(&format!(
                "name = 'x'\ntests = ['a', 'b']\nstate = 'whole'\nsummary = ''\n\
                 [not_repeated]\n{left_out}\n"
            ))
        };
        assert_eq!(facts("b = 'slow'").unwrap().repeated().collect::<Vec<_>>(), ["a"]);
        for wrong in ["c = 'unknown'", "b = ' '", "a = 'slow'\nb = 'slow'"] {
            assert!(facts(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_room_of_the_workspace_is_right() {
        let rooms = all().unwrap();
        assert!(rooms.iter().any(|room| room.facts.name == "binascii"));
        for room in rooms {
            assert!(
                layout::root().join("modules").join(&room.folder).join("core").exists(),
                "{}",
                room.folder
            );
        }
    }
}
