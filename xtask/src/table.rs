//! The table of the modules that are written in Rust.

use crate::interpreter::Build;
use crate::rooms::Room;

/// A line for each module: what it replaces, how far it is, whether it is in this interpreter, how to change that.
pub fn of_modules(rooms: &[Room], build: &Build) -> String {
    let mut rows = vec![
        ["module", "replaces", "lines of C", "state", "here", "to switch it off"]
            .map(str::to_owned),
    ];
    for room in rooms {
        let facts = &room.facts;
        let lines = room.c_lines(&build.source.folder);
        let here = build.rooms.iter().any(|present| present.folder == room.folder);
        rows.push([
            facts.name.clone(),
            facts
                .replaces
                .as_ref()
                .map_or("nothing, it is new".to_owned(), |path| path.display().to_string()),
            lines.map_or("-".to_owned(), |lines| lines.to_string()),
            facts.state.clone(),
            match (here, &facts.replaces) {
                (true, _) => "Rust",
                (false, Some(_)) => "C",
                (false, None) => "-",
            }
            .to_owned(),
            format!("--without {}", facts.name),
        ]);
    }
    let title =
        format!("CPython {} ({}), modules in Rust:\n\n", build.source.version, build.kind.name());
    title
        + &aligned(&rows)
        + "\n`--without` takes several names, separated by commas; `--no-rust` switches all off.\n"
}

fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(&format!(" {cell:width$} "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "bb"], ["ccc", "d"]].map(|row| row.map(str::to_owned));
        assert_eq!(aligned(&rows), "  a    bb\n  ccc  d\n");
    }
}
