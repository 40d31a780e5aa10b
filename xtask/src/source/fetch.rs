//! Files and pages over HTTPS, and what was downloaded before.

use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::layout;
use crate::progress::Step;

/// The text of a page.
pub(super) fn text(url: &str) -> Result<String> {
    let mut answer = agent().get(url).call().context("cannot be reached")?;
    answer.body_mut().read_to_string().context("answers with something else than a page")
}

/// Downloads `url` to `file`, which appears only when it is complete.
pub(super) fn download(url: &str, file: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or_default().display();
    let mut step = Step::bytes(format!("Downloading {name}"));
    let answer = agent().get(url).call().with_context(|| format!("cannot download {url}"))?;
    let (_, body) = answer.into_parts();
    let size = body.content_length();
    if let Some(size) = size {
        step.expect(size);
    }
    fs::create_dir_all(file.parent().context("a file has a folder")?)?;
    let part = layout::beside(file, ".part");
    let mut out = File::create(&part)?;
    let mut reader = body.into_reader();
    let mut buffer = vec![0; 1 << 16];
    let mut done: u64 = 0;
    loop {
        let read =
            reader.read(&mut buffer).with_context(|| format!("the download of {url} broke off"))?;
        if read == 0 {
            break;
        }
        out.write_all(&buffer[..read])?;
        done += read as u64;
        step.report(done, "");
    }
    ensure!(size.is_none_or(|size| size == done), "the download of {url} broke off");
    fs::rename(&part, file)?;
    step.done();
    Ok(())
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

/// Gives up quickly where there is no internet, but never on a slow download that still moves.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(4)))
        .timeout_connect(Some(Duration::from_secs(4)))
        .timeout_recv_response(Some(Duration::from_secs(20)))
        .timeout_per_read(Some(Duration::from_secs(30)))
        .build()
        .into()
}
