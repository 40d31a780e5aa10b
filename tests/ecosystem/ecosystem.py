"""Runs the tests of popular packages twice, with the modules in C and in Rust, and compares each test's outcome.

Run by the interpreter of a virtual environment in which the wheel is installed; `cargo xtask ecosystem` does that.
Standard output has a line for each package and ends with `N passed, N failed`, the packages counted; what is being
done meanwhile is told on stderr.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tomllib
import xml.etree.ElementTree
from dataclasses import dataclass

HERE = pathlib.Path(__file__).parent
MEMORY = pathlib.Path("/dev/shm")  # tests that wait for a disk after each small file take minutes instead of seconds


@dataclass(frozen=True)
class Package:
    """An entry of packages.toml."""

    name: str
    version: str
    leans_on: str
    tests: str
    needs: list[str]
    deselect: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="where sources are put, and what the tests say")
    parser.add_argument("names", nargs="*", help="packages; all without")
    options = parser.parse_args()
    facts = tomllib.loads((HERE / "packages.toml").read_text())
    packages = [Package(**one) for one in facts["package"]]
    if unknown := set(options.names) - {package.name for package in packages}:
        parser.error(f"no such package: {', '.join(sorted(unknown))}")
    pip("install", f"pytest=={facts['pytest']}")
    chosen = [package for package in packages if not options.names or package.name in options.names]
    failed = [package.name for package in chosen if not same(package, options.folder.resolve())]
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


def same(package: Package, folder: pathlib.Path) -> bool:
    """Whether every test of a package ends alike with C and with Rust; prints what each does."""
    try:
        progress(f"{package.name} {package.version}: installing it")
        source = unpacked(package, folder)
        pip("install", "--prefer-binary", f"{package.name}=={package.version}", *package.needs, PURE="1")
        c, rust = (outcomes(package, source, folder, value) for value in ("0", "1"))
    except Trouble as trouble:
        tell(f"{package.name} {package.version}: FAILED: {trouble}")
        return False
    differing = [name for name in sorted({*c, *rust}) if c.get(name) != rust.get(name)]
    passed = sum(outcome == "passed" for outcome in rust.values())
    both = sum(outcome == "failed" for name, outcome in c.items() if rust.get(name) == outcome)
    verdict = f"FAILED: {len(differing)} differ" if differing else "the same with Rust as with C"
    tell(f"{package.name} {package.version} ({package.leans_on}): {passed} pass, {both} fail with both; {verdict}")
    for name in differing[:20]:
        tell(f"    {name}: {c.get(name, 'not there')} with C, {rust.get(name, 'not there')} with Rust")
    return not differing and passed > 0


class Trouble(Exception):
    """What kept a package from being tested."""


def unpacked(package: Package, folder: pathlib.Path) -> pathlib.Path:
    """The folder with the package's source."""
    downloads = folder / "downloads"
    archives = lambda: [*downloads.glob(f"{package.name}-{package.version}.tar.gz")]
    if not archives():
        pip("download", "--no-deps", "--no-binary=:all:", f"--dest={downloads}", f"{package.name}=={package.version}")
    source = folder / f"{package.name}-{package.version}"
    with tarfile.open(archives()[0]) as archive:
        archive.extractall(folder, filter="data")
    return source


def outcomes(package: Package, source: pathlib.Path, folder: pathlib.Path, value: str) -> dict[str, str]:
    """The outcome of each test with this value of PYTHON_RUST_MODULES."""
    report = folder / f"{package.name}-{value}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", f"--junitxml={report}"]
    if package.deselect:
        command += ["-k", f"not ({' or '.join(package.deselect)})"]
    environment = os.environ | {"PYTHON_RUST_MODULES": value, "PYTHONHASHSEED": "0"}
    if MEMORY.is_dir():
        environment["TMPDIR"] = str(MEMORY)
    title = f"{package.name} {package.version}: its tests with {'Rust' if value == '1' else 'C'}"
    progress(title)
    log = folder / f"{package.name}-{value}.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            [*command, package.tests],
            cwd=source,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running,
    ):
        for line in running.stdout:
            file.write(line)
            if part := re.search(r"\[ *(\d+%)\]$", line.rstrip()):
                progress(title, part[1])
    if not report.exists() or running.returncode not in (0, 1):
        raise Trouble(f"pytest ended with {running.returncode}: {log.read_text()[-1500:]}")
    return {
        f"{case.get('classname')}::{case.get('name')}": outcome(case)
        for case in xml.etree.ElementTree.parse(report).iter("testcase")
    }


def outcome(case: xml.etree.ElementTree.Element) -> str:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def tell(text: str) -> None:
    """A line of the result."""
    if sys.stderr.isatty():
        print("\r\33[K", end="", file=sys.stderr, flush=True)
    print(text, flush=True)


def progress(title: str, part: str = "") -> None:
    """Says what is being done: in one line of a terminal, else once for each title."""
    if sys.stderr.isatty():
        print(f"\r\33[K{title} {part}", end="", file=sys.stderr, flush=True)
    elif not part:
        print(f"{title} ...", file=sys.stderr, flush=True)


def pip(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if done.returncode:
        raise Trouble(f"{' '.join(arguments)}: {done.stderr.strip()[-1500:]}")


if __name__ == "__main__":
    sys.exit(main())
