//! Runs a command whose output goes to a log, with progress read from it, and shows what matters when it fails.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::layout;
use crate::lock::Lock;
use crate::progress::Step;

/// Runs `command` to its end, both outputs into the file `log`, each line also to `watch`.
///
/// `lock` keeps the folder for the command too. Fails with the part of the log that matters when the command does.
pub fn run(
    mut command: Command,
    lock: &Lock,
    log: &Path,
    mut step: Step,
    mut watch: impl FnMut(&str, &mut Step),
) -> Result<()> {
    let name = command.get_program().to_owned();
    let (reader, writer) = std::io::pipe()?;
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file =
        File::create(log).with_context(|| format!("cannot write {}", layout::shown(log)))?;
    writeln!(file, "{command:?}")?;
    command.stdin(lock.file()?).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| cannot_start(&name))?;
    drop(command); // it holds the writing end, and the reader below waits until nobody does

    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while next_line(&mut reader, &mut bytes)? {
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        if !is_cargo_bar(line) {
            writeln!(file, "{line}")?;
        }
        watch(line, &mut step);
    }
    let status = child.wait()?;
    if status.success() {
        step.done();
        return Ok(());
    }
    drop(step);
    drop(file);
    let text = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
    bail!(
        "`{}` failed ({status}):\n\n{}\n\nThe whole log: {}",
        name.display(),
        excerpt(&text),
        log.display()
    );
}

/// What to say when a program cannot be started at all.
pub fn cannot_start(program: &OsStr) -> String {
    format!("cannot start `{}`: is it installed and on the PATH?", program.display())
}

/// Cargo's own progress bar, `Building [====>   ] 12/45: syn, quote`, as done, total and what is being built.
pub fn cargo_progress(line: &str) -> Option<(u64, u64, &str)> {
    let rest = line.trim_start().strip_prefix("Building [")?;
    let (_, rest) = rest.split_once("] ")?;
    let (counts, doing) = rest.split_once(':')?;
    let (done, total) = counts.trim().split_once('/')?;
    Some((done.parse().ok()?, total.parse().ok()?, doing.trim()))
}

/// The part of a log that tells why the command failed: the first errors with what surrounds them, and the end.
pub fn excerpt(log: &str) -> String {
    const ERRORS: usize = 3;
    const BEFORE: usize = 2;
    const AFTER: usize = 8;
    const END: usize = 6;
    let lines: Vec<&str> = log.lines().collect();
    let mut keep = vec![false; lines.len()];
    let mut mark = |from: usize, to: usize| {
        keep.iter_mut().take(to).skip(from).for_each(|kept| *kept = true);
    };
    let mut last_end = 0;
    let errors = lines.iter().enumerate().filter(|(_, line)| is_error(line));
    for (at, _) in errors
        .filter(|(at, _)| {
            let apart = last_end <= *at; // the lines that follow one error belong to it
            if apart {
                last_end = at + AFTER;
            }
            apart
        })
        .take(ERRORS)
    {
        mark(at.saturating_sub(BEFORE), at + AFTER);
    }
    let end = if last_end == 0 { 4 * END } else { END };
    mark(lines.len().saturating_sub(end), lines.len());

    let mut text = String::new();
    let mut skipped = false;
    for (line, kept) in lines.iter().zip(keep) {
        if kept {
            if skipped {
                text.push_str("    ...\n");
            }
            text.push_str("    ");
            text.push_str(line);
            text.push('\n');
        }
        skipped = !kept;
    }
    text.truncate(text.trim_end().len());
    text
}

fn is_error(line: &str) -> bool {
    let signs = [
        "error:",
        "error[",
        "Error:",
        "undefined reference",
        "fatal:",
        "E: ",
        "cannot find -l",
        "panicked at",
    ];
    signs.iter().any(|sign| line.contains(sign))
}

/// Whether a line is cargo's progress bar, or nothing at all.
pub fn is_cargo_bar(line: &str) -> bool {
    line.trim().is_empty() || cargo_progress(line).is_some()
}

/// Reads up to the next line feed or carriage return (programs redraw their bars with it); false at the end.
fn next_line(reader: &mut impl std::io::BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let taken = end.unwrap_or(buffer.len());
        line.extend_from_slice(&buffer[..taken]);
        reader.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpt_shows_the_first_error_and_the_end() {
        let mut log: Vec<String> = (0..500).map(|n| format!("gcc -c file{n}.c")).collect();
        log[300] = "file300.c:7:3: error: expected ';'".to_owned();
        log.push("make: *** [Makefile:9: file300.o] Error 1".to_owned());
        let text = excerpt(&log.join("\n"));
        assert!(
            text.contains("file299.c") && text.contains("expected ';'") && text.contains("Error 1"),
            "{text}"
        );
        assert!(text.lines().count() < 30, "{text}");
    }

    #[test]
    fn excerpt_without_a_known_error_is_the_end() {
        let log: Vec<String> = (0..500).map(|n| format!("line {n}")).collect();
        let text = excerpt(&log.join("\n"));
        assert!(text.ends_with("line 499") && text.lines().count() < 30, "{text}");
    }

    #[test]
    fn cargo_bars_are_read() {
        let line = "    Building [=====>        ] 12/45: syn, quote(build)";
        assert_eq!(cargo_progress(line), Some((12, 45, "syn, quote(build)")));
        assert_eq!(cargo_progress("   Compiling syn v2.0.1"), None);
    }

    #[test]
    fn lines_end_at_line_feeds_and_carriage_returns() {
        let mut reader = BufReader::with_capacity(3, &b"one\rtwo\nthree"[..]);
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while next_line(&mut reader, &mut line).unwrap() {
            lines.push(String::from_utf8(line.clone()).unwrap());
        }
        assert_eq!(lines, ["one", "two", "three"]);
    }
}
