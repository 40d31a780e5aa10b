//! The module `attacks`: functions that do nothing, to time what a call costs.
use cpython_api::module;

use crate::conventions::{fast, keywords, noargs, one, token_and_object};

module! {
    /// Functions that do nothing.
    name: "attacks",
    functions: [noargs, one, fast, keywords, token_and_object],
}
