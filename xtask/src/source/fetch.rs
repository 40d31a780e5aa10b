//! Files from the network, by the downloader that the machine has: it knows the machine's proxies and certificates.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::lock::Lock;
use crate::progress::Step;
use crate::{layout, logged, programs};

/// Apt's own downloader.
const APT_HELPER: &str = "/usr/lib/apt/apt-helper";

/// The text of a page. Gives up after a few seconds where there is no internet.
pub(super) fn text(url: &str, lock: &Lock) -> Result<String> {
    let page = layout::sources().join("page");
    _ = fs::remove_file(&page);
    let command = command(url, &page).context("there is neither curl nor wget nor apt")?;
    let log = layout::sources().join("page.log");
    logged::run(command, lock, &log, Step::counting(""), |_, _| {})
        .ok()
        .context("cannot be reached")?;
    let text = fs::read_to_string(&page).context("answers with something else than a page")?;
    fs::remove_file(page)?;
    Ok(text)
}

/// Downloads `url` to `file`, which appears only when it is complete; `size` is for the bar.
pub(super) fn download(url: &str, file: &Path, lock: &Lock, size: Option<u64>) -> Result<()> {
    let part = layout::beside(file, ".part");
    let command = command(url, &part).context("there is neither curl nor wget nor apt")?;
    run(command, file, lock, size)
}

/// The same by apt's downloader, which checks the file's SHA-256 too.
pub(super) fn download_by_apt(
    url: &str,
    file: &Path,
    lock: &Lock,
    size: u64,
    sha256: &str,
) -> Result<()> {
    let part = layout::beside(file, ".part");
    let mut command = apt_helper(url, &part).context("this machine does not use apt")?;
    command.arg(format!("SHA256:{sha256}"));
    run(command, file, lock, Some(size))
}

/// The SHA-256 of a file, as hexadecimal digits.
pub(super) fn sha256(file: &Path) -> Result<String> {
    let mut file = File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(crate::stamp::hex(&hash.finalize()))
}

/// A command that downloads `url` to `file`: it fails soon where there is no internet, but not on a slow line.
fn command(url: &str, file: &Path) -> Option<Command> {
    if let Some(curl) = programs::find("curl") {
        let mut command = Command::new(curl);
        command.args(["--fail", "--silent", "--show-error", "--location"]);
        command.args(["--connect-timeout", "4", "--speed-time", "30", "--speed-limit", "1"]);
        command.arg("--output").arg(file).arg(url);
        return Some(command);
    }
    if let Some(wget) = programs::find("wget") {
        let mut command = Command::new(wget);
        command.args([
            "--no-verbose",
            "--tries=1",
            "--connect-timeout=4",
            "--dns-timeout=4",
            "--read-timeout=30",
        ]);
        command.arg("--output-document").arg(file).arg(url);
        return Some(command);
    }
    apt_helper(url, file)
}

fn apt_helper(url: &str, file: &Path) -> Option<Command> {
    let mut command = Command::new(APT_HELPER);
    command.args(["-oAPT::Sandbox::User=root", "-oAcquire::Retries=1"]);
    command.arg("download-file").arg(url).arg(file);
    Path::new(APT_HELPER).exists().then_some(command)
}

/// Runs a command that writes `file` under its temporary name, and watches that grow.
fn run(command: Command, file: &Path, lock: &Lock, size: Option<u64>) -> Result<()> {
    let part = layout::beside(file, ".part");
    fs::create_dir_all(layout::downloads())?;
    _ = fs::remove_file(&part);
    let log = layout::sources().join("download.log");
    let name = file.file_name().map(OsStr::display).context("a download has a name")?;
    let finished = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut step = Step::bytes(format!("Downloading {name}"));
            if let Some(size) = size {
                step.expect(size);
            }
            while !finished.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(100));
                if let Ok(facts) = fs::metadata(&part) {
                    step.report(facts.len(), &format!("{} MB", facts.len() / 1_000_000));
                }
            }
            step
        });
        let result = logged::run(command, lock, &log, Step::counting(""), |_, _| {});
        finished.store(true, Ordering::Relaxed);
        if let (Ok(step), Ok(())) = (watcher.join(), &result) {
            step.done();
        }
        result
    });
    if result.is_err() {
        bail!("cannot be downloaded from there (see {})", layout::shown(&log));
    }
    Ok(fs::rename(part, file)?)
}
