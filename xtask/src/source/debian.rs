//! CPython's source from the Debian mirror that the machine is set up to use.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::fetch;
use crate::layout;
use crate::lock::Lock;

/// Plain CPython, as Debian received it (the packaging is in another file).
const FILE: &str = "pool/main/p/python3.15/python3.15_3.15.0~rc2.orig.tar.xz";
const SHA256: &str = "8d93af5eaaaea5adfd41bd786a7ba3f03f2ad1ab57c6a65e0b963deab91d5ad7";
const SIZE: u64 = 35_544_464;

/// Downloads the archive that is pinned above; its path.
pub(super) fn fetch(lock: &Lock) -> Result<PathBuf> {
    let archive = layout::downloads().join("Python-3.15.0rc2-debian.tar.xz");
    if archive.exists() && fetch::sha256(&archive)? == SHA256 {
        return Ok(archive);
    }
    let mirrors = mirrors(Path::new("/etc/apt"));
    ensure!(!mirrors.is_empty(), "this machine is not set up for one");
    for mirror in &mirrors {
        let url = format!("{}/{FILE}", mirror.trim_end_matches('/'));
        if fetch::download_by_apt(&url, &archive, lock, SIZE, SHA256).is_ok() {
            ensure!(
                fetch::sha256(&archive)? == SHA256,
                "its {FILE} is not the file that is expected"
            );
            return Ok(archive);
        }
    }
    bail!("no mirror of this machine has {FILE}")
}

/// The addresses of the archives in apt's configuration folder, each once, in order.
fn mirrors(folder: &Path) -> Vec<String> {
    let mut files = vec![folder.join("sources.list")];
    if let Ok(entries) = fs::read_dir(folder.join("sources.list.d")) {
        let mut more: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        more.sort();
        files.extend(more);
    }
    let mut mirrors = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let found = match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => from_lines(&text),
            Some("sources") => from_stanzas(&text),
            _ => continue, // apt ignores other names too
        };
        for mirror in found {
            if !mirrors.contains(&mirror) {
                mirrors.push(mirror);
            }
        }
    }
    mirrors
}

/// The addresses in the one-line format of sources.list(5): `deb [options] URI suite component...`.
fn from_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .filter_map(|line| {
            let (kind, rest) = line.split_once(char::is_whitespace)?;
            if !matches!(kind, "deb" | "deb-src") {
                return None;
            }
            let rest = rest.trim_start();
            let rest = match rest.strip_prefix('[') {
                Some(options) => options.split_once(']')?.1.trim_start(),
                None => rest,
            };
            Some(rest.split_whitespace().next()?.to_owned())
        })
        .filter(|uri| usable(uri))
        .collect()
}

/// The addresses in the deb822 format of sources.list(5): stanzas of `Field: value`.
fn from_stanzas(text: &str) -> Vec<String> {
    let mut uris = Vec::new();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    for stanza in lines.split(|line| line.trim().is_empty()) {
        let field = |name: &str| {
            let mut words = Vec::new();
            let mut inside = false;
            for line in stanza {
                if line.starts_with([' ', '\t']) {
                    if inside {
                        words.extend(line.split_whitespace());
                    }
                } else if let Some((key, value)) = line.split_once(':') {
                    inside = key.trim().eq_ignore_ascii_case(name);
                    if inside {
                        words.extend(value.split_whitespace());
                    }
                }
            }
            words
        };
        let off = ["no", "false", "without", "off", "disable", "0"];
        if field("Enabled").first().is_some_and(|value| off.contains(value)) {
            continue;
        }
        uris.extend(field("URIs").into_iter().filter(|uri| usable(uri)).map(str::to_owned));
    }
    uris
}

fn usable(uri: &str) -> bool {
    !uri.starts_with("cdrom:") && uri.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_format() {
        let text = "# comment\n\
            deb cdrom:[Debian 13]/ trixie main\n\
            deb http://one.example/debian bookworm main contrib # ours\n\
            deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://two.example/debian/ stable main\n\
            \tdeb-src  http://three.example/debian sid main\n\
            #deb http://off.example/debian sid main\n\
            rpm http://other.example/ x y\n";
        assert_eq!(
            from_lines(text),
            [
                "http://one.example/debian",
                "https://two.example/debian/",
                "http://three.example/debian"
            ]
        );
    }

    #[test]
    fn deb822_format() {
        let text = "Types: deb\n# URIs: http://comment.example/debian\nURIs: http://one.example/debian\n\
            Suites: bookworm\nComponents: main\n\n\
            Types: deb deb-src\nuris:\n http://two.example/debian\n http://three.example/debian\nSuites: sid\n\n\
            Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: sid\n";
        assert_eq!(
            from_stanzas(text),
            [
                "http://one.example/debian",
                "http://two.example/debian",
                "http://three.example/debian"
            ]
        );
    }
}
