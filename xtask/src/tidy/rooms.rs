//! Rules on rooms: all of one shape, all of them in the libraries and in the table of the README.

use super::Workspace;
use crate::rooms::Room;

/// Every room has what a room has, under the names that a room uses.
pub(super) fn shapes(workspace: &Workspace) -> Vec<String> {
    let mut complaints = Vec::new();
    for folder in folders(workspace) {
        for part in PARTS {
            let path = format!("modules/{folder}/{part}");
            if workspace.find(&path).is_none() {
                complaints.push(format!("{path}: is not there"));
            }
        }
        for part in ["core", "face"] {
            let path = format!("modules/{folder}/{part}/Cargo.toml");
            if !workspace.text(&path).contains(&format!("name = \"{folder}-{part}\"\n")) {
                complaints.push(format!("{path}: the crate is not called {folder}-{part}"));
            }
        }
    }
    for room in &workspace.rooms {
        let readme = format!("modules/{}/README.md", room.folder);
        let title = workspace.text(&readme).lines().next().unwrap_or_default();
        if !title.starts_with("# ") || !title.contains(&room.facts.name) {
            complaints.push(format!("{readme}: the title does not name {}", room.facts.name));
        }
    }
    complaints
}

/// Every room is a feature of the libraries, and its module is exported there.
pub(super) fn registered(workspace: &Workspace) -> Vec<String> {
    let manifest = workspace.text(MANIFEST);
    let default = manifest.lines().find(|line| line.starts_with("default = ")).unwrap_or_default();
    let exports = workspace.text(EXPORTS);
    let mut complaints = Vec::new();
    for folder in folders(workspace) {
        let mut needs = |there: bool, file: &str, what: String| {
            if !there {
                complaints.push(format!("{file}: {what} for the room {folder} is not there"));
            }
        };
        let face = format!("\"dep:{folder}-face\"");
        needs(
            default.contains(&format!("\"{folder}\"")),
            MANIFEST,
            "the default feature".to_owned(),
        );
        needs(manifest.contains(&face), MANIFEST, format!("the feature with {face}"));
        needs(exports.contains(&format!("\"{folder}\" => ")), EXPORTS, "the export".to_owned());
    }
    complaints
}

/// Every room has something to measure, of its own or among the cases of all.
pub(super) fn measured(workspace: &Workspace) -> Vec<String> {
    let cases = workspace.files.iter().filter(|file| file.is_in("tests/speed"));
    let cases: Vec<_> = cases.map(|file| &file.text).collect();
    let lacks = |room: &&Room| {
        let named = format!("\"{}\"", room.facts.name);
        workspace.find(&format!("modules/{}/speed.py", room.folder)).is_none()
            && !cases.iter().any(|text| text.contains(&named))
    };
    let complaint = |room: &Room| {
        format!("modules/{}: nothing in tests/speed, and no speed.py of its own", room.folder)
    };
    workspace.rooms.iter().filter(lacks).map(complaint).collect()
}

/// The table in the README is the one that the rooms make.
pub(super) fn listed(workspace: &Workspace) -> Vec<String> {
    match blessed(workspace) {
        Some((path, text)) if text == workspace.text(&path) => Vec::new(),
        Some((path, _)) => vec![format!("{path}: the table of modules is not up to date")],
        None => vec![format!("{README}: has no place for the table of modules")],
    }
}

/// The path and the new text of the README; none when the marks for the table are not there.
pub(super) fn blessed(workspace: &Workspace) -> Option<(String, String)> {
    let text = workspace.text(README);
    let (before, rest) = text.split_once(BEGIN)?;
    let (heading, rest) = rest.split_once('\n')?;
    let (_, after) = rest.split_once(END)?;
    let table = table(&workspace.rooms);
    Some((README.to_owned(), format!("{before}{BEGIN}{heading}\n{table}{END}{after}")))
}

fn table(rooms: &[Room]) -> String {
    let mut text =
        "| module | what it does | replaces | state |\n| --- | --- | --- | --- |\n".to_owned();
    for room in rooms {
        let facts = &room.facts;
        let replaces = match &facts.replaces {
            Some(path) => format!("`{}`", path.display()),
            None => "nothing: it is new".to_owned(),
        };
        text.push_str(&format!(
            "| [`{}`](modules/{}/README.md) | {} | {replaces} | {} |\n",
            facts.name, room.folder, facts.summary, facts.state
        ));
    }
    text
}

