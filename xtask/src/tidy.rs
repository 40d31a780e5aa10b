//! Tidy: the rules of the house that neither the compiler nor clippy knows, over the text of the workspace.

mod code;
mod files;
mod holes;
mod layers;
mod ledger;
mod rooms;
mod safety;
pub mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::rooms::Room;
use crate::stamp;
use layers::Metadata;
use tree::File;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it is called.
    pub name: &'static str,
    /// The complaints; none when all is well.
    pub check: fn(&Workspace) -> Vec<String>,
}

/// All rules.
pub const RULES: [Rule; 18] = [
    rule("first lines", files::first_lines),
    rule("sizes", files::sizes),
    rule("unfinished", files::unfinished),
    rule("machines", files::machines),
    rule("links", files::links),
    rule("forbid unsafe", safety::forbidden),
    rule("unsafe is fenced", safety::fenced),
    rule("unsafe is counted", safety::counted),
    rule("holes are tested", holes::tested),
    rule("versions", safety::versions),
    rule("dependencies", layers::dependencies),
    rule("licences", layers::licences),
    rule("manifests", layers::manifests),
    rule("rooms", rooms::shapes),
    rule("rooms are built", rooms::registered),
    rule("rooms are listed", rooms::listed),
    rule("rooms are measured", rooms::measured),
    rule("commands", commands),
];

/// Everything that the rules look at.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    files: Vec<File>,
    rooms: Vec<Room>,
    metadata: Metadata,
}

impl Workspace {
    /// Reads a workspace.
    pub fn read(root: &Path) -> Result<Self> {
        let metadata = Metadata::read(root)?;
        Ok(Self { metadata, ..Self::of_files(root, crate::rooms::all_in(root)?)? })
    }

    /// Reads a workspace without asking cargo, which changes nothing while it is incomplete.
    pub fn of_files(root: &Path, rooms: Vec<Room>) -> Result<Self> {
        let files = tree::files(root)?;
        Ok(Self { root: root.to_owned(), files, rooms, metadata: Metadata::default() })
    }

    /// The path and the new text of the README, with the table of modules; none when it has no place for one.
    pub fn renewed_table(&self) -> Option<(String, String)> {
        rooms::blessed(self)
    }

    /// Files that are worth a look, though no rule refuses them.
    pub fn warnings(&self) -> Vec<String> {
        files::long(self)
    }

    /// Writes the ledger of unsafe code and the README's table anew; the files that changed.
    ///
    /// Where unsafe code became more, the ledger has a `?` that a person must replace by a reason.
    pub fn bless(&self) -> Result<Vec<String>> {
        let mut changed = Vec::new();
        for (path, text) in
            [Some(safety::blessed(self)), self.renewed_table()].into_iter().flatten()
        {
            let file = self.root.join(&path);
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            if stamp::write_if_changed(&file, &text)? {
                changed.push(path);
            }
        }
        Ok(changed)
    }

    fn rust_files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.extension() == "rs")
    }

    fn find(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The text of a file; empty when it is not there.
    fn text(&self, path: &str) -> &str {
        self.find(path).map_or("", |file| &file.text)
    }
}

/// Pages name only commands that `cargo xtask` has.
fn commands(workspace: &Workspace) -> Vec<String> {
    let main = workspace.text("xtask/src/main.rs");
    let mut complaints = Vec::new();
    for file in workspace.files.iter().filter(|file| file.extension() == "md") {
        for rest in file.text.split("cargo xtask ").skip(1) {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-'));
            let name = &rest[..end.unwrap_or(rest.len())];
            let variant: String = name.split('-').map(capitalised).collect();
            let exists =
                ["(", " {", ","].iter().any(|end| main.contains(&format!("    {variant}{end}")));
            if name.starts_with(char::is_lowercase) && !exists {
                complaints.push(format!("{}: there is no `cargo xtask {name}`", file.path));
            }
        }
    }
    complaints
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

const fn rule(name: &'static str, check: fn(&Workspace) -> Vec<String>) -> Rule {
    Rule { name, check }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace of these files and nothing else.
    pub(super) fn workspace(files: &[(&str, &str)]) -> Workspace {
        let files = files
            .iter()
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        Workspace { root: PathBuf::new(), files, rooms: Vec::new(), metadata: Metadata::default() }
    }

    #[test]
    fn pages_name_commands_that_exist() {
        let main = ("xtask/src/main.rs", "enum Command {\n    NewModule(new_module::Options),\n}");
        let of = |page: &str| commands(&workspace(&[main, ("a.md", page)])).len();
        assert_eq!(of("`cargo xtask new-module spam`"), 0);
        assert_eq!(of("`cargo xtask fly`, `cargo xtask COMMAND`"), 1);
    }

    #[test]
    fn rules_have_names_of_their_own() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }
}
