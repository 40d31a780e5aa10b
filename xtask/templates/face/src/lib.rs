//! The module `NAME`: arguments in, a call of the core, result or exception out.
#![forbid(unsafe_code)]

use cpython_api::{Buffer, function, module};

module! {
    /// In one line, what it does.
    name: "NAME",
REPLACES    functions: [longest_run],
}

/// Tell how long the longest run of equal bytes is.
#[function("longest_run(data, /)")]
fn longest_run(data: Buffer<'_>) -> usize {
    FOLDER_core::longest_run(&data)
}
