//! Every tool of the project.
fn main() {}
