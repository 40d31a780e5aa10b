//! `cargo xtask bench`: the speed of the Rust modules beside that of their C twins, by `tests/speed`.

mod baseline;
mod compare;
mod page;
mod peers;
mod results;
mod scale;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use self::compare::Comparison;
use self::results::Results;
use crate::kind::Kind;
use crate::layout;

/// What `cargo xtask bench` is told.
#[derive(Args, Debug)]
#[command(after_help = GROUPS)]
pub struct Options {
    /// Modules, or groups of cases; everything without
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Every module in under two minutes: at three sizes, on files, in whole programs
    #[arg(long)]
    quick: bool,

    /// Compare with the JSON of an earlier run, and fail when a ratio fell by more than its noise
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Fail when a case misses its bar
    #[arg(long)]
    check: bool,

    /// Measure in an interpreter without the GIL
    #[arg(long)]
    free_threaded: bool,

    /// Measure in a C interpreter built with --enable-optimizations --with-lto, which takes long to build
    #[arg(long)]
    lto: bool,

    /// Draw docs/bench.svg anew, as a run of everything does
    #[arg(long)]
    readme: bool,

    /// Seconds for each case: 0.6, or 0.05 with --quick
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<f64>,
}

/// Measures, prints tables, writes the report; false when something fell below its baseline, or `--check` finds a
/// bar that was missed.
pub fn bench(options: &Options) -> Result<bool> {
    // Read before this run writes in its place.
    let before = options.baseline.as_deref().map(Results::read).transpose()?;
    let kind = Kind { free_threaded: options.free_threaded, ..Kind::GIL };
    let kind = if options.lto { Kind { optimized: true, ..kind.c_only() } } else { kind };
    let folder = layout::build().join("bench");
    fs::create_dir_all(&folder)?;

    let everything = options.names.is_empty() && !options.quick;
    let mut names: Vec<&str> = options.names.iter().map(String::as_str).collect();
    if options.quick && names.is_empty() {
        names = QUICK.to_vec();
    }
    let mut take = |group: &str| {
        let asked = everything || names.contains(&group);
        names.retain(|name| *name != group);
        asked
    };
    let (interpreter, builds, programs) = (take(INTERPRETER), take(BUILDS), take(PROGRAMS));
    let streams = take(STREAMS);

    let functions = everything || !names.is_empty();
    let seconds = options.seconds.unwrap_or(if options.quick { 0.05 } else { 0.6 });
    let comparison = Comparison::new(kind, &folder, options.quick, seconds)?;
    let mut results = Results { facts: comparison.facts()?, ..Results::default() };
    if functions {
        comparison.functions(&names, &mut results)?;
    }
    if programs {
        comparison.programs(&[], &mut results)?;
    }
    if streams {
        results.whole.extend(comparison.streams()?);
    }
    if interpreter {
        results.whole.extend(whole::start_and_size(&folder)?);
    }
    if builds {
        results.whole.extend(whole::builds()?);
    }
    write(&results, &folder, everything || options.readme)?;
    let fallen = match before {
        Some(before) => fallen(&comparison, &before, &results)?,
        None => 0,
    };
    println!("{}", results.sum());
    let missed =
        results.cases.iter().any(|case| !case.ok) || results.whole.iter().any(|row| !row.ok);
    Ok(fallen == 0 && !(options.check && missed))
}

/// Writes the JSON file and the pages.
fn write(results: &Results, folder: &Path, readme: bool) -> Result<()> {
    let json = folder.join("last.json");
    results.write(&json)?;
    let put = |file: &Path, text: String| {
        fs::write(file, text).with_context(|| format!("cannot write {}", layout::shown(file)))
    };
    let page = folder.join("report.html");
    put(&page, page::report(results)?)?;
    println!("numbers: {}, report: {}", layout::shown(&json), layout::shown(&page));
    if readme {
        let chart = layout::root().join("docs/bench.svg");
        put(&chart, page::chart(results)?)?;
        println!("drawn anew: {}", layout::shown(&chart));
    }
    Ok(())
}

/// How many cases fell by more than their noise: those that did so again when they were measured twice more.
fn fallen(comparison: &Comparison<'_>, before: &Results, now: &Results) -> Result<usize> {
    let (mut changes, both) = baseline::fell(before, &now.cases);
    ensure!(both > 0, "the baseline has none of these cases");
    for _ in 0..2 {
        if changes.is_empty() {
            break;
        }
        println!("{} seem to have fallen; measured again:", changes.len());
        let names: Vec<_> = changes.iter().map(|change| change.now.whole_name()).collect();
        let of_group = |programs: bool| {
            let is_one = |name: &&String| name.starts_with(PROGRAMS) == programs;
            names.iter().filter(is_one).map(String::as_str).collect::<Vec<_>>()
        };
        let mut again = Results::default();
        if !of_group(false).is_empty() {
            comparison.functions(&of_group(false), &mut again)?;
        }
        if !of_group(true).is_empty() {
            comparison.programs(&of_group(true), &mut again)?;
        }
        changes = baseline::fell(before, &again.cases).0;
    }
    for change in &changes {
        println!("{}  FELL", change.line());
    }
    println!("compared with the baseline: {both} cases, {} fell", changes.len());
    Ok(changes.len())
}

/// What `--quick` measures.
const QUICK: [&str; 4] = ["micro", "bulk", "files", PROGRAMS];

const INTERPRETER: &str = "interpreter";
const BUILDS: &str = "builds";
const PROGRAMS: &str = "programs";
const STREAMS: &str = "streams";

const GROUPS: &str = "\
Groups: micro (32 B, 1 KiB), bulk (1 MiB), files, programs; large, whole, small, bisect, bz2, csv, json-loads,
json-dumps, zoneinfo, zlib (the bars of the modules), calls (functions that do nothing); streams (their size,
memory, second thread); interpreter (start, imports, size), builds (how long they take). Numbers go to
build/bench/last.json, pictures to build/bench/report.html.";
