//! The system packages that CPython and its extension modules are built with.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::lock::Lock;
use crate::logged;
use crate::progress::Step;

/// Something that must be on the machine.
struct Need {
    /// How to see whether it is there, where there is no package database to ask.
    probe: Probe,
    /// The packages that bring it, for each of `MANAGERS`; several words are several packages, none is none needed.
    packages: [&'static str; 6],
}

enum Probe {
    Program(&'static str),
    Header(&'static str),
    Libclang,
}

/// Package managers: the program that is there when it is, and the command that installs.
const MANAGERS: [(&str, &str); 6] = [
    ("apt-get", "apt-get install -y"),
    ("dnf", "dnf install -y"),
    ("pacman", "pacman -S --needed"),
    ("zypper", "zypper install -y"),
    ("apk", "apk add"),
    ("brew", "brew install"),
];

const DEBIAN: usize = 0;

#[rustfmt::skip]
const NEEDS: [Need; 16] = {
    use Probe::{Header, Libclang, Program};
    const fn need(probe: Probe, packages: [&'static str; 6]) -> Need {
        Need { probe, packages }
    }
    [
        need(Program("cc"), ["build-essential", "gcc", "base-devel", "gcc", "build-base", ""]),
        need(Program("make"), ["", "make", "", "make", "", "make"]),
        need(Program("pkg-config"), ["pkg-config", "pkgconf", "pkgconf", "pkgconf", "pkgconf", "pkgconf"]),
        need(Header("openssl/ssl.h"), ["libssl-dev", "openssl-devel", "openssl", "libopenssl-devel", "openssl-dev", "openssl"]),
        need(Header("zlib.h"), ["zlib1g-dev", "zlib-devel", "zlib", "zlib-devel", "zlib-dev", ""]),
        need(Header("bzlib.h"), ["libbz2-dev", "bzip2-devel", "bzip2", "libbz2-devel", "bzip2-dev", ""]),
        need(Header("lzma.h"), ["liblzma-dev", "xz-devel", "xz", "xz-devel", "xz-dev", "xz"]),
        need(Header("zstd.h"), ["libzstd-dev", "libzstd-devel", "zstd", "libzstd-devel", "zstd-dev", "zstd"]),
        need(Header("ffi.h"), ["libffi-dev", "libffi-devel", "libffi", "libffi-devel", "libffi-dev", ""]),
        need(Header("sqlite3.h"), ["libsqlite3-dev", "sqlite-devel", "sqlite", "sqlite3-devel", "sqlite-dev", ""]),
        need(Header("readline/readline.h"), ["libreadline-dev", "readline-devel", "readline", "readline-devel", "readline-dev", ""]),
        need(Header("curses.h"), ["libncurses-dev", "ncurses-devel", "ncurses", "ncurses-devel", "ncurses-dev", ""]),
        need(Header("uuid/uuid.h"), ["uuid-dev", "libuuid-devel", "util-linux-libs", "libuuid-devel", "util-linux-dev", ""]),
        need(Header("gdbm.h"), ["libgdbm-dev", "gdbm-devel", "gdbm", "gdbm-devel", "gdbm-dev", "gdbm"]),
        need(Header("expat.h"), ["libexpat1-dev", "expat-devel", "expat", "libexpat-devel", "expat-dev", ""]),
        need(Libclang, ["libclang-dev", "clang-devel", "clang", "clang-devel", "clang-dev", "llvm"]),
    ]
};

/// Sees to it that what the build needs is installed, libclang only when `rust`.
///
/// Installs it on Debian and Ubuntu when that is allowed (as root, or with a `sudo` that asks for no password).
/// Otherwise fails with the one command to type.
pub fn ensure(rust: bool, lock: &Lock, logs: &Path) -> Result<()> {
    let manager = MANAGERS.iter().position(|(program, _)| crate::programs::find(program).is_some());
    let debian = manager == Some(DEBIAN) && crate::programs::find("dpkg-query").is_some();
    let lacking = lacking(rust, debian);
    if lacking.is_empty() {
        return Ok(());
    }
    let Some(manager) = manager else { bail!("{}", by_hand(&lacking)) };
    let mut packages: Vec<&str> =
        lacking.iter().flat_map(|need| need.packages[manager].split_whitespace()).collect();
    packages.dedup();
    let packages = packages.join(" ");
    let (program, install) = MANAGERS[manager];
    let root = is_root();
    if debian && (root || sudo_asks_nothing()) {
        return install_on_debian(&packages, root, lock, logs);
    }
    let sudo = if root || program == "brew" { "" } else { "sudo " };
    let update = if debian { format!("{sudo}apt-get update && ") } else { String::new() };
    bail!(
        "some system packages are lacking. Type this, then the same command again:\n\n    {update}{sudo}{install} {packages}\n"
    )
}

/// What is not there.
fn lacking(rust: bool, debian: bool) -> Vec<&'static Need> {
    let installed = if debian { installed_on_debian() } else { Vec::new() };
    let lacks = |need: &&Need| match need.probe {
        Probe::Libclang => rust && crate::libclang::find().is_none(),
        _ if debian => need.packages[DEBIAN]
            .split_whitespace()
            .any(|package| !installed.iter().any(|name| name == package)),
        Probe::Program(program) => crate::programs::find(program).is_none(),
        Probe::Header(header) => !compiles(header),
    };
    NEEDS.iter().filter(lacks).collect()
}

/// Those of our packages that dpkg says are installed.
fn installed_on_debian() -> Vec<String> {
    let mut command = Command::new("dpkg-query");
    command.args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"]);
    command.args(NEEDS.iter().flat_map(|need| need.packages[DEBIAN].split_whitespace()));
    let Ok(output) = command.output() else { return Vec::new() };
    parse_dpkg(&String::from_utf8_lossy(&output.stdout))
}

fn parse_dpkg(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.strip_suffix(" installed")).map(str::to_owned).collect()
}

fn install_on_debian(packages: &str, root: bool, lock: &Lock, logs: &Path) -> Result<()> {
    let apt = |arguments: &str, log: &str, title: &str| {
        let mut command = if root { Command::new("env") } else { Command::new("sudo") };
        if !root {
            command.args(["-n", "env"]);
        }
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(arguments.split_whitespace());
        logged::run(command, lock, &logs.join(log), Step::counting(title), |line, step| {
            step.advance(line)
        })
    };
    // A mirror of something else may fail without harm; the installation tells.
    _ = apt("update", "01-apt-update.log", "Reading the list of system packages");
    let title = format!("Installing {}", packages.replace(' ', ", "));
    apt(&format!("install -y --no-install-recommends {packages}"), "02-apt-install.log", &title)
}

fn by_hand(lacking: &[&Need]) -> String {
    let names: Vec<_> = lacking
        .iter()
        .map(|need| match need.probe {
            Probe::Program(name) | Probe::Header(name) => name,
            Probe::Libclang => "libclang (or set LIBCLANG_PATH to its folder)",
        })
        .collect();
    format!("install these first, with their headers: {}", names.join(", "))
}

/// Whether the C compiler finds the header.
fn compiles(header: &str) -> bool {
    let mut command = Command::new("cc");
    command.args(["-E", "-x", "c", "-include", "stdio.h", "-include", header, "/dev/null"]);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn sudo_asks_nothing() -> bool {
    let mut command = Command::new("sudo");
    command.args(["-n", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_count() {
        let output = "zlib1g-dev installed\nlibssl-dev config-files\nuuid-dev not-installed\n";
        assert_eq!(parse_dpkg(output), ["zlib1g-dev"]);
    }

    #[test]
    fn debian_gets_the_packages_that_were_tried() {
        let names: Vec<_> =
            NEEDS.iter().flat_map(|need| need.packages[DEBIAN].split_whitespace()).collect();
        let tried = "build-essential pkg-config libssl-dev zlib1g-dev libbz2-dev liblzma-dev libzstd-dev libffi-dev \
                     libsqlite3-dev libreadline-dev libncurses-dev uuid-dev libgdbm-dev libexpat1-dev libclang-dev";
        assert_eq!(names.join(" "), tried);
    }
}
