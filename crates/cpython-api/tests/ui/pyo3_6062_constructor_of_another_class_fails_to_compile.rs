#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
// PyO3 #6062: a constructor that gave an instance of another class was taken to have given one of its own.
use cpython_api::{Bound, PyResult, ThreadState, class, methods};

#[class("m.Other")]
struct Other(u8);

#[class("m.Gives")]
struct Gives(String);

#[methods]
impl Gives {
    #[new("Gives()")]
    fn new() -> Other {
        Other(1)
    }
}

#[class("m.GivesHandle")]
struct GivesHandle(String);

#[methods]
impl GivesHandle {
    #[new("GivesHandle(other)")]
    fn new<'py>(other: &Bound<'py, Other>) -> Bound<'py, Other> {
        other.clone()
    }
}

fn main() {}
