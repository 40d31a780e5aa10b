//! What the guide tells a reader to type and to write, taken out of its chapter.

use anyhow::{Context as _, Result, ensure};

/// The commands and the files of the chapter on a module of one's own.
#[derive(Debug, PartialEq)]
pub(super) struct Chapter {
    /// The commands, in order.
    pub commands: Vec<String>,
    /// Each file that the reader writes: its path and its text.
    pub files: Vec<(String, String)>,
}

impl Chapter {
    /// Takes them out of the chapter's text.
    pub(super) fn of(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let (mut commands, mut files) = (Vec::new(), Vec::new());
        let mut path = None;
        while let Some(line) = lines.next() {
            let Some(language) = line.strip_prefix("```") else {
                // A line that ends with a path tells which file the next block is.
                let named = line.strip_suffix("`:").and_then(|line| line.rsplit('`').next());
                path = named.filter(|name| name.contains('/')).or(path);
                continue;
            };
            let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            if language == "console" {
                let typed = block.iter().filter_map(|line| line.strip_prefix("$ "));
                commands.extend(typed.map(str::to_owned));
                continue;
            }
            // What only makes a block compile is not shown, and not typed.
            let shown = block.iter().filter(|line| language == "python" || !line.starts_with("# "));
            let text: String = shown.map(|line| format!("{line}\n")).collect();
            files.push((path.take().context("a block without a path")?.to_owned(), text));
        }
        ensure!(
            !commands.is_empty() && !files.is_empty(),
            "the chapter has no commands or no files"
        );
        Ok(Self { commands, files })
    }
}

/// Where the chapter is.
pub(super) const CHAPTER: &str = "docs/guide/src/own-module.md";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;

    #[test]
    fn commands_and_files_are_found() {
        let text = "Words.\n\n```console\n$ one\nsaid\n$ two   # why\n```\n\nThis is in `a/b.rs`:\n\n\
                    ```rust,no_run\nfn f() {}\n# fn main() {}\n```\n`c/d.py`:\n```python\n# kept\n```\n";
        let chapter = Chapter::of(text).unwrap();
        assert_eq!(chapter.commands, ["one", "two   # why"]);
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        assert_eq!(chapter.files, [file("a/b.rs", "fn f() {}\n"), file("c/d.py", "# kept\n")]);
        assert!(Chapter::of("```rust\n```\n").is_err());
    }

    #[test]
    fn the_guide_has_at_most_ten_commands() {
        let text = std::fs::read_to_string(layout::root().join(CHAPTER)).unwrap();
        let chapter = Chapter::of(&text).unwrap();
        assert!(chapter.commands.len() <= 10, "{:?}", chapter.commands);
        assert_eq!(chapter.files.len(), 5);
    }
}
