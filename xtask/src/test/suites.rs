//! The table of suites.

use super::plan::{Part, Scope};
use super::{
    attacks, bootstrap, cargo, cpython, guide, lints, model, new_module, proof, scripts, twins,
    wheel, whole,
};
use crate::rooms::Room;

/// Tests that belong together.
#[derive(Debug)]
pub(super) struct Suite {
    /// What it is called.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Whether it takes long: run with `--full`, or when it is named.
    pub long: bool,
    /// Its parts; none when the scope has nothing for it.
    pub parts: fn(&Scope) -> Vec<Part>,
}

impl Suite {
    /// The whole name of one of its parts.
    pub(super) fn part_name(&self, part: &Part) -> String {
        if part.name.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}/{}", self.name, part.name)
        }
    }
}

/// All suites, what is fast and what finds mistakes early first.
pub(super) const SUITES: [Suite; 19] = [
    suite("tidy", "the rules of the house, over the text of the workspace", lints::tidy),
    suite("lints", "rustfmt, clippy, rustdoc", lints::lints),
    suite("tools", "the tools themselves", cargo::tools),
    suite("cores", "the algorithms, on a PATH without Python", cargo::cores),
    suite("macros", "what the macros accept, refuse and say", cargo::macros),
    suite("api", "the examples in the documentation of the API", cargo::api),
    suite("sys", "bindings and typed calls against C, for each kind of interpreter", cargo::sys),
    suite(
        "python",
        "CPython's own tests of the modules, for each kind of interpreter",
        cpython::python,
    ),
    suite("leaks", "the same, looking for lost references (-R 3:3)", cpython::leaks),
    suite(
        "interpreter",
        "the modules in real interpreters and sub-interpreters",
        scripts::interpreter,
    ),
    suite("twins", "the Rust modules against their C twins in one process", twins::twins),
    suite("attacks", "modules that attack the API from safe code", attacks::attacks),
    suite(
        "proof",
        "modules without memory, in many threads and interpreters, at the end",
        proof::short,
    ),
    suite(
        "model",
        "lock and queue in every order that threads can have, the API on a model of CPython",
        model::short,
    ),
    suite("new-module", "a new room builds and passes its tests at once", new_module::new_module),
    suite("guide", "the code, the commands and the links in the guide", guide::guide),
    long(
        "bootstrap",
        "what the guide tells a reader to type, from nothing, on a PATH without Python",
        bootstrap::bootstrap,
    ),
    long("wheel", "the wheel: built, installed into plain C, used, uninstalled", wheel::wheel),
    long("whole", "all of CPython's tests, compared with a build without Rust", whole::whole),
];

/// A text with all suites and their parts.
pub(super) fn list(rooms: &[Room]) -> String {
    list_of(&SUITES, rooms)
}

/// The same of other suites.
pub(super) fn list_of(suites: &[Suite], rooms: &[Room]) -> String {
    let scope = Scope { rooms: rooms.to_vec(), narrow: false };
    let mut text = String::new();
    for suite in suites {
        let parts: Vec<_> = (suite.parts)(&scope).into_iter().map(|part| part.name).collect();
        let parts = parts.join(" ");
        let long = if suite.long { " (only with --full, or named)" } else { "" };
        text.push_str(&format!("{:<12} {}{long}\n", suite.name, suite.about));
        if !parts.is_empty() {
            text.push_str(&format!("{:<12}   parts: {parts}\n", ""));
        }
    }
    let modules: Vec<_> = rooms.iter().map(|room| room.facts.name.as_str()).collect();
    text + &format!("\nor the name of a module: {}\n", modules.join(" "))
}

pub(super) const fn suite(
    name: &'static str,
    about: &'static str,
    parts: fn(&Scope) -> Vec<Part>,
) -> Suite {
    Suite { name, about, long: false, parts }
}

pub(super) const fn long(
    name: &'static str,
    about: &'static str,
    parts: fn(&Scope) -> Vec<Part>,
) -> Suite {
    Suite { name, about, long: true, parts }
}
