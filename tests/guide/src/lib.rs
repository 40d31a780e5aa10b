//! The Rust code of the guide, as documentation tests: each block is compiled as a program of its own.
#![forbid(unsafe_code)]

/// Makes a module for each chapter.
macro_rules! chapters {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[doc = include_str!(concat!("../../../docs/guide/src/", $file))]
            pub mod $name {}
        )*
    };
}

chapters! {
    buffers: "buffers.md",
    classes: "classes.md",
    first_module: "first-module.md",
    own_module: "own-module.md",
    ownership: "ownership.md",
    testing: "testing.md",
    threads: "threads.md",
}
