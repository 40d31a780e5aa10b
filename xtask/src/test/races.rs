//! What ThreadSanitizer reported: which of its races are ours.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Race {
    /// Code of ours touched the memory in a way that is not atomic, or did something else that is wrong. Where it is
    /// atomic, as all reading of memory is that Python code can change meanwhile, the other side is what races.
    pub ours: bool,
    /// Code of ours touched the memory in some way.
    pub with_us: bool,
    /// The two places.
    pub text: String,
}

/// All reports in a folder, where `library` is ours.
pub(super) fn read(folder: &Path, library: &str) -> Result<Vec<Race>> {
    let mut races = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("report")) {
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            races.extend(text.split(START).skip(1).map(|report| race(report, library)));
        }
    }
    Ok(races)
}

/// Reads a report, from behind its first words.
fn race(report: &str, library: &str) -> Race {
    let kind = report.lines().next().unwrap_or_default();
    let (mut ours, mut with_us, mut text) = (false, false, kind.to_owned());
    let mut lines = report.lines().skip(1).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("  Thread ") || line.starts_with("  Location ") {
            break; // only who made the thread and the memory comes yet
        }
        if !line.starts_with("  ") || line.starts_with("    ") {
            continue;
        }
        // The sanitizer's own functions stand for memcpy and the like: who called them is behind.
        while lines.next_if(|frame| frame.contains("(libtsan.so")).is_some() {}
        let place = lines.peek().copied().unwrap_or_default();
        text.push_str(&format!("\n{line}\n{place}"));
        if place.contains(library) {
            with_us = true;
            ours |= !line.contains("tomic ");
        }
    }
    let wrong = !kind.starts_with("data race (") && report.contains(library);
    Race { ours: ours || wrong, with_us: with_us || wrong, text }
}

/// What each report starts with.
const START: &str = "WARNING: ThreadSanitizer: ";

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: &str, ours: &str) -> String {
        format!(
            "{kind} (pid=7)\n  Write of size 1 at 0x7f by thread T2:\n    #0 memcpy a.c:1 (libtsan.so.2+0x5)\n    \
             #1 set_slice b.c:2 (python+0x14)\n    #2 called <null> (librust.so+0x1)\n\n  {ours}\n    \
             #0 memcpy a.c:1 (libtsan.so.2+0x5)\n    #1 copy <null> (librust.so+0xc)\n    #2 call (python+0x1)\n\n  \
             Thread T2 'run' created by main thread at:\n    #0 start (librust.so+0x5)\n\nSUMMARY: data race\n"
        )
    }

    #[test]
    fn what_is_not_atomic_is_ours() {
        let plain = report("data race", "Previous read of size 8 at 0x7f by thread T1:");
        let race = race(&plain, "librust.so");
        assert!(race.ours && race.with_us, "{race:?}");
        assert!(race.text.ends_with("thread T1:\n    #1 copy <null> (librust.so+0xc)"), "{race:?}");
    }

    #[test]
    fn the_other_side_of_what_is_atomic_is_not() {
        for line in ["Previous atomic read of size 8 at", "Atomic write of size 4 at"] {
            let race = race(&report("data race", line), "librust.so");
            assert!(!race.ours && race.with_us, "{race:?}");
        }
        let race = race(&report("data race", "Previous read of"), "another.so");
        assert!(!race.ours && !race.with_us, "{race:?}");
    }

    #[test]
    fn what_is_worse_than_a_race_is_ours_when_we_are_there() {
        let kind = "heap-use-after-free";
        assert!(race(&report(kind, "Previous atomic write of"), "librust.so").ours);
        assert!(!race(&report(kind, "Previous write of"), "another.so").ours);
    }
}
