//! Runs a command of a test: its output goes to a log, it has a time limit, and it may fail.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::logged;
use crate::progress::Step;

/// A command that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Whether it says that all went well.
    pub success: bool,
    /// What it printed, both outputs together.
    pub text: String,
    /// How it ended: `exit status: 1`, or that it took too long.
    pub how: String,
}

/// Runs `command` until it ends, or for `limit`.
///
/// Its output is added to the file `log`, and read from there: so a program that it leaves behind, and that keeps
/// the output open, keeps nobody waiting.
pub(super) fn run(
    mut command: Command,
    log: &Path,
    title: &str,
    limit: Duration,
    mut watch: impl FnMut(&str, &mut Step),
) -> Result<Ended> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::options().create(true).append(true).open(log)?;
    writeln!(file, "$ {command:?}")?;
    let start = file.metadata()?.len();
    command.env_remove("FORCE_COLOR").env("CARGO_TERM_COLOR", "never");
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let program = command.get_program().to_owned();
    let mut child = command.spawn().with_context(|| logged::cannot_start(&program))?;

    let mut step = Step::counting(title);
    let mut output = Output::after(log, start)?;
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    let (status, late) = loop {
        let status = child.try_wait()?;
        output.each_new_line(|line| watch(line, &mut step))?;
        match status {
            Some(status) => break (status, false),
            None if started.elapsed() > limit => break (stop(&mut child)?, true),
            None => thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    };
    drop(step);
    let bytes = fs::read(log)?;
    let text = String::from_utf8_lossy(bytes.get(start as usize..).unwrap_or_default());
    let text = without_bars(&text);
    let how = if late {
        format!("still running after {} s", limit.as_secs())
    } else {
        status.to_string()
    };
    writeln!(File::options().append(true).open(log)?, "[{how}]")?;
    Ok(Ended { success: status.success() && !late, text, how })
}

/// Ends a child that took too long: like ^C first, so that it can end what it has started itself.
fn stop(child: &mut Child) -> Result<ExitStatus> {
    let id = child.id().to_string();
    _ = Command::new("kill").args(["-INT", &id]).status();
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(10) {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    Ok(child.wait()?)
}

/// The output of a program that is still running, as it appears in the log.
struct Output {
    file: File,
    line: Vec<u8>,
}

impl Output {
    fn after(log: &Path, start: u64) -> Result<Self> {
        use std::io::{Seek as _, SeekFrom};
        let mut file = File::open(log)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(Self { file, line: Vec::new() })
    }

    fn each_new_line(&mut self, mut watch: impl FnMut(&str)) -> Result<()> {
        let mut new = Vec::new();
        self.file.read_to_end(&mut new)?;
        for byte in new {
            if matches!(byte, b'\n' | b'\r') {
                watch(&String::from_utf8_lossy(&self.line));
                self.line.clear();
            } else {
                self.line.push(byte);
            }
        }
        Ok(())
    }
}

/// The text without cargo's progress bars.
fn without_bars(text: &str) -> String {
    let lines =
        text.split(['\n', '\r']).filter(|line| !logged::is_cargo_bar(line) || line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> (Ended, Vec<String>) {
        let log = std::env::temp_dir().join(format!(
            "xtask-command-{}-{:?}.log",
            std::process::id(),
            thread::current().id()
        ));
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut lines = Vec::new();
        let ended = run(command, &log, "test", limit, |line, _| lines.push(line.to_owned()));
        _ = fs::remove_file(log);
        (ended.unwrap(), lines)
    }

    #[test]
    fn output_is_read_while_and_after() {
        let (ended, lines) = shell("echo one; echo two >&2; exit 3", Duration::from_secs(60));
        assert!(!ended.success && ended.how.contains('3'), "{ended:?}");
        assert_eq!(lines, ["one", "two"]);
        assert!(ended.text.starts_with("one\ntwo\n"), "{}", ended.text);
    }

    #[test]
    fn what_takes_too_long_is_ended() {
        let started = Instant::now();
        let (ended, _) = shell("exec sleep 60", Duration::from_millis(200));
        assert!(!ended.success && ended.how.contains("still running"), "{ended:?}");
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn what_is_left_behind_keeps_nobody_waiting() {
        let started = Instant::now();
        let (ended, _) = shell("sleep 20 & exit 0", Duration::from_secs(60));
        assert!(ended.success && started.elapsed() < Duration::from_secs(15), "{ended:?}");
    }
}
