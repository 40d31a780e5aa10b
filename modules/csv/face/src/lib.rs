//! The Python face of `_csv`.
#![forbid(unsafe_code)]

mod dialect;
mod fields;
mod reader;
mod registry;
mod state;
mod writer;

use cpython_api::module;
use registry::{
    field_size_limit, get_dialect, list_dialects, register_dialect, unregister_dialect,
};
use state::State;

module! {
    /// Rows of fields from lines of text, and back again.
    name: "_csv",
    state: State,
    replaces: "Modules/_csv.c",
    functions: [
        reader::reader, writer::writer, register_dialect, list_dialects, unregister_dialect, get_dialect,
        field_size_limit,
    ],
}
