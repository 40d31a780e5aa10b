#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::Traverse;

struct Unknown;

#[derive(Traverse)]
struct Holds {
    unknown: Unknown,
}

fn main() {}
