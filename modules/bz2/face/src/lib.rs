//! The Python face of `_bz2`.
#![forbid(unsafe_code)]

mod compressor;
mod decompressor;
mod failure;

use cpython_api::{Module, ModuleState, PyResult, ThreadState, Traverse, module};

use compressor::Compressor;
use decompressor::Decompressor;

module! {
    // C has no docstring here: what people use is the module bz2 on top.
    name: "_bz2",
    state: State,
    replaces: "Modules/_bz2module.c",
    functions: [],
}

/// Nothing: the classes are found in the module.
#[derive(Traverse)]
pub struct State {}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        module.add_class::<Compressor>(ts)?;
        module.add_class::<Decompressor>(ts)?;
        Ok(Self {})
    }
}
