//! The Python face of `_json`.
#![forbid(unsafe_code)]

mod decode;
mod encode;
mod state;

use cpython_api::module;
use decode::scanstring;
use encode::{encode_basestring, encode_basestring_ascii};
use state::State;

module! {
    /// The accelerator of the package `json`.
    name: "_json",
    state: State,
    replaces: "Modules/_json.c",
    functions: [encode_basestring_ascii, encode_basestring, scanstring],
}
