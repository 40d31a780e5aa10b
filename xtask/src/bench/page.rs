//! The results as pictures: one HTML page that needs nothing else, and the SVG in the README.

use std::collections::BTreeMap;

use anyhow::Result;
use minijinja::{Environment, UndefinedBehavior, Value, value};
use serde::Serialize;

use super::results::{Case, Results, Whole, mean, worst};
use super::scale::{Scale, Tick};

/// The whole page, as its template reads it.
#[derive(Serialize)]
struct Page<'a> {
    facts: &'a BTreeMap<String, String>,
    sum: String,
    peers: String,
    chart: Chart,
    modules: Vec<Module<'a>>,
    whole: Vec<Row<'a>>,
}

/// The picture with one bar for each module.
#[derive(Serialize)]
struct Chart {
    ticks: Vec<Tick>,
    bars: Vec<Bar>,
    height: usize,
    about: [String; 2],
}

/// Everything about one module.
#[derive(Serialize)]
struct Module<'a> {
    name: &'a str,
    sum: String,
    plots: Vec<Plot<'a>>,
}

/// The cases of one group.
#[derive(Serialize)]
struct Plot<'a> {
    group: &'a str,
    ticks: Vec<Tick>,
    bars: Vec<Bar>,
    missing: Vec<&'a Case>,
    height: usize,
}

/// One case. Places across are percents of the plot's width, which depends on the screen; down they are pixels.
#[derive(Serialize)]
struct Bar {
    top: usize,
    label: String,
    ratio: String,
    detail: String,
    from: f64,
    width: f64,
    low: f64,
    high: f64,
    slower: bool,
    peers: Vec<Self>,
}

/// A line of the table on the interpreter.
#[derive(Serialize)]
struct Row<'a> {
    what: &'a str,
    c: String,
    rust: String,
    bar: &'a str,
    ok: bool,
}

/// The page with everything.
pub(super) fn report(results: &Results) -> Result<String> {
    rendered(REPORT, page(results))
}

/// The picture for the README.
pub(super) fn chart(results: &Results) -> Result<String> {
    rendered(CHART, chart_of(results))
}

fn rendered(template: &str, page: impl Serialize) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // What this name ends with has everything escaped that is filled in.
    Ok(environment.render_named_str("page.html", template, Value::from(value::Serde(page)))?)
}

fn page(results: &Results) -> Page<'_> {
    let mut names: Vec<&str> = Vec::new();
    for case in &results.cases {
        if !names.contains(&&*case.module) {
            names.push(&case.module);
        }
    }
    names.sort_unstable();
    Page {
        facts: &results.facts,
        sum: results.sum(),
        peers: peers(&results.peers),
        chart: chart_of(results),
        modules: names.into_iter().map(|name| module(name, results)).collect(),
        whole: results.whole.iter().map(row).collect(),
    }
}

/// The packages that were measured beside, and those that were not.
fn peers(peers: &BTreeMap<String, Option<String>>) -> String {
    let there =
        peers.iter().filter_map(|(name, version)| Some(format!("{name} {}", version.as_ref()?)));
    let mut texts: Vec<String> = there.collect();
    let lacking = peers.iter().filter(|(_, version)| version.is_none());
    let lacking: Vec<_> = lacking.map(|(name, _)| name.as_str()).collect();
    if !lacking.is_empty() {
        texts.push(format!(
            "left out, not installed or not to be had for this Python: {}",
            lacking.join(", ")
        ));
    }
    texts.join("; ")
}

fn chart_of(results: &Results) -> Chart {
    let mut modules: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in results.rated() {
        modules.entry(&case.module).or_default().push(case);
    }
    let scale = Scale::of(results.rated().map(|case| case.ratio));
    let mut bars = Vec::new();
    for (place, (name, cases)) in modules.into_iter().enumerate() {
        let least = worst(&cases).map_or(1.0, |case| case.ratio);
        let most = cases.iter().map(|case| case.ratio).fold(least, f64::max);
        let detail = format!("{least:.2} to {most:.1}, {} cases", cases.len());
        let top = HEAD + place * ROW;
        bars.push(bar(&scale, top, name.to_owned(), detail, mean(&cases), (least, most)));
    }
    let fact = |name: &str| results.facts.get(name).cloned().unwrap_or_default();
    Chart {
        ticks: scale.ticks(),
        height: HEAD + bars.len() * ROW,
        bars,
        about: [fact("Python"), format!("{}; {}", fact("processor"), fact("date"))],
    }
}

fn module<'a>(name: &'a str, results: &'a Results) -> Module<'a> {
    let mine: Vec<_> = results.cases.iter().filter(|case| case.module == name).collect();
    let rated: Vec<_> = results.rated().filter(|case| case.module == name).collect();
    let sum = match worst(&rated) {
        Some(case) => format!(
            "geometric mean {:.2}, worst {:.2} ({}) of {} cases",
            mean(&rated),
            case.ratio,
            case.whole_name(),
            rated.len()
        ),
        None => "the bars are on nanoseconds: see the details".to_owned(),
    };
    let mut groups: Vec<&str> = Vec::new();
    for case in &mine {
        if !groups.contains(&&*case.group) {
            groups.push(&case.group);
        }
    }
    let plots = groups.into_iter().map(|group| {
        let cases: Vec<_> = mine.iter().copied().filter(|case| case.group == group).collect();
        plot(group, &cases)
    });
    Module { name, sum, plots: plots.collect() }
}

