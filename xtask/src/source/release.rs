//! The newest release of the series on python.org.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{SERIES, fetch};
use crate::layout;
use crate::lock::Lock;

const SITE: &str = "https://www.python.org/ftp/python/";

/// Downloads the newest release; the path of the archive.
pub(super) fn fetch(lock: &Lock) -> Result<PathBuf> {
    let mut folders = numbers(&fetch::text(SITE, lock)?);
    folders.sort_unstable();
    // The folder of a version appears before its archive does, so an older one may have to do.
    for (major, minor, micro) in folders.into_iter().rev() {
        let folder = format!("{SITE}{major}.{minor}.{micro}/");
        if let Some(name) = newest_archive(&fetch::text(&folder, lock)?) {
            let archive = layout::downloads().join(&name);
            if !archive.exists() {
                fetch::download(&format!("{folder}{name}"), &archive, lock, None)?;
            }
            return Ok(archive);
        }
    }
    None.context("no release of the series there")
}

/// The versions of our series among the folders that the page links to.
fn numbers(page: &str) -> Vec<(u32, u32, u32)> {
    links(page)
        .filter_map(|link| {
            let parts: Vec<u32> = link
                .strip_suffix('/')?
                .split('.')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .ok()?;
            let &[major, minor, ref micro @ ..] = parts.as_slice() else { return None };
            let micro = match micro {
                [] => 0,
                [micro] => *micro,
                _ => return None,
            };
            ((major, minor) == SERIES).then_some((major, minor, micro))
        })
        .collect()
}

/// The newest `.tar.xz` that the page links to: a final release, else the last candidate, beta or alpha.
fn newest_archive(page: &str) -> Option<String> {
    let archives = links(page).filter_map(|link| {
        let version = link.strip_prefix("Python-")?.strip_suffix(".tar.xz")?;
        let digits = version.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(version.len());
        let (_, stage) = version.split_at(digits);
        let number_at = stage.find(|c: char| c.is_ascii_digit()).unwrap_or(stage.len());
        let (stage, number) = stage.split_at(number_at);
        let rank = ["a", "b", "rc", ""].iter().position(|known| *known == stage)?;
        Some(((rank, number.parse::<u32>().unwrap_or(0)), link))
    });
    archives.max().map(|(_, link)| link.to_owned())
}

fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_the_series_count() {
        let page = r#"<a href="../">../</a> <a href="3.14.9/">3.14.9/</a> <a href="3.15.0/">x</a>
            <a href="3.15.10/">x</a> <a href="3.15.2/">x</a> <a href="3.150.0/">x</a> <a href="doc/">doc</a>"#;
        assert_eq!(numbers(page), [(3, 15, 0), (3, 15, 10), (3, 15, 2)]);
    }

    #[test]
    fn a_final_release_beats_candidates_and_ten_beats_nine() {
        let page = |names: &[&str]| {
            names.iter().map(|name| format!("<a href=\"{name}\">{name}</a>\n")).collect::<String>()
        };
        let names = ["Python-3.15.0b4.tar.xz", "Python-3.15.0rc2.tar.xz", "Python-3.15.0rc1.tgz"];
        assert_eq!(newest_archive(&page(&names)).unwrap(), "Python-3.15.0rc2.tar.xz");
        let names = ["Python-3.15.0.tar.xz", "Python-3.15.0rc3.tar.xz", "Python-3.15.0.tar.xz.asc"];
        assert_eq!(newest_archive(&page(&names)).unwrap(), "Python-3.15.0.tar.xz");
        let names = ["Python-3.15.0a9.tar.xz", "Python-3.15.0a10.tar.xz"];
        assert_eq!(newest_archive(&page(&names)).unwrap(), "Python-3.15.0a10.tar.xz");
        assert_eq!(newest_archive(&page(&["Python-3.15.0.exe"])), None);
    }
}
