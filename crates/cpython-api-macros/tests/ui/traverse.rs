#![forbid(unsafe_code)]
#![allow(unused, reason = "only the errors count")]
use cpython_api::Traverse;

#[derive(Traverse)]
union Either {
    a: u8,
    b: i8,
}

#[derive(Traverse)]
struct Attribute {
    #[traverse(later)]
    a: u8,
}

fn main() {}