/// The folders under `modules/`, also those that are no rooms yet.
fn folders(workspace: &Workspace) -> Vec<&str> {
    let mut folders: Vec<_> = workspace
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix("modules/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    folders.dedup();
    folders
}

/// What every room has.
const PARTS: [&str; 6] = [
    "room.toml",
    "README.md",
    "core/Cargo.toml",
    "core/src/lib.rs",
    "face/Cargo.toml",
    "face/src/lib.rs",
];

const MANIFEST: &str = "integration/Cargo.toml";
const EXPORTS: &str = "integration/src/lib.rs";
const README: &str = "README.md";
const BEGIN: &str = "<!-- modules:";
const END: &str = "<!-- /modules -->";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::Facts;
    use crate::tidy::tests::workspace;

    fn spam() -> Room {
        let facts = Facts {
            name: "_spam".to_owned(),
            replaces: Some("Modules/_spam.c".into()),
            tests: Vec::new(),
            not_repeated: Default::default(),
            skipped_when_built_in: Default::default(),
            state: "whole".to_owned(),
            summary: "eggs".to_owned(),
        };
        Room { folder: "spam".to_owned(), facts }
    }

    #[test]
    fn a_room_has_all_its_parts() {
        let mut files: Vec<_> = PARTS.iter().map(|part| format!("modules/spam/{part}")).collect();
        files.sort();
        let texts = |path: &str| match path.rsplit('/').next() {
            Some("README.md") => "# `_spam`\n",
            _ if path.ends_with("core/Cargo.toml") => "name = \"spam-core\"\n",
            _ => "name = \"spam-face\"\n",
        };
        let complaints = |without: &str| {
            let kept = files.iter().filter(|path| !path.ends_with(without));
            let files: Vec<_> = kept.map(|path| (path.as_str(), texts(path))).collect();
            shapes(&Workspace { rooms: vec![spam()], ..workspace(&files) })
        };
        assert_eq!(complaints("nothing"), [""; 0]);
        assert_eq!(complaints("room.toml"), ["modules/spam/room.toml: is not there"]);
        assert_eq!(complaints("README.md").len(), 2);
        assert_eq!(complaints("core/Cargo.toml").len(), 2);
    }

    #[test]
    fn a_room_is_measured() {
        let of = |files: &[(&str, &str)]| {
            measured(&Workspace { rooms: vec![spam()], ..workspace(files) }).len()
        };
        assert_eq!(of(&[("tests/speed/cases.py", "\"_spa\"")]), 1);
        assert_eq!(of(&[("tests/speed/cases.py", "\"_spam\"")]), 0);
        assert_eq!(of(&[("modules/spam/speed.py", "")]), 0);
    }

    #[test]
    fn a_room_is_in_the_libraries() {
        let room = ("modules/spam/room.toml", "");
        let manifest = "default = [\"spam\"]\nspam = [\"dep:spam-face\"]\n";
        let exports = "\"spam\" => spam_face: A, B;";
        let complaints = |manifest: &str, exports: &str| {
            registered(&workspace(&[room, (MANIFEST, manifest), (EXPORTS, exports)])).len()
        };
        assert_eq!(complaints(manifest, exports), 0);
        assert_eq!(complaints("default = [\"spam\"]\n", exports), 1);
        assert_eq!(complaints(manifest, ""), 1);
        assert_eq!(complaints("", ""), 3);
    }

    #[test]
    fn the_table_is_renewed_between_its_marks() {
        let old = format!("a\n{BEGIN} by x -->\nold\n{END}\nb\n");
        let of = |text: &str| Workspace { rooms: vec![spam()], ..workspace(&[(README, text)]) };
        assert_eq!(listed(&of(&old)).len(), 1);
        let (_, new) = blessed(&of(&old)).unwrap();
        assert!(new.starts_with(&format!("a\n{BEGIN} by x -->\n| module ")), "{new}");
        assert!(new.contains(
            "| [`_spam`](modules/spam/README.md) | eggs | `Modules/_spam.c` | whole |\n"
        ));
        assert!(new.ends_with(&format!("|\n{END}\nb\n")) && !new.contains("old"), "{new}");
        assert!(listed(&of(&new)).is_empty());
        assert_eq!(listed(&of("no marks")).len(), 1);
    }
}