fn plot<'a>(group: &'a str, cases: &[&'a Case]) -> Plot<'a> {
    let (there, missing): (Vec<_>, Vec<_>) =
        cases.iter().copied().partition(|case| case.missing.is_none());
    let ratios = there
        .iter()
        .flat_map(|case| [case.ratio].into_iter().chain(case.peers.iter().map(|peer| peer.ratio)));
    let scale = Scale::of(ratios);
    let mut top = HEAD;
    let mut bars = Vec::new();
    for case in there {
        let mut peers = Vec::new();
        for (place, peer) in case.peers.iter().enumerate() {
            let detail = format!("{} {}", peer.name, time(peer.ns));
            let top = top + ROW + place * PEER;
            let ends = (peer.ratio, peer.ratio);
            peers.push(bar(&scale, top, peer.name.clone(), detail, peer.ratio, ends));
        }
        let spread = case.ratio_spread / 2.0;
        let ends = (case.ratio - spread, case.ratio + spread);
        let taken = peers.len() * PEER;
        let case_bar = bar(&scale, top, case.name.clone(), detail(case), case.ratio, ends);
        bars.push(Bar { peers, ..case_bar });
        top += ROW + taken;
    }
    Plot { group, ticks: scale.ticks(), bars, missing, height: top }
}

/// A bar from 1, as fast as C, to the ratio; with a line between the two ends.
fn bar(
    scale: &Scale,
    top: usize,
    label: String,
    detail: String,
    ratio: f64,
    ends: (f64, f64),
) -> Bar {
    let (one, end) = (scale.place(1.0), scale.place(ratio));
    let (low, high) = (scale.place(ends.0), scale.place(ends.1));
    let text = if ratio < 10.0 { format!("{ratio:.2}×") } else { format!("{ratio:.1}×") };
    Bar {
        top,
        label,
        ratio: text,
        detail,
        from: one.min(end),
        width: (end - one).abs().max(0.2),
        low,
        high,
        slower: ratio < 1.0,
        peers: Vec::new(),
    }
}

/// Every number of a case.
fn detail(case: &Case) -> String {
    let spread = 100.0 * case.ratio_spread / case.ratio;
    let mut text = format!(
        "C {}, Rust {}, ±{spread:.1} %, bar {}",
        time(case.c_ns),
        time(case.rust_ns),
        case.bar
    );
    if let (Some(c), Some(rust)) = (case.c_peak, case.rust_peak) {
        text += &format!(", memory C {:.1} MB, Rust {:.1} MB", c / 1e6, rust / 1e6);
    }
    if !case.ok {
        text += ": missed";
    }
    text
}

fn row(whole: &Whole) -> Row<'_> {
    let amount = |number: f64| format!("{number:.2} {}", whole.unit);
    Row {
        what: &whole.what,
        c: whole.c.map_or("-".to_owned(), amount),
        rust: amount(whole.rust),
        bar: &whole.bar,
        ok: whole.ok,
    }
}

/// Nanoseconds in the unit that a person would take.
fn time(ns: f64) -> String {
    match ns {
        ..1e3 => format!("{ns:.1} ns"),
        1e3..1e6 => format!("{:.1} µs", ns / 1e3),
        1e6..1e9 => format!("{:.1} ms", ns / 1e6),
        _ => format!("{:.2} s", ns / 1e9),
    }
}

const REPORT: &str = include_str!("report.html");
const CHART: &str = include_str!("chart.svg");

/// Pixels: above the first row, for one case, for one peer below it.
const HEAD: usize = 22;
const ROW: usize = 38;
const PEER: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::results::tests::some;

    #[test]
    fn the_report_needs_no_network_and_has_a_text_in_every_plot() {
        let page = report(&some()).unwrap();
        for sign in ["http:", "https:", "src=", "href=\"/", "@import", "url("] {
            assert!(!page.contains(sign), "{sign}");
        }
        let plots: Vec<_> = page.split("<svg").skip(1).collect();
        assert_eq!(plots.len(), 1 + 6); // one of all, and one for each group of each module
        for plot in plots {
            let plot = plot.split("</svg>").next().unwrap();
            assert!(plot.contains("<text") && plot.contains("aria-label="), "{plot}");
        }
    }

    #[test]
    fn the_report_says_everything() {
        let page = report(&some()).unwrap();
        let needed = [
            "a &lt;processor&gt;",
            "pybase64 1.5",
            "left out, not installed or not to be had for this Python: orjson",
            "_json &lt;1 MiB&gt;",
            "C 16.0 ms, Rust 1.0 ms",
            "memory C 30.0 MB, Rust 29.0 MB",
            "start of the interpreter",
            "not there",
            "worst ratio 0.50",
            "prefers-color-scheme: dark",
            "width=device-width",
        ];
        for text in needed {
            assert!(page.contains(text), "{text}");
        }
    }

    #[test]
    fn the_chart_has_a_bar_for_each_module() {
        let chart = chart(&some()).unwrap();
        assert!(chart.starts_with("<svg xmlns="), "{chart}");
        for name in [">_json<", ">binascii<", ">programs<"] {
            assert!(chart.contains(name), "{chart}");
        }
        assert_eq!(chart.matches("class=\"bar").count(), 3);
    }

    #[test]
    fn times_have_units() {
        assert_eq!([5.0, 5e3, 5e6, 5e9].map(time), ["5.0 ns", "5.0 µs", "5.0 ms", "5.00 s"]);
    }
}
